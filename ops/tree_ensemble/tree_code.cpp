// SPDX-License-Identifier: Apache-2.0
// Code for one ensemble: each tree nested ifs, each leaf an addition. Where only the label counts, trees stop being
// asked once the rest cannot change it; cheap trees therefore come first.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "compiler/base/text_writer.hpp"
#include "ops/tree_ensemble/leaf_codes.hpp"
#include "ops/tree_ensemble/tree_ensemble.hpp"

namespace whit {

namespace {

constexpr size_t most_splits = 20000, most_depth = 100, most_outputs = 64;

// One pass from the back: children stand behind their splits.
template <typename Value, typename Combine>
std::vector<Value> bottom_up(const TreeEnsemble &ensemble, Value leaf, Combine combine) {
  std::vector<Value> values(ensemble.splits.size());
  const auto value_of = [&](int32_t child) { return child < 0 ? leaf : values[static_cast<size_t>(child)]; };
  for (size_t index = values.size(); index-- > 0;) {
    const TreeSplit &split = ensemble.splits[index];
    values[index] = combine(split, value_of(split.left), value_of(split.right));
  }
  return values;
}

std::vector<size_t> depths(const TreeEnsemble &ensemble) {
  return bottom_up<size_t>(ensemble, 0, [](const TreeSplit &, size_t left, size_t right) { return 1 + std::max(left, right); });
}

// Splits that a sample passes, by the shares of training.
std::vector<double> expected_lengths(const TreeEnsemble &ensemble) {
  return bottom_up<double>(ensemble, 0.0, [](const TreeSplit &split, double left, double right) {
    const double share = split.left_share / 1000.0;
    return 1 + share * left + (1 - share) * right;
  });
}

// The lowest and highest sums that trees not asked yet can add, output by output.
using Ranges = std::vector<Interval>;

class CodeWriter {
 public:
  CodeWriter(const NodeView &node, bool votes_in_bytes)
      : ensemble_(tree_ensemble_of(node)), codes_(leaf_codes(ensemble_)), bytes_(votes_in_bytes),
        label_(ensemble_.result == "label"), order_(tree_order()) {
    choose_sums();
  }

  std::string definition() {
    out_.line("(const {} *x, {} *output) {{", c_type_of(ensemble_.type), output_type());
    write_keys();
    if (label_ && ensemble_.trees() == 1)
      write_split(ensemble_.roots[0], 1, [this](size_t leaf, int depth) { write_label_leaf(leaf, depth); });
    else
      write_trees();
    out_.line("}}");
    return out_.text();
  }

 private:
  // How sums lie in variables.
  enum class Sums {
    single,   // one variable an output: s0, s1...
    packed8,  // votes, four in a 32-bit variable
    packed16, // sums, two in a 32-bit variable
  };

  std::string output_type() const {
    if (ensemble_.result == "reals") return "float";
    return label_ && ensemble_.outputs() <= 256 ? "uint8_t" : "int32_t";
  }

  bool shared_outputs() const { return !ensemble_.single_values(); }

  Ranges range_of_trees(size_t from) const {
    Ranges total(ensemble_.outputs());
    for (size_t position = from; position < order_.size(); ++position) {
      const size_t tree = order_[position];
      for (size_t output = 0; output < total.size(); ++output) {
        if (!shared_outputs() && ensemble_.output_of(tree) != static_cast<int32_t>(output)) continue;
        const Interval range = leaf_range(ensemble_, ensemble_.roots[tree], output);
        total[output] = {total[output].low + range.low, total[output].high + range.high};
      }
    }
    return total;
  }

