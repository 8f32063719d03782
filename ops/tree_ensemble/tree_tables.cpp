// SPDX-License-Identifier: Apache-2.0
// The packed tables of tree_ensemble.kernel.hpp: level order, numbered tests, leaf codes.
#define WHIT_HOST
#include "ops/tree_ensemble/tree_ensemble.kernel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "ops/tree_ensemble/leaf_codes.hpp"
#include "ops/tree_ensemble/tree_ensemble.hpp"

namespace whit {

namespace {

constexpr size_t most_tests = 65535;

// A test that splits share.
struct Test {
  int32_t pass = 0, feature = 0, threshold = 0;
  auto operator<=>(const Test &) const = default;
};

Test test_of(const TreeEnsemble &ensemble, const TreeSplit &split) {
  return {ensemble.type == ElementType::float32 ? split.missing_left : 0, split.feature, split.threshold};
}

std::vector<Test> distinct_tests(const TreeEnsemble &ensemble) {
  std::vector<Test> tests;
  for (const TreeSplit &split : ensemble.splits) tests.push_back(test_of(ensemble, split));
  std::sort(tests.begin(), tests.end());
  tests.erase(std::unique(tests.begin(), tests.end()), tests.end());
  return tests;
}

// Trees in the order of their outputs, so that a count for each output says which trees are its own.
std::vector<size_t> trees_by_output(const TreeEnsemble &ensemble) {
  std::vector<size_t> trees(ensemble.trees());
  std::iota(trees.begin(), trees.end(), size_t{0});
  std::stable_sort(trees.begin(), trees.end(),
                   [&](size_t a, size_t b) { return ensemble.output_of(a) < ensemble.output_of(b); });
  return trees;
}

// Splits of all trees, level by level; `children` are in that order too: splits and leaves as they come.
struct LevelOrder {
  std::vector<size_t> splits{};
  std::vector<int32_t> children{};
};

LevelOrder level_order(const TreeEnsemble &ensemble) {
  LevelOrder order;
  for (size_t tree : trees_by_output(ensemble)) order.splits.push_back(static_cast<size_t>(ensemble.roots[tree]));
  for (size_t index = 0; index < order.splits.size(); ++index) {
    const TreeSplit &split = ensemble.splits[order.splits[index]];
    for (int32_t child : {split.left, split.right}) {
      order.children.push_back(child);
      if (child >= 0) order.splits.push_back(static_cast<size_t>(child));
    }
  }
  return order;
}

void append(Bytes &bytes, uint32_t value, int count) {
  for (int byte = 0; byte < count; ++byte) bytes.push_back(static_cast<uint8_t>(value >> 8 * byte));
}

// Groups of eight fields, in planes: see packed_field.
Bytes packed_fields(const std::vector<uint32_t> &fields, int bits) {
  Bytes bytes(fields.size() / 8 * static_cast<size_t>(bits) + (fields.size() % 8 != 0 ? static_cast<size_t>(bits) : 0));
  for (size_t index = 0; index < fields.size(); ++index) {
    const size_t slot = index % 8;
    uint8_t *plane = bytes.data() + index / 8 * static_cast<size_t>(bits);
    int rest = bits;
    for (int width : {16, 8, 4, 2, 1}) {
      if ((bits & width) == 0) continue;
      rest -= width;
      const uint32_t part = fields[index] >> rest & ((uint32_t{1} << width) - 1);
      const size_t at = slot * static_cast<size_t>(width);
      for (int byte = 0; byte < (width + 7) / 8; ++byte)
        plane[at / 8 + static_cast<size_t>(byte)] |= static_cast<uint8_t>(part >> 8 * byte << at % 8);
      plane += width;
    }
  }
  return bytes;
}

// Blocks of 2^block_log splits: the number of splits before the children of the block's first, then two bits a split.
Bytes structure_bytes(const LevelOrder &order, size_t trees, int block_log, int rank_bytes) {
  Bytes bytes;
  auto rank = static_cast<uint32_t>(trees);
  const size_t block = size_t{2} << block_log;
  for (size_t begin = 0; begin < order.children.size(); begin += block) {
    append(bytes, rank, rank_bytes);
    for (size_t byte = begin; byte < begin + block; byte += 8) {
      uint8_t bits = 0;
      for (size_t bit = 0; bit < 8 && byte + bit < order.children.size(); ++bit)
        if (order.children[byte + bit] >= 0) bits = static_cast<uint8_t>(bits | 1U << bit);
      rank += static_cast<uint32_t>(std::popcount(bits));
      bytes.push_back(bits);
    }
  }
  return bytes;
}

// Blocks are worth their count only in large ensembles.
int best_block_log(const LevelOrder &order, int rank_bytes) {
  int best = 3;
  const auto size = [&](int log) { return structure_bytes(order, 0, log, rank_bytes).size(); };
  for (int log : {4, 5, 6})
    if (size(log) < size(best)) best = log;
  return best;
}

int bytes_for(const std::vector<int32_t> &values) {
  int bytes = 1;
  for (int32_t value : values) {
    if (value < INT8_MIN || value > INT8_MAX) bytes = std::max(bytes, 2);
    if (value < INT16_MIN || value > INT16_MAX) bytes = 4;
  }
  return bytes;
}

int32_t element_code(ElementType type) {
  switch (type) {
    case ElementType::int8: return tree_element_int8;
    case ElementType::uint8: return tree_element_uint8;
    case ElementType::int16: return tree_element_int16;
    default: return tree_element_float;
  }
}

struct ElementWords {
  std::string_view element, threshold;
  ElementType threshold_type;
};

ElementWords words_of(ElementType type) {
  switch (type) {
    case ElementType::int8: return {"int8_t", "int8_t", type};
    case ElementType::uint8: return {"uint8_t", "uint8_t", type};
    case ElementType::int16: return {"int16_t", "int16_t", type};
    default: return {"float", "int32_t", ElementType::int32};
  }
}

class Packer {
 public:
  explicit Packer(const NodeView &node)
      : ensemble_(tree_ensemble_of(node)), tests_(distinct_tests(ensemble_)), order_(level_order(ensemble_)),
        leaves_(leaf_codes(ensemble_)) {
    form_.element = element_code(ensemble_.type);
    form_.features = static_cast<int32_t>(ensemble_.features);
    form_.passes = tests_.back().pass + 1;
    form_.trees = static_cast<int32_t>(ensemble_.trees());
    form_.outputs = static_cast<int32_t>(ensemble_.outputs());
    form_.rank_bytes = ensemble_.splits.size() + ensemble_.trees() > 65535 ? 4 : 2;
    form_.block_log = best_block_log(order_, form_.rank_bytes);
    form_.test_bits = std::max(1, static_cast<int32_t>(std::bit_width(tests_.size() - 1)));
    form_.leaf_kind = static_cast<int32_t>(leaves_.kind);
    form_.leaf_bits = std::max(1, static_cast<int32_t>(std::bit_width(leaves_.largest_code())));
    form_.result = ensemble_.result == "label" ? tree_result_label : ensemble_.result == "scores" ? tree_result_scores : tree_result_reals;
    form_.label_bytes = form_.outputs <= 256 ? 1 : 4;
    form_.plain = plain() ? 1 : 0;
    form_.each_scale = ensemble_.scales.empty() ? 0 : 1;
  }

