// SPDX-License-Identifier: Apache-2.0
// The tree_ensemble operator: the rules of its constants, kernels, random instances.
#include "ops/tree_ensemble/tree_ensemble.hpp"

#include <algorithm>
#include <tuple>

#include "ops/random_graph.hpp"

namespace whit {

namespace {

constexpr int64_t split_columns = 6;
constexpr int64_t most_sum = 1 << 30;  // of the magnitudes that an output can be the sum of
constexpr size_t most_outputs = 32767, most_features = 32767;

[[noreturn]] void refuse(const NodeView &node, std::string found, std::string supported) {
  throw UserError({node.place(), std::move(found), std::move(supported), "the model file may be damaged"});
}

std::vector<int32_t> constant_values(const NodeView &node, size_t input, const char *what) {
  const Tensor &tensor = node.input(input);
  if (!tensor.is_constant() || tensor.type != ElementType::int32)
    refuse(node, fmt::format("{} that are no int32 constant", what), "int32 constants");
  return values_of<int32_t>(*tensor.constant);
}

TreeEnsemble decoded(const NodeView &node) {
  TreeEnsemble result{.features = node.input(0).elements(), .type = node.input(0).type};
  const std::vector<int32_t> table = constant_values(node, 1, "splits");
  for (size_t row = 0; row + split_columns <= table.size(); row += split_columns)
    result.splits.push_back({table[row], table[row + 1], table[row + 2], table[row + 3], table[row + 4], table[row + 5]});
  result.roots = constant_values(node, 2, "roots");
  result.leaves = constant_values(node, 3, "leaves");
  result.width = static_cast<size_t>(node.input(3).shape.back());
  result.base = constant_values(node, 4, "base values");
  if (node.has_input(5)) result.tree_outputs = constant_values(node, 5, "outputs of trees");
  result.result = node.attributes().text("result", "label");
  result.scale = node.attributes().real("scale", 1.0);
  if (node.has_input(6)) result.scales = values_of<float>(*node.input(6).constant);
  return result;
}

bool matrix(const Tensor &tensor, int64_t columns) { return tensor.shape.size() == 2 && tensor.shape[1] == columns; }

void check_shapes(const NodeView &node) {
  if (node.input(3).shape.size() != 2) refuse(node, "leaves that are no table", "leaves L x W");
  const auto trees = node.input(2).elements();
  const int64_t width = node.has_input(5) ? 1 : node.input(4).elements();
  if (!matrix(node.input(1), split_columns) || !matrix(node.input(3), width) ||
      (node.has_input(5) && node.input(5).elements() != trees))
    refuse(node, fmt::format("splits {}, leaves {}", text_of(node.input(1).shape), text_of(node.input(3).shape)),
           "splits N x 6, leaves L x outputs, or L x 1 with an output for each tree");
}

// Each split is reached once, from before it, so trees are trees.
void check_children(const NodeView &node, const TreeEnsemble &ensemble) {
  std::vector<int> reached(ensemble.splits.size());
  const auto reach = [&](int32_t split, int64_t from) {
    if (split <= from || static_cast<size_t>(split) >= reached.size() || reached[static_cast<size_t>(split)]++ > 0)
      refuse(node, fmt::format("split {} reached from {}", split, from < 0 ? "a root" : fmt::format("split {}", from)),
             "each split below one split before it, or the root of one tree");
  };
  for (int32_t root : ensemble.roots) reach(root, -1);
  for (size_t index = 0; index < ensemble.splits.size(); ++index)
    for (int32_t child : {ensemble.splits[index].left, ensemble.splits[index].right})
      if (child >= 0)
        reach(child, static_cast<int64_t>(index));
      else if (static_cast<size_t>(-(child + 1)) >= ensemble.leaf_count())
        refuse(node, fmt::format("leaf {} of {}", -(child + 1), ensemble.leaf_count()), "leaves that exist");
  for (size_t index = 0; index < reached.size(); ++index)
    if (reached[index] == 0) refuse(node, fmt::format("split {} is in no tree", index), "splits that belong to a tree");
}

void check_splits(const NodeView &node, const TreeEnsemble &ensemble) {
  const bool real = ensemble.type == ElementType::float32;
  const Interval range = real ? Interval{INT32_MIN, INT32_MAX} : stored_range(ensemble.type);
  for (const TreeSplit &split : ensemble.splits) {
    if (split.feature < 0 || split.feature >= ensemble.features)
      refuse(node, fmt::format("feature {} of {}", split.feature, ensemble.features), "features that the data has");
    if (!range.holds(split.threshold))
      refuse(node, fmt::format("threshold {}", split.threshold), fmt::format("values of {}", name_of(ensemble.type)));
    if ((split.missing_left & ~1) != 0 || split.left_share < 0 || split.left_share > 1000)
      refuse(node, fmt::format("missing_left {}, left_share {}", split.missing_left, split.left_share), "0 or 1, 0 to 1000");
  }
}

void check_sums(const NodeView &node, const TreeEnsemble &ensemble) {
  for (int32_t output : ensemble.tree_outputs)
    if (output < 0 || static_cast<size_t>(output) >= ensemble.outputs())
      refuse(node, fmt::format("a tree for output {} of {}", output, ensemble.outputs()), "outputs that exist");
  int64_t largest = 0, largest_base = 0;
  for (int32_t value : ensemble.leaves) largest = std::max<int64_t>(largest, std::abs(int64_t{value}));
  for (int32_t value : ensemble.base) largest_base = std::max<int64_t>(largest_base, std::abs(int64_t{value}));
  if (largest > 0 && static_cast<int64_t>(ensemble.trees()) > most_sum / 2 / largest)
    refuse(node, fmt::format("{} trees with leaves up to {}", ensemble.trees(), largest), "sums below 2^29");
  if (largest_base > most_sum / 2) refuse(node, fmt::format("a base of {}", largest_base), "magnitudes up to 2^29");
}

void check_scales(const NodeView &node) {
  if (!node.has_input(6)) return;
  const Tensor &scales = node.input(6);
  if (!scales.is_constant() || scales.type != ElementType::float32 || scales.elements() != node.input(4).elements())
    refuse(node, fmt::format("scales {} {}", name_of(scales.type), text_of(scales.shape)), "one constant float32 an output");
}

bool legal_data(const Tensor &data) {
  return data.type == ElementType::float32 || data.type == ElementType::int8 || data.type == ElementType::uint8 ||
         data.type == ElementType::int16;
}

std::vector<TensorType> infer(const NodeView &node) {
  const Tensor &data = node.input(0);
  if (!legal_data(data) || data.elements() > static_cast<int64_t>(most_features))
    refuse(node, fmt::format("data {} {}", name_of(data.type), text_of(data.shape)),
           "float32, int8, uint8 or int16, up to 32767 features");
  check_shapes(node);
  check_scales(node);
  const TreeEnsemble ensemble = decoded(node);
  if (ensemble.outputs() > most_outputs) refuse(node, fmt::format("{} outputs", ensemble.outputs()), "up to 32767");
  check_children(node, ensemble);
  check_splits(node, ensemble);
  check_sums(node, ensemble);
  const auto outputs = static_cast<int64_t>(ensemble.outputs());
  if (ensemble.result == "scores") return {{ElementType::int32, {1, outputs}}};
  if (ensemble.result == "reals") return {{ElementType::float32, {1, outputs}}};
  if (ensemble.result != "label") refuse(node, fmt::format("result '{}'", ensemble.result), "label, scores, reals");
  return {{outputs <= 256 ? ElementType::uint8 : ElementType::int32, {1}}};
}

constexpr std::string_view code_header = "ops/tree_ensemble/tree_code.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "tree_ensemble_code_bytes", .header = code_header, .features = {Feature::program_memory},
     .fits = tree_code::fits, .call = tree_code::call_bytes, .cost = tree_code::cost},
    {.name = "tree_ensemble_code", .header = code_header, .fits = tree_code::fits, .call = tree_code::call_words,
     .cost = tree_code::cost},
    {.name = "tree_ensemble_tables", .header = "ops/tree_ensemble/tree_ensemble.kernel.hpp", .fits = tree_tables::fits,
     .call = tree_tables::call, .host = tree_tables::host, .cost = tree_tables::cost, .scratch = tree_tables::scratch},
};

