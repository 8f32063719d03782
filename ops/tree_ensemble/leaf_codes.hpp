// SPDX-License-Identifier: Apache-2.0
// What the leaves of an ensemble say, in the fewest words: votes, numbers on a grid, shared values, sparse rows.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/tree_ensemble/tree_ensemble.hpp"

namespace whit {

enum class LeafKind {
  vote,    // one output gets one vote; factor is what a vote is worth
  number,  // the code itself is added to the tree's output; offset and factor turn sums of codes into sums of leaves
  value,   // values[code] is added to the tree's output
  row,     // rows[code]: values for several outputs
};

struct LeafPair {
  int32_t output = 0, value = 0;
  auto operator<=>(const LeafPair &) const = default;
};
using LeafRow = std::vector<LeafPair>;  // those that are not 0

struct LeafCodes {
  LeafKind kind = LeafKind::value;
  std::vector<uint32_t> codes{};  // of each leaf of the ensemble
  int32_t factor = 1;
  int32_t offset = 0;               // number: leaf = offset + factor * code
  std::vector<int32_t> values{};    // value
  std::vector<LeafRow> rows{};      // row: sorted by their length

  uint32_t largest_code() const;
};

LeafCodes leaf_codes(const TreeEnsemble &ensemble);

// The row of one leaf: for single values, the output is 0.
LeafRow leaf_row(const TreeEnsemble &ensemble, size_t leaf);

}  // namespace whit