  // Cheap trees first; where a sum decides between two classes, those that say much for their price.
  std::vector<size_t> tree_order() const {
    std::vector<size_t> order(ensemble_.trees());
    std::iota(order.begin(), order.end(), size_t{0});
    const std::vector<double> lengths = expected_lengths(ensemble_);
    std::vector<double> price(order.size());
    for (size_t tree : order) {
      price[tree] = lengths[static_cast<size_t>(ensemble_.roots[tree])] + 1;
      if (ensemble_.outputs() != 1) continue;
      const Interval range = leaf_range(ensemble_, ensemble_.roots[tree], 0);
      price[tree] /= static_cast<double>(range.high - range.low) + 1e-9;
    }
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      if (!shared_outputs() && ensemble_.output_of(a) != ensemble_.output_of(b)) return ensemble_.output_of(a) < ensemble_.output_of(b);
      return price[a] < price[b];
    });
    return order;
  }

  bool uses_votes() const { return codes_.kind == LeafKind::vote; }

  // Whether the base says the same for every class, so that votes alone decide.
  bool level_base() const {
    return std::all_of(ensemble_.base.begin(), ensemble_.base.end(), [&](int32_t value) { return value == ensemble_.base[0]; });
  }

  int64_t largest_sum(bool with_base) const {
    int64_t largest = 0;
    const Ranges ranges = range_of_trees(0);
    for (size_t output = 0; output < ranges.size(); ++output) {
      const int64_t base = with_base ? std::abs(int64_t{ensemble_.base[output]}) : 0;
      largest = std::max({largest, base + std::abs(ranges[output].low), base + std::abs(ranges[output].high)});
    }
    return largest;
  }

  void choose_sums() {
    const bool level = label_ && level_base() && shared_outputs();
    const auto never_negative = std::all_of(ensemble_.leaves.begin(), ensemble_.leaves.end(), [](int32_t v) { return v >= 0; });
    with_base_ = !level;
    votes_ = level && uses_votes();
    const int64_t largest = votes_ ? static_cast<int64_t>(ensemble_.trees()) : largest_sum(with_base_);
    if (level && !bytes_ && never_negative && votes_ && largest <= 255)
      sums_ = Sums::packed8;
    else if (level && !bytes_ && never_negative && largest <= 65535)
      sums_ = Sums::packed16;
    // Twice the largest, for differences.
    if (level && never_negative && largest <= 255)
      sum_type_ = bytes_ ? "uint8_t" : "unsigned";
    else
      sum_type_ = largest <= 16000 ? "int" : "int32_t";
  }

  size_t fields_in_word() const { return sums_ == Sums::packed8 ? 4 : 2; }
  int field_bits() const { return sums_ == Sums::packed8 ? 8 : 16; }

