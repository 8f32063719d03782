// SPDX-License-Identifier: Apache-2.0
#include "ops/tree_ensemble/leaf_codes.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>

namespace whit {

namespace {

constexpr uint32_t most_number = 65535;

uint32_t index_in(const std::vector<int32_t> &sorted, int32_t value) {
  return static_cast<uint32_t>(std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin());
}

LeafCodes single_value_codes(const TreeEnsemble &ensemble) {
  LeafCodes result;
  result.values = ensemble.leaves;
  std::sort(result.values.begin(), result.values.end());
  result.values.erase(std::unique(result.values.begin(), result.values.end()), result.values.end());
  int32_t step = 0;
  for (int32_t value : result.values) step = std::gcd(step, value - result.values[0]);
  step = std::max(step, 1);
  const auto most = static_cast<uint32_t>((result.values.back() - result.values[0]) / step);
  const int number_bits = std::bit_width(most);
  const int value_bits = std::bit_width(result.values.size() - 1);
  const size_t leaves = ensemble.leaf_count();
  const bool table_pays = leaves * static_cast<size_t>(number_bits) / 8 > leaves * static_cast<size_t>(value_bits) / 8 + 2 * result.values.size();
  if (most > most_number || table_pays) {
    for (int32_t leaf : ensemble.leaves) result.codes.push_back(index_in(result.values, leaf));
    return result;
  }
  result.kind = LeafKind::number;
  result.factor = step;
  result.offset = result.values[0];
  for (int32_t leaf : ensemble.leaves) result.codes.push_back(static_cast<uint32_t>((leaf - result.offset) / step));
  return result;
}

bool are_votes(const TreeEnsemble &ensemble) {
  const LeafRow first = leaf_row(ensemble, 0);
  for (size_t leaf = 0; leaf < ensemble.leaf_count(); ++leaf) {
    const LeafRow row = leaf_row(ensemble, leaf);
    if (row.size() != 1 || row[0].value <= 0 || row[0].value != first[0].value) return false;
  }
  return true;
}

LeafCodes vote_codes(const TreeEnsemble &ensemble) {
  LeafCodes result{.kind = LeafKind::vote, .factor = leaf_row(ensemble, 0)[0].value};
  for (size_t leaf = 0; leaf < ensemble.leaf_count(); ++leaf)
    result.codes.push_back(static_cast<uint32_t>(leaf_row(ensemble, leaf)[0].output));
  return result;
}

LeafCodes row_codes(const TreeEnsemble &ensemble) {
  LeafCodes result{.kind = LeafKind::row};
  const auto shorter = [](const LeafRow &a, const LeafRow &b) { return a.size() != b.size() ? a.size() < b.size() : a < b; };
  std::map<LeafRow, uint32_t, decltype(shorter)> known(shorter);
  for (size_t leaf = 0; leaf < ensemble.leaf_count(); ++leaf) known[leaf_row(ensemble, leaf)] = 0;
  for (auto &[row, code] : known) {
    code = static_cast<uint32_t>(result.rows.size());
    result.rows.push_back(row);
  }
  for (size_t leaf = 0; leaf < ensemble.leaf_count(); ++leaf) result.codes.push_back(known[leaf_row(ensemble, leaf)]);
  return result;
}

}  // namespace

uint32_t LeafCodes::largest_code() const { return codes.empty() ? 0 : *std::max_element(codes.begin(), codes.end()); }

LeafRow leaf_row(const TreeEnsemble &ensemble, size_t leaf) {
  LeafRow row;
  for (size_t output = 0; output < ensemble.width; ++output)
    if (const int32_t value = ensemble.leaves[leaf * ensemble.width + output]; value != 0)
      row.push_back({static_cast<int32_t>(output), value});
  return row;
}

LeafCodes leaf_codes(const TreeEnsemble &ensemble) {
  if (ensemble.single_values()) return single_value_codes(ensemble);
  return are_votes(ensemble) ? vote_codes(ensemble) : row_codes(ensemble);
}

}  // namespace whit
