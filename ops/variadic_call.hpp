// SPDX-License-Identifier: Apache-2.0
// Kernels that take any number of inputs after their other arguments: their host calls, what their operators check.
#pragma once

#include <array>
#include <span>
#include <utility>

#include "ops/op_def.hpp"

namespace whit {

// UserError where one of the inputs is left out: each of many is as needed as the next.
inline void check_all_present(const NodeView &node) {
  for (size_t index = 0; index < node.input_count(); ++index)
    if (!node.has_input(index))
      throw UserError({node.place(), fmt::format("input {} of {} is absent", index, node.input_count()), "inputs that are all there",
                       "the model file may be damaged"});
}

// `Run::run(arguments, sequence)` calls the kernel with as many inputs as the sequence has numbers; one to `most`, after
// `before` other arguments.
template <typename Run, size_t before, size_t most>
void variadic_call(std::span<void *const> arguments) {
  static constexpr auto by_count = []<size_t... index>(std::index_sequence<index...>) {
    return std::array{+[](std::span<void *const> all) { Run::run(all, std::make_index_sequence<index + 1>{}); }...};
  }(std::make_index_sequence<most>{});
  by_count.at(arguments.size() - before - 1)(arguments);
}

}  // namespace whit