  void write_keys() {
    if (ensemble_.type != ElementType::float32) return;
    std::vector<std::pair<int32_t, int32_t>> keys;
    for (const TreeSplit &split : ensemble_.splits) keys.emplace_back(split.feature, split.missing_left);
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const auto &[feature, missing] : keys)
      out_.line("  const int32_t x{0}_{1} = tree_key(x[{0}], {1});", feature, missing);
  }

  std::string condition(const TreeSplit &split) const {
    const std::string operand = ensemble_.type == ElementType::float32
                                    ? fmt::format("x{}_{}", split.feature, split.missing_left)
                                    : fmt::format("x[{}]", split.feature);
    const std::string limit = split.threshold == INT32_MIN ? "(-2147483647 - 1)" : std::to_string(split.threshold);
    const bool left_first = split.left_share >= 500;
    const std::string test = fmt::format("{} {} {}", operand, left_first ? "<=" : ">", limit);
    return split.left_share == 500 ? test : "WHIT_MOSTLY(" + test + ")";
  }

  template <typename WriteLeaf>
  void write_split(int32_t child, int depth, WriteLeaf write_leaf) {
    if (child < 0) return write_leaf(static_cast<size_t>(-(child + 1)), depth);
    const TreeSplit &split = ensemble_.splits[static_cast<size_t>(child)];
    const std::string indent(static_cast<size_t>(2 * std::min(depth, 20)), ' ');
    const bool left_first = split.left_share >= 500;
    out_.raw_line(indent + "if (" + condition(split) + ") {");
    write_split(left_first ? split.left : split.right, depth + 1, write_leaf);
    out_.raw_line(indent + "} else {");
    write_split(left_first ? split.right : split.left, depth + 1, write_leaf);
    out_.raw_line(indent + "}");
  }

  // The label of a single tree's leaf is known here.
  void write_label_leaf(size_t leaf, int depth) {
    std::vector<int64_t> sums(ensemble_.base.begin(), ensemble_.base.end());
    for (const LeafPair &pair : leaf_row(ensemble_, leaf))
      sums[static_cast<size_t>(shared_outputs() ? pair.output : ensemble_.output_of(0))] += pair.value;
    const auto best = sums.size() == 1 ? static_cast<int64_t>(sums[0] > 0) : std::max_element(sums.begin(), sums.end()) - sums.begin();
    out_.raw_line(std::string(static_cast<size_t>(2 * std::min(depth, 20)), ' ') + fmt::format("*output = {};", best));
  }

  void write_leaf(size_t leaf, int depth, size_t tree) {
    const std::string indent(static_cast<size_t>(2 * std::min(depth, 20)), ' ');
    std::vector<uint32_t> words((ensemble_.outputs() + 3) / 2);
    for (const LeafPair &pair : leaf_row(ensemble_, leaf)) {
      const auto output = static_cast<size_t>(shared_outputs() ? pair.output : ensemble_.output_of(tree));
      const int32_t value = votes_ ? 1 : pair.value;
      if (sums_ != Sums::single)
        words[output / fields_in_word()] += static_cast<uint32_t>(value) << (output % fields_in_word() * static_cast<size_t>(field_bits()));
      else
        out_.raw_line(indent + (value == 1 ? fmt::format("++s{};", output) : fmt::format("s{} += {};", output, value)));
    }
    for (size_t word = 0; word < words.size(); ++word)
      if (words[word] != 0) out_.raw_line(indent + fmt::format("s{} += {}u;", word, words[word]));
  }

  size_t variables() const {
    return sums_ == Sums::single ? ensemble_.outputs() : (ensemble_.outputs() + fields_in_word() - 1) / fields_in_word();
  }

  std::string sum_of(size_t output) const {
    if (sums_ == Sums::single) return fmt::format("s{}", output);
    const size_t shift = output % fields_in_word() * static_cast<size_t>(field_bits());
    const size_t word = output / fields_in_word();
    const char *mask = sums_ == Sums::packed8 ? "0xFF" : "0xFFFF";
    if (shift + static_cast<size_t>(field_bits()) == 32) return fmt::format("s{} >> {}", word, shift);
    return shift == 0 ? fmt::format("s{} & {}", word, mask) : fmt::format("s{} >> {} & {}", word, shift, mask);
  }

  void write_leader() {
    const std::string type = sums_ == Sums::single ? sum_type_ : "uint32_t";
    out_.line("    TreeLeader<{0}> leader = {{{1}, 0, 0}};", type, sum_of(0));
    for (size_t output = 1; output < ensemble_.outputs(); ++output)
      out_.line("    tree_next<{}>(leader, {}, {});", type, output, sum_of(output));
    out_.line("    *output = leader.label;");
  }

  // Ends the run once the trees behind `asked` cannot change the label.
  void write_check(size_t asked) {
    const Ranges rest = range_of_trees(asked);
    if (ensemble_.outputs() == 1) {
      out_.line("  if (s0 > {}) {{", -rest[0].low);
      out_.line("    *output = 1;");
      out_.line("    return;");
      out_.line("  }}");
      out_.line("  if (s0 <= {}) {{", -rest[0].high);
      out_.line("    *output = 0;");
      out_.line("    return;");
      out_.line("  }}");
      return;
    }
    int64_t gain = 0;
    if (votes_)
      gain = static_cast<int64_t>(ensemble_.trees() - asked);
    else
      for (const Interval &one : rest)
        for (const Interval &other : rest) gain = std::max(gain, one.high - other.low);
    out_.line("  {{");
    write_leader();
    out_.line("    if (leader.most - leader.second > {}) return;", gain);
    out_.line("  }}");
  }

  // Where a check is likely to end the run, and costs less than the trees it may save.
  std::vector<size_t> checks() const {
    std::vector<size_t> result;
    if (!label_ || (ensemble_.outputs() > 1 && !shared_outputs())) return result;
    const size_t trees = ensemble_.trees(), apart = ensemble_.outputs() == 1 ? 2 : 2 + ensemble_.outputs() / 4;
    const std::vector<double> fractions = ensemble_.outputs() == 1
        ? std::vector{0.51, 0.55, 0.6, 0.66, 0.73, 0.81, 0.9} : std::vector{0.56, 0.63, 0.71, 0.8, 0.9};
    for (double fraction : fractions) {
      const auto asked = static_cast<size_t>(std::ceil(fraction * static_cast<double>(trees)));
      if (asked + apart <= trees && (result.empty() || asked >= result.back() + apart)) result.push_back(asked);
    }
    return result;
  }

  void write_trees() {
    for (size_t variable = 0; variable < variables(); ++variable)
      out_.line("  {} s{} = {};", sums_ == Sums::single ? sum_type_ : "uint32_t", variable, with_base_ ? ensemble_.base[variable] : 0);
    const std::vector<size_t> stops = checks();
    for (size_t position = 0; position < order_.size(); ++position) {
      const size_t tree = order_[position];
      if (std::binary_search(stops.begin(), stops.end(), position)) write_check(position);
      write_split(ensemble_.roots[tree], 1, [&](size_t leaf, int depth) { write_leaf(leaf, depth, tree); });
    }
    if (label_)
      write_label();
    else
      for (size_t output = 0; output < ensemble_.outputs(); ++output)
        out_.line("  output[{}] = {};", output, ensemble_.result == "scores" ? sum_of(output)
            : fmt::format("static_cast<float>(s{}) * {}", output, literal(ensemble_.scale_of(output))));
  }

  void write_label() {
    if (ensemble_.outputs() == 1) return out_.line("  *output = s0 > 0;");
    out_.line("  {{");
    write_leader();
    out_.line("  }}");
  }

  TreeEnsemble ensemble_;
  LeafCodes codes_;
  bool bytes_;
  bool label_;
  std::vector<size_t> order_;
  Sums sums_ = Sums::single;
  std::string sum_type_ = "int32_t";
  bool with_base_ = true;
  bool votes_ = false;
  TextWriter out_;
};

