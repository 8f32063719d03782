// SPDX-License-Identifier: Apache-2.0
// The nearest_neighbours operator: inference, kernel, random instances, and real models made integers.
#define WHIT_HOST
#include "ops/nearest_neighbours/nearest_neighbours.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "ops/nearest_neighbours/nearest_neighbours.kernel.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

constexpr int64_t most_features = 32767, most_vectors = 32767, most_classes = 32767, most_scratch = 3000, most_shift = 16;

[[noreturn]] void refuse(const NodeView &node, std::string found, std::string supported) {
  throw UserError({node.place(), std::move(found), std::move(supported), "the model file may be damaged"});
}

std::string result_of(const NodeView &node) { return node.attributes().text("result", "label"); }
bool in_floats(const NodeView &node) { return node.input(0).type == ElementType::float32; }
bool city_block(const NodeView &node) { return node.attributes().text("metric", "euclidean") == "manhattan"; }
bool by_distance(const NodeView &node) { return node.attributes().text("weights", "uniform") == "distance"; }
int64_t neighbours_of(const NodeView &node) { return node.attributes().integer("neighbours", 1); }
int64_t classes_of(const NodeView &node) { return result_of(node) == "label" ? node.attributes().integer("classes", 2) : 0; }
int64_t vectors_of(const NodeView &node) { return node.input(1).shape[0]; }
int64_t values_of_vector(const NodeView &node) { return node.input(2).elements() / vectors_of(node); }
int64_t shift_of(const NodeView &node) { return node.attributes().integer("distance_shift", 0); }

int64_t scratch(const NodeView &node) { return 4 * (neighbours_of(node) + classes_of(node)) + 2 * neighbours_of(node); }

bool legal_types(const NodeView &node) {
  const ElementType data = node.input(0).type, values = node.input(2).type;
  if (node.input(1).type != data) return false;
  if (data == ElementType::float32) return values == data || (result_of(node) == "label" && (values == ElementType::uint8 || values == ElementType::int16));
  if (data == ElementType::int16 && result_of(node) == "inlier") return false;
  if (data != ElementType::int8 && data != ElementType::uint8 && data != ElementType::int16) return false;
  if (result_of(node) == "label") return values == ElementType::uint8 || values == ElementType::int16;
  return values == (result_of(node) == "inlier" ? ElementType::int32 : ElementType::int16);
}

void check_shapes(const NodeView &node) {
  const Shape &vectors = node.input(1).shape;
  const std::string found = fmt::format("data {}, vectors {}, values {}", text_of(node.input(0).shape), text_of(vectors), text_of(node.input(2).shape));
  if (vectors.size() != 2 || vectors[0] < 1 || vectors[0] > most_vectors || vectors[1] != node.input(0).elements() || vectors[1] > most_features ||
      node.input(2).elements() < vectors[0] || node.input(2).elements() % vectors[0] != 0 || values_of_vector(node) > most_features)
    refuse(node, found, "F features, vectors N x F, values N x V");
  const int64_t needed = result_of(node) == "inlier" ? 2 : 1;
  if (result_of(node) != "reals" && values_of_vector(node) != needed) refuse(node, found, fmt::format("{} values a vector", needed));
  const int64_t neighbours = neighbours_of(node);
  if (neighbours < 1 || neighbours > vectors[0]) refuse(node, fmt::format("{} neighbours of {} vectors", neighbours, vectors[0]), "no more than there are");
  if (classes_of(node) < 0 || classes_of(node) > most_classes) refuse(node, fmt::format("{} classes", classes_of(node)), "up to 32767");
  if (scratch(node) > most_scratch)
    throw UserError({node.place(), fmt::format("{} neighbours and {} classes", neighbours, classes_of(node)),
                     fmt::format("as many as take {} bytes", most_scratch), "train with fewer neighbours"});
}

std::vector<int64_t> classes_in(const Tensor &values) {
  std::vector<int64_t> result;
  if (values.type == ElementType::uint8)
    for (uint8_t value : values_of<uint8_t>(*values.constant)) result.push_back(value);
  else if (values.type == ElementType::int16)
    for (int16_t value : values_of<int16_t>(*values.constant)) result.push_back(value);
  else
    for (float value : values_of<float>(*values.constant)) result.push_back(value >= 0 && value < 32767 ? static_cast<int64_t>(value) : -1);
  return result;
}