  KernelCall call() {
    KernelCall result;
    const std::vector<uint32_t> counts = test_counts();
    form_.count_bytes = *std::max_element(counts.begin(), counts.end()) > 255 ? 2 : 1;
    Bytes count_bytes, rows, pairs;
    for (uint32_t count : counts) append(count_bytes, count, form_.count_bytes);
    const Bytes values = leaf_values(rows, pairs);
    const ElementWords words = words_of(ensemble_.type);
    result.constants = {{"counts", ElementType::uint8, count_bytes},
                        {"thresholds", words.threshold_type, threshold_bytes()},
                        {"structure", ElementType::uint8, structure_bytes(order_, ensemble_.trees(), form_.block_log, form_.rank_bytes)},
                        {"tests", ElementType::uint8, packed_fields(test_numbers(), form_.test_bits)},
                        {"leaves", ElementType::uint8, packed_fields(ordered_codes(), form_.leaf_bits)},
                        {"rows", ElementType::uint8, rows},
                        {"pairs", ElementType::uint8, pairs},
                        {"values", ElementType::uint8, values},
                        {"shares", ElementType::uint8, shares()},
                        {"base", ElementType::int32, bytes_of(base())},
                        {"scale", ElementType::float32, bytes_of(ensemble_.scales.empty() ? std::vector<float>{ensemble_.scale_of(0)} : ensemble_.scales)}};
    result.parameters = parameters_from(form_);
    result.function = function(words);
    result.arguments = {parameters_argument(), input_argument(0)};
    for (size_t index = 0; index < result.constants.size(); ++index) {
      if (result.constants[index].bytes.empty()) result.constants[index].bytes.push_back(0);  // C++ has no empty arrays
      result.arguments.push_back(constant_argument(index));
    }
    result.arguments.push_back(output_argument());
    result.arguments.push_back(scratch_argument());
    return result;
  }