KernelCall call(const NodeView &node, bool votes_in_bytes) {
  return {.arguments = {input_argument(0), output_argument()}, .definition = CodeWriter(node, votes_in_bytes).definition()};
}

}  // namespace

bool tree_code::fits(const NodeView &node) {
  const TreeEnsemble ensemble = tree_ensemble_of(node);
  if (ensemble.splits.size() > most_splits || ensemble.outputs() > most_outputs) return false;
  const std::vector<size_t> depth = depths(ensemble);
  return std::all_of(ensemble.roots.begin(), ensemble.roots.end(), [&](int32_t root) { return depth[static_cast<size_t>(root)] <= most_depth; });
}

KernelCall tree_code::call_words(const NodeView &node) { return call(node, false); }
KernelCall tree_code::call_bytes(const NodeView &node) { return call(node, true); }

Cost tree_code::cost(const NodeView &node) {
  const TreeEnsemble ensemble = tree_ensemble_of(node);
  constexpr double cycles_per_split = 6, cycles_per_tree = 8, bytes_per_split = 9;
  const double bytes_per_leaf = ensemble.single_values() ? 4 : 5;
  const std::vector<double> lengths = expected_lengths(ensemble);
  double passed = 0;
  for (int32_t root : ensemble.roots) passed += lengths[static_cast<size_t>(root)];
  const auto trees = static_cast<double>(ensemble.trees());
  return {.cycles = cycles_per_split * passed + cycles_per_tree * trees,
          .code_bytes = bytes_per_split * static_cast<double>(ensemble.splits.size()) +
                        bytes_per_leaf * (static_cast<double>(ensemble.splits.size()) + trees)};
}

}  // namespace whit