// Sums of the largest magnitudes must fit, whatever the features are.
void check_sums(const NodeView &node) {
  const int64_t features = node.input(0).elements(), farthest = city_block(node) ? 255 * features : 255 * 255 * features;
  const int64_t shift = shift_of(node);
  if (shift < 0 || shift > most_shift || shift % 2 != 0 || (farthest << shift) > INT32_MAX)
    refuse(node, fmt::format("distances up to {} shifted by {}", farthest, shift), "distances that fit 32 bits, an even shift");
  if (node.input(2).type != ElementType::int32) return;
  for (int32_t value : values_of<int32_t>(*node.input(2).constant))
    if (value < 0 || value > INT32_MAX / neighbours_of(node)) refuse(node, fmt::format("a reach or density of {}", value), "sums that fit 32 bits");
  if ((farthest << (shift / 2)) > INT32_MAX / neighbours_of(node)) refuse(node, fmt::format("{} neighbours", neighbours_of(node)), "reaches that fit 32 bits in all");
}

std::vector<TensorType> infer(const NodeView &node) {
  const std::string result = result_of(node), metric = node.attributes().text("metric", "euclidean"), weights = node.attributes().text("weights", "uniform");
  for (size_t index = 1; index < 3; ++index)
    if (!node.input(index).is_constant()) refuse(node, "vectors or values that are no constants", "constants");
  if (result != "label" && result != "reals" && result != "inlier") refuse(node, fmt::format("result '{}'", result), "label, reals, inlier");
  if (metric != "euclidean" && metric != "manhattan") refuse(node, fmt::format("metric '{}'", metric), "euclidean, manhattan");
  if (weights != "uniform" && (weights != "distance" || !in_floats(node))) refuse(node, fmt::format("weights '{}'", weights), "uniform; with float32 features distance");
  if (!legal_types(node))
    refuse(node, fmt::format("data {}, vectors {}, values {}", name_of(node.input(0).type), name_of(node.input(1).type), name_of(node.input(2).type)),
           "int8 or uint8 data and vectors, or float32");
  check_shapes(node);
  if (!in_floats(node)) check_sums(node);
  if (result == "reals") return {{ElementType::float32, {1, values_of_vector(node)}}};
  if (result == "inlier") return {{ElementType::uint8, {1}}};
  for (int64_t value : classes_in(node.input(2)))
    if (value < 0 || value >= classes_of(node)) refuse(node, fmt::format("class {} of {}", value, classes_of(node)), "classes below their count");
  return {{classes_of(node) <= 256 ? ElementType::uint8 : ElementType::int32, {1}}};
}

bool fits(const NodeView &) { return true; }

NearestNeighboursParameters parameters_of(const NodeView &node) {
  NearestNeighboursParameters p{};
  p.features = static_cast<int16_t>(node.input(0).elements());
  p.vectors = static_cast<int16_t>(vectors_of(node));
  p.neighbours = static_cast<int16_t>(neighbours_of(node));
  p.values = static_cast<int16_t>(values_of_vector(node));
  p.classes = static_cast<int16_t>(classes_of(node));
  p.label_bytes = static_cast<int16_t>(node.output().type == ElementType::uint8 ? 1 : 4);
  p.result = result_of(node) == "label" ? neighbours_label : result_of(node) == "reals" ? neighbours_reals : neighbours_inlier;
  p.city_block = static_cast<int8_t>(city_block(node));
  p.by_distance = static_cast<int8_t>(by_distance(node));
  p.distance_shift = static_cast<int8_t>(shift_of(node));
  p.data = static_cast<int8_t>(in_floats(node) ? 0 : static_cast<int>(node.input(0).type));
  p.value_type = static_cast<int8_t>(node.input(2).type);
  p.farthest = node.input(0).type == ElementType::int16 && !city_block(node) ? static_cast<int32_t>(farthest_neighbour(p.features)) : 0;
  const double limit = node.attributes().real("limit", 0);
  p.limit = static_cast<int64_t>(std::clamp(limit, 0.0, 9e18));
  p.scale = static_cast<float>(p.result == neighbours_inlier ? std::min(limit, 3e38) : node.attributes().real("scale", 1));
  return p;
}

KernelCall call(const NodeView &node) {
  const NearestNeighboursParameters p = parameters_of(node);
  return {.function = fmt::format("nearest_neighbours<{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}>", in_floats(node) ? "float" : "int32_t", p.result, p.features,
                                  p.vectors, p.neighbours, p.values, p.classes, p.label_bytes, p.city_block, p.by_distance, p.distance_shift, p.data, p.farthest),
          .parameters = parameters_from(p),
          .constants = {{"vectors", node.input(1).type, *node.input(1).constant}, {"values", node.input(2).type, *node.input(2).constant}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1), output_argument(), scratch_argument()}};
}

template <typename Sum, typename Element, typename Value>
void run(std::span<void *const> arguments) {
  nearest_neighbours_by<Sum>(*static_cast<const NearestNeighboursParameters *>(arguments[0]), static_cast<const Element *>(arguments[1]),
                             static_cast<const Element *>(arguments[2]), static_cast<const Value *>(arguments[3]), arguments[4], arguments[5]);
}