  int64_t scratch() const { return form_.outputs * 4 + static_cast<int64_t>(tests_.size()) / 8 + 1; }

 private:
  std::vector<uint32_t> test_counts() const {
    std::vector<uint32_t> counts(static_cast<size_t>(form_.passes * form_.features));
    for (const Test &test : tests_) ++counts[static_cast<size_t>(test.pass * form_.features + test.feature)];
    return counts;
  }

  Bytes threshold_bytes() const {
    Bytes bytes;
    const int width = bits_of(words_of(ensemble_.type).threshold_type) / 8;
    for (const Test &test : tests_) append(bytes, static_cast<uint32_t>(test.threshold), width);
    return bytes;
  }

  std::vector<uint32_t> test_numbers() const {
    std::vector<uint32_t> numbers;
    for (size_t split : order_.splits)
      numbers.push_back(static_cast<uint32_t>(
          std::lower_bound(tests_.begin(), tests_.end(), test_of(ensemble_, ensemble_.splits[split])) - tests_.begin()));
    return numbers;
  }

  std::vector<uint32_t> ordered_codes() const {
    std::vector<uint32_t> codes;
    for (int32_t child : order_.children)
      if (child < 0) codes.push_back(leaves_.codes[static_cast<size_t>(-(child + 1))]);
    return codes;
  }

  // Whether a pair of output and number fits a byte.
  bool pairs_fit_bytes() const {
    return leaves_.kind == LeafKind::row && form_.outputs <= 16 &&
           std::all_of(leaves_.rows.begin(), leaves_.rows.end(), [](const LeafRow &row) {
             return std::all_of(row.begin(), row.end(), [](const LeafPair &pair) { return pair.value >= 1 && pair.value <= 16; });
           });
  }

  // The numbers of the codes; for rows also how many there are of each length, and the outputs of their pairs.
  Bytes leaf_values(Bytes &rows, Bytes &pairs) {
    std::vector<int32_t> values = leaves_.kind == LeafKind::value ? leaves_.values : std::vector<int32_t>{};
    std::vector<uint32_t> lengths;
    const bool packed = pairs_fit_bytes();
    for (const LeafRow &row : leaves_.rows) {
      lengths.resize(std::max(lengths.size(), row.size() + 1));
      ++lengths[row.size()];
      for (const LeafPair &pair : row) {
        append(pairs, static_cast<uint32_t>(packed ? pair.output | (pair.value - 1) << 4 : pair.output), form_.outputs > 256 ? 2 : 1);
        if (!packed) values.push_back(pair.value);
      }
    }
    for (uint32_t count : lengths) append(rows, count, 2);
    form_.value_bytes = packed ? 0 : bytes_for(values);
    Bytes bytes;
    for (int32_t value : values) append(bytes, static_cast<uint32_t>(value), form_.value_bytes);
    return bytes;
  }

  std::vector<uint32_t> trees_of_outputs() const {
    std::vector<uint32_t> counts(ensemble_.outputs());
    for (size_t tree = 0; tree < ensemble_.trees(); ++tree) ++counts[static_cast<size_t>(ensemble_.output_of(tree))];
    return counts;
  }

  Bytes shares() const {
    Bytes bytes;
    for (uint32_t count : trees_of_outputs()) append(bytes, count, 2);
    return bytes;
  }

  // With the offset of every number that is added to an output.
  std::vector<int32_t> base() const {
    std::vector<int32_t> values{leaves_.factor};
    const std::vector<uint32_t> trees = trees_of_outputs();
    for (size_t output = 0; output < ensemble_.outputs(); ++output)
      values.push_back(ensemble_.base[output] + static_cast<int32_t>(trees[output]) * leaves_.offset);
    return values;
  }