// Random trees, grown leaf by leaf, on few features so that tests recur.
class RandomEnsemble {
 public:
  RandomEnsemble(RandomGraphBuilder &build, ElementType type) : build_(build) {
    ensemble_.type = type;
    ensemble_.features = build.between(1, 12);
  }

  TreeEnsemble grow(bool single_values) {
    static constexpr const char *results[] = {"label", "scores", "reals"};
    const auto outputs = static_cast<size_t>(build_.between(single_values ? 1 : 2, 7));
    const int64_t trees = build_.between(1, 9), pure = build_.between(0, 1);
    if (build_.between(0, 2) == 0) std::tie(least_, most_) = std::tuple(1, 16);
    ensemble_.width = single_values ? 1 : outputs;
    ensemble_.result = results[build_.between(0, 2)];
    ensemble_.scale = 0.125;
    for (size_t output = 0; ensemble_.result == "reals" && trees % 2 == 0 && output < outputs; ++output)
      ensemble_.scales.push_back(static_cast<float>(output + 1) / 4);
    for (size_t output = 0; output < outputs; ++output) ensemble_.base.push_back(static_cast<int32_t>(build_.between(-9, 9)));
    for (int64_t leaf = build_.between(1, 60); leaf > 0; --leaf) add_leaf(pure == 1 && !single_values);
    for (int64_t tree = 0; tree < trees; ++tree) {
      ensemble_.roots.push_back(split(4));
      if (single_values) ensemble_.tree_outputs.push_back(static_cast<int32_t>(build_.between(0, static_cast<int64_t>(outputs) - 1)));
    }
    return ensemble_;
  }