template <typename Sum, typename Element>
void run_values(std::span<void *const> arguments) {
  switch (static_cast<ElementType>(static_cast<const NearestNeighboursParameters *>(arguments[0])->value_type)) {
    case ElementType::uint8: return run<Sum, Element, uint8_t>(arguments);
    case ElementType::int16: return run<Sum, Element, int16_t>(arguments);
    case ElementType::int32: return run<Sum, Element, int32_t>(arguments);
    default: return run<Sum, Element, float>(arguments);
  }
}

void host(std::span<void *const> arguments) {
  const int8_t data = static_cast<const NearestNeighboursParameters *>(arguments[0])->data;
  if (data == 0) return run_values<float, float>(arguments);
  if (data == static_cast<int8_t>(ElementType::uint8)) return run_values<int32_t, uint8_t>(arguments);
  if (data == static_cast<int8_t>(ElementType::int16)) return run_values<int32_t, int16_t>(arguments);
  run_values<int32_t, int8_t>(arguments);
}

int64_t macs(const NodeView &node) { return node.input(1).elements(); }

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 10;
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)), .constant_bytes = static_cast<double>(node.input(1).bytes() + node.input(2).bytes())};
}

constexpr Kernel kernels[] = {
    {.name = "nearest_neighbours", .header = "ops/nearest_neighbours/nearest_neighbours.kernel.hpp", .fits = fits, .call = call, .host = host,
     .cost = cost, .scratch = scratch},
};

template <ElementType type>
Graph random_graph(std::mt19937 &random) {
  static constexpr const char *results[] = {"label", "reals", "inlier"};
  RandomGraphBuilder build(random, "nearest_neighbours");
  NearestNeighbours model{.features = build.between(1, 9), .neighbours = build.between(1, 4), .classes = build.between(1, 4),
                          .metric = build.between(0, 2) == 0 ? "manhattan" : "euclidean", .result = results[build.between(0, type == ElementType::int16 ? 1 : 2)], .limit = 1};
  if (type == ElementType::float32 && build.between(0, 1) == 0) model.weights = "distance";
  const bool inlier = model.result == "inlier";
  for (int64_t vector = 0, count = build.between(4, 12); vector < count; ++vector) {
    for (int64_t feature = 0; feature < model.features; ++feature) model.vectors.push_back(static_cast<double>(build.real_between(type == ElementType::uint8 ? 0 : -3, 3)));
    model.values.push_back(model.result == "label" ? static_cast<double>(build.between(0, model.classes - 1)) : static_cast<double>(build.real_between(inlier ? 0 : -5, 5)));
    if (inlier) model.values.push_back(static_cast<double>(build.real_between(0, 2)));
  }
  Graph graph{.name = "nearest_neighbours"};
  graph.inputs = {graph.add_tensor({.name = "input", .type = type, .shape = {1, model.features}})};
  graph.outputs = {add_nearest_neighbours(graph, graph.inputs[0], model, 3.0 / (type == ElementType::int16 ? 20000 : 127), "random instance")};
  return graph;
}

constexpr AttributeRules<8> attributes{{{"neighbours", AttributeKind::integer}, {"result", AttributeKind::text}, {"classes", AttributeKind::integer},
                                        {"metric", AttributeKind::text}, {"weights", AttributeKind::text}, {"limit", AttributeKind::real},
                                        {"distance_shift", AttributeKind::integer}, {"scale", AttributeKind::real}}};
constexpr RandomGraph random_graphs[] = {random_graph<ElementType::float32>, random_graph<ElementType::int8>, random_graph<ElementType::uint8>,
                                         random_graph<ElementType::int16>};

template <typename Integer>
Bytes rounded(const std::vector<double> &values, double unit) {
  std::vector<Integer> result;
  constexpr auto most = static_cast<double>(std::numeric_limits<Integer>::max());
  for (double value : values) result.push_back(static_cast<Integer>(std::clamp(std::round(value / unit), -most, most)));
  return bytes_of(result);
}

Bytes stored_vectors(const std::vector<double> &values, double unit, ElementType type) {
  if (type == ElementType::int16) return rounded<int16_t>(values, unit);
  const Interval range = stored_range(type);
  Bytes bytes;
  for (double value : values)
    bytes.push_back(static_cast<uint8_t>(static_cast<int>(std::clamp(std::round(value / unit), static_cast<double>(range.low), static_cast<double>(range.high)))));
  return bytes;
}

Bytes floats(const std::vector<double> &values) { return bytes_of(std::vector<float>(values.begin(), values.end())); }

