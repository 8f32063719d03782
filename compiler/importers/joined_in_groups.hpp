// SPDX-License-Identifier: Apache-2.0
// Joins of more tensors than `concatenation` takes at once: groups are joined first, and groups of them.
#pragma once

#include <algorithm>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "ops/op_def.hpp"

namespace whit {

// The tensors, or no more than one concatenation takes that hold them in their order; `join` adds the concatenation of
// those it is given to the graph.
template <typename Join>
std::vector<TensorId> joined_in_groups(std::vector<TensorId> parts, Join join) {
  static const size_t most = find_operator("concatenation")->most_inputs;
  while (parts.size() > most) {
    std::vector<TensorId> groups;
    for (auto first = parts.begin(); first != parts.end();) {
      const auto last = first + std::min(static_cast<std::ptrdiff_t>(most), parts.end() - first);
      groups.push_back(last - first == 1 ? *first : join(std::vector<TensorId>{first, last}));
      first = last;
    }
    parts = std::move(groups);
  }
  return parts;
}

}  // namespace whit