 private:
  void add_leaf(bool pure) {
    std::vector<int32_t> row(ensemble_.width);
    if (pure)
      row[static_cast<size_t>(build_.between(0, static_cast<int64_t>(row.size()) - 1))] = 5;
    else
      for (int32_t &value : row) value = static_cast<int32_t>(build_.between(0, 2) == 0 ? 0 : build_.between(least_, most_));
    ensemble_.leaves.insert(ensemble_.leaves.end(), row.begin(), row.end());
  }

  int32_t threshold() {
    if (ensemble_.type == ElementType::float32) {
      const float value = build_.real_between(-4.0F, 4.0F);
      int32_t bits = 0;
      std::memcpy(&bits, &value, sizeof bits);
      return bits < 0 ? bits ^ INT32_MAX : bits;
    }
    const Interval range = stored_range(ensemble_.type);
    return static_cast<int32_t>(build_.between(range.low, range.high));
  }

  int32_t child(int depth) {
    if (depth > 0 && build_.between(0, 2) > 0) return split(depth - 1);
    return -1 - static_cast<int32_t>(build_.between(0, static_cast<int64_t>(ensemble_.leaf_count()) - 1));
  }

  int32_t split(int depth) {
    const auto index = ensemble_.splits.size();
    ensemble_.splits.push_back({.feature = static_cast<int32_t>(build_.between(0, ensemble_.features - 1)),
                                .threshold = threshold(),
                                .missing_left = static_cast<int32_t>(build_.between(0, 1)),
                                .left_share = static_cast<int32_t>(build_.between(0, 1000))});
    const int32_t left = child(depth), right = child(depth);
    ensemble_.splits[index].left = left;
    ensemble_.splits[index].right = right;
    return static_cast<int32_t>(index);
  }

  RandomGraphBuilder &build_;
  TreeEnsemble ensemble_;
  int64_t least_ = -1000, most_ = 1000;
};

Graph random_ensemble(std::mt19937 &random, ElementType type) {
  RandomGraphBuilder build(random, "tree_ensemble");
  const TreeEnsemble ensemble = RandomEnsemble(build, type).grow(build.between(0, 1) == 1);
  Graph graph{.name = "tree_ensemble"};
  graph.inputs = {graph.add_tensor({.name = "input", .type = type, .shape = {1, ensemble.features}})};
  graph.outputs = {add_tree_ensemble(graph, graph.inputs[0], ensemble, "random instance")};
  return graph;
}