// Reaches in whole numbers of unit / 2^(shift / 2), densities up to 2^20; the limit is of both sums.
void add_reaches(Graph &graph, Node &node, const NearestNeighbours &model, double unit, const Shape &shape) {
  const int64_t farthest = (model.metric == "manhattan" ? 255 : 255 * 255) * model.features;
  int shift = 0;
  while (shift + 2 <= 8 && (farthest << (shift + 2)) <= INT32_MAX / model.neighbours) shift += 2;
  const double step = unit / std::ldexp(1.0, shift / 2);
  double densest = 1e-30;
  for (size_t index = 1; index < model.values.size(); index += 2) densest = std::max(densest, model.values[index]);
  const double density = densest / std::ldexp(1.0, 20);
  std::vector<int32_t> stored;
  const double most = INT32_MAX / static_cast<double>(model.neighbours) - 1;
  for (size_t index = 0; index < model.values.size(); ++index)
    stored.push_back(static_cast<int32_t>(std::clamp(std::round(model.values[index] / (index % 2 == 0 ? step : density)), 0.0, std::floor(most))));
  node.inputs.push_back(graph.add_constant("values", ElementType::int32, shape, bytes_of(stored)));
  const auto squared = static_cast<double>(model.neighbours * model.neighbours);
  node.attributes.set("limit", std::clamp(model.limit * squared / (step * density), 0.0, 9e18));
  node.attributes.set("distance_shift", int64_t{shift});
}

void add_values(Graph &graph, Node &node, const NearestNeighbours &model, double unit, const Shape &shape, bool integers) {
  if (model.result == "label") {
    const bool narrow = model.classes <= 256;
    const auto squeezed = [&] { return narrow ? Bytes(model.values.begin(), model.values.end()) : rounded<int16_t>(model.values, 1); };
    node.inputs.push_back(graph.add_constant("values", narrow ? ElementType::uint8 : ElementType::int16, shape, squeezed()));
  } else if (!integers) {
    node.inputs.push_back(graph.add_constant("values", ElementType::float32, shape, floats(model.values)));
    node.attributes.set("limit", model.limit * static_cast<double>(model.neighbours * model.neighbours));
  } else if (model.result == "inlier") {
    add_reaches(graph, node, model, unit, shape);
  } else {
    double largest = 1e-30;
    for (double value : model.values) largest = std::max(largest, std::abs(value));
    node.inputs.push_back(graph.add_constant("values", ElementType::int16, shape, rounded<int16_t>(model.values, largest / 32767)));
    node.attributes.set("scale", largest / 32767);
  }
}

void check_numbers(const NearestNeighbours &model, const std::string &place) {
  for (const auto *values : {&model.vectors, &model.values})
    for (double value : *values)
      if (!std::isfinite(value) || std::abs(value) > 1e15)
        throw UserError({place, fmt::format("a vector or value of {}", value), "finite numbers up to 1e15", "the model file may be damaged"});
  for (double value : model.values)
    if (model.result == "label" && !(value >= 0 && value < static_cast<double>(model.classes) && value == std::floor(value)))
      throw UserError({place, fmt::format("class {} of {}", value, model.classes), "classes below their count", "the model file may be damaged"});
}

}  // namespace

int64_t farthest_neighbour(int64_t features) { return static_cast<int64_t>(std::sqrt(static_cast<double>(INT32_MAX) / static_cast<double>(features))); }

TensorId add_nearest_neighbours(Graph &graph, TensorId data, const NearestNeighbours &model, double unit, const std::string &place) {
  check_numbers(model, place);
  const ElementType type = graph.tensor(data).type;
  const bool integers = type != ElementType::float32;
  const int64_t count = model.count();
  Node node{.op = "nearest_neighbours", .inputs = {data}, .attributes = {{"neighbours", model.neighbours}, {"result", model.result}, {"classes", model.classes},
            {"metric", model.metric}, {"weights", model.weights}}, .origin = place};
  node.inputs.push_back(graph.add_constant("vectors", type, {count, model.features}, integers ? stored_vectors(model.vectors, unit, type) : floats(model.vectors)));
  add_values(graph, node, model, unit, {count, static_cast<int64_t>(model.values.size()) / count}, integers);
  const TensorType inferred = infer(NodeView(graph, node)).at(0);
  node.outputs = {graph.add_tensor({.name = model.result, .type = inferred.type, .shape = inferred.shape})};
  const TensorId result = node.outputs[0];
  graph.nodes.push_back(std::move(node));
  return result;
}

extern const OpDef nearest_neighbours_op;
constinit const OpDef nearest_neighbours_op = complete(
    {.name = "nearest_neighbours", .summary = "what the nearest kept vectors say: their class, their mean, whether the sample lies among them",
     .least_inputs = 3, .most_inputs = 3, .quantization = QuantizationRule::fixed_output, .attributes = attributes, .infer = infer, .kernels = kernels,
     .random_graphs = random_graphs, .macs = macs, .limits = "one row of float32, int8 or uint8 features"});

}  // namespace whit