  // Whether only the largest sum counts, and neither factor nor base can change which it is.
  bool plain() const {
    const std::vector<int32_t> values = base();
    const bool level = std::all_of(values.begin() + 1, values.end(), [&](int32_t value) { return value == values[1]; });
    return form_.result == tree_result_label && leaves_.factor > 0 && level && (form_.outputs > 1 || values[1] == 0);
  }

  // Of any sum on its way, with what base and factor make of it.
  int64_t largest_sum() const {
    int64_t leaf = 0, begin = 0;
    for (int32_t value : ensemble_.leaves) leaf = std::max(leaf, std::abs(int64_t{value} - leaves_.offset));
    for (int32_t value : base()) begin = std::max(begin, std::abs(int64_t{value}));
    return leaf * form_.trees + begin;
  }

  static bool fits_int16(int64_t value) { return value <= INT16_MAX; }

  std::string function(const ElementWords &words) const {
    const auto &f = form_;
    // Leaves count twice as far as splits; the last of them must have a number.
    const std::string_view index = f.rank_bytes == 4 || f.test_bits > 16 || f.leaf_bits > 16 ? "uint32_t" : "uint_fast16_t";
    const std::string_view sum = fits_int16(largest_sum()) ? "int16_t" : "int32_t";
    return fmt::format("tree_ensemble<{}, {}, TreeForm<{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}>, {}, {}>",
                       index, sum, f.features, f.passes, f.count_bytes, f.trees, f.outputs, f.block_log, f.rank_bytes, f.test_bits,
                       f.leaf_kind, f.leaf_bits, f.value_bytes, f.result, f.label_bytes, f.plain, f.each_scale, words.element, words.threshold);
  }

  TreeEnsemble ensemble_;
  std::vector<Test> tests_;
  LevelOrder order_;
  LeafCodes leaves_;
  TreeEnsembleParameters form_{};
};

template <typename Element, typename Threshold>
void run(std::span<void *const> arguments) {
  const auto &form = *static_cast<const TreeEnsembleParameters *>(arguments[0]);
  const auto bytes = [&](size_t index) { return static_cast<const uint8_t *>(arguments[index]); };
  const TreeTables tables = {bytes(2), bytes(4), bytes(5), bytes(6), bytes(7), bytes(8), bytes(9), bytes(10),
                             static_cast<const int32_t *>(arguments[11]), static_cast<const float *>(arguments[12])};
  tree_ensemble_by<uint32_t, int32_t>(form, tables, static_cast<const Threshold *>(arguments[3]),
                             static_cast<const Element *>(arguments[1]), arguments[13], arguments[14]);
}

}  // namespace

bool tree_tables::fits(const NodeView &node) {
  const TreeEnsemble ensemble = tree_ensemble_of(node);
  if (ensemble.trees() > most_tests || distinct_tests(ensemble).size() > most_tests) return false;
  if (ensemble.single_values()) return true;
  return leaf_codes(ensemble).rows.size() <= most_tests;
}

KernelCall tree_tables::call(const NodeView &node) { return Packer(node).call(); }

int64_t tree_tables::scratch(const NodeView &node) { return Packer(node).scratch(); }

Cost tree_tables::cost(const NodeView &node) {
  const KernelCall call = Packer(node).call();
  const TreeEnsemble ensemble = tree_ensemble_of(node);
  constexpr double cycles_per_split = 90, cycles_per_test = 9, code_bytes = 480;
  const double depth = std::log2(static_cast<double>(ensemble.splits.size()) / static_cast<double>(ensemble.trees()) + 1);
  Cost cost{.cycles = cycles_per_split * depth * static_cast<double>(ensemble.trees()) +
                      cycles_per_test * static_cast<double>(distinct_tests(ensemble).size()),
            .code_bytes = code_bytes};
  for (const KernelConstant &constant : call.constants) cost.constant_bytes += static_cast<double>(constant.bytes.size());
  return cost;
}

void tree_tables::host(std::span<void *const> arguments) {
  switch (static_cast<const TreeEnsembleParameters *>(arguments[0])->element) {
    case tree_element_int8: return run<int8_t, int8_t>(arguments);
    case tree_element_uint8: return run<uint8_t, uint8_t>(arguments);
    case tree_element_int16: return run<int16_t, int16_t>(arguments);
    default: return run<float, int32_t>(arguments);
  }
}

}  // namespace whit