Graph random_float(std::mt19937 &random) { return random_ensemble(random, ElementType::float32); }
Graph random_int8(std::mt19937 &random) { return random_ensemble(random, ElementType::int8); }
Graph random_uint8(std::mt19937 &random) { return random_ensemble(random, ElementType::uint8); }
Graph random_int16(std::mt19937 &random) { return random_ensemble(random, ElementType::int16); }

constexpr AttributeRules<2> attributes{{{"result", AttributeKind::text}, {"scale", AttributeKind::real}}};
constexpr RandomGraph random_graphs[] = {random_float, random_int8, random_uint8, random_int16};

TensorId add_integers(Graph &graph, const char *name, Shape shape, const std::vector<int32_t> &values) {
  return graph.add_constant(name, ElementType::int32, std::move(shape), bytes_of(values));
}

}  // namespace

TreeEnsemble tree_ensemble_of(const NodeView &node) { return decoded(node); }

TensorId add_tree_ensemble(Graph &graph, TensorId data, const TreeEnsemble &ensemble, std::string origin,
                           Quantization output_quantization) {
  std::vector<int32_t> table;
  for (const TreeSplit &s : ensemble.splits)
    table.insert(table.end(), {s.feature, s.threshold, s.missing_left, s.left, s.right, s.left_share});
  const auto count = [](size_t value) { return static_cast<int64_t>(value); };
  Node node{.op = "tree_ensemble", .attributes = {{"result", ensemble.result}}, .origin = std::move(origin)};
  if (ensemble.result == "reals") node.attributes.set("scale", ensemble.scale);
  node.inputs = {data, add_integers(graph, "splits", {count(ensemble.splits.size()), split_columns}, table),
                 add_integers(graph, "roots", {count(ensemble.trees())}, ensemble.roots),
                 add_integers(graph, "leaves", {count(ensemble.leaf_count()), count(ensemble.width)}, ensemble.leaves),
                 add_integers(graph, "base", {count(ensemble.outputs())}, ensemble.base)};
  if (!ensemble.tree_outputs.empty())
    node.inputs.push_back(add_integers(graph, "tree_outputs", {count(ensemble.trees())}, ensemble.tree_outputs));
  if (!ensemble.scales.empty()) {
    node.inputs.resize(6, no_tensor);
    node.inputs.push_back(graph.add_constant("scales", ElementType::float32, {count(ensemble.outputs())}, bytes_of(ensemble.scales)));
  }
  const TensorType type = infer(NodeView(graph, node)).at(0);
  node.outputs = {graph.add_tensor({.name = ensemble.result, .type = type.type, .shape = type.shape,
                                    .quantization = std::move(output_quantization)})};
  const TensorId output = node.outputs[0];
  graph.nodes.push_back(std::move(node));
  return output;
}

Interval leaf_range(const TreeEnsemble &ensemble, int32_t root, size_t output) {
  Interval range{INT32_MAX, INT32_MIN};
  std::vector<int32_t> open{root};
  while (!open.empty()) {
    const int32_t next = open.back();
    open.pop_back();
    if (next >= 0) {
      open.insert(open.end(), {ensemble.splits[static_cast<size_t>(next)].left, ensemble.splits[static_cast<size_t>(next)].right});
      continue;
    }
    const size_t column = ensemble.single_values() ? 0 : output;
    const int32_t value = ensemble.leaves[static_cast<size_t>(-(next + 1)) * ensemble.width + column];
    range = {std::min<int64_t>(range.low, value), std::max<int64_t>(range.high, value)};
  }
  return range;
}

extern const OpDef tree_ensemble_op;
constinit const OpDef tree_ensemble_op = complete(
    {.name = "tree_ensemble", .summary = "decision trees whose leaves are summed: forests, boosted and single trees",
     .least_inputs = 5, .most_inputs = 7, .quantization = QuantizationRule::fixed_output, .attributes = attributes,
     .infer = infer, .kernels = kernels, .random_graphs = random_graphs,
     .limits = "one row of float32, int8, uint8 or int16 features; up to 65535 trees, different tests and different leaves"});

}  // namespace whit
