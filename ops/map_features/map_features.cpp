// SPDX-License-Identifier: Apache-2.0
// The map_features operator: inference, kernel, random instances.
#define WHIT_HOST
#include "ops/map_features/map_features.hpp"

#include <algorithm>
#include <cmath>

#include "ops/map_features/map_features.kernel.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

constexpr int64_t most_outputs = 32767, most_knots = 1 << 24, most_place = 32768, most_value = 16383;

[[noreturn]] void refuse(const NodeView &node, std::string found, std::string supported) {
  throw UserError({node.place(), std::move(found), std::move(supported), "the model file may be damaged"});
}

bool in_floats(const NodeView &node) { return node.input(0).type == ElementType::float32; }
bool lines(const NodeView &node) { return node.attributes().integer("lines", 0) != 0; }

bool legal_types(const NodeView &node) {
  const ElementType data = node.input(0).type;
  const bool integers = data == ElementType::int8 || data == ElementType::uint8 || data == ElementType::int16;
  return (integers || data == ElementType::float32) && node.input(1).type == ElementType::int16 && node.input(2).type == ElementType::int32 &&
         node.input(3).type == (integers ? ElementType::int32 : data) && node.input(4).type == (integers ? ElementType::int16 : data);
}

template <typename Place>
void check_rising(const NodeView &node) {
  const auto places = values_of<Place>(*node.input(3).constant);
  int64_t begin = 0;
  for (int32_t end : values_of<int32_t>(*node.input(2).constant)) {
    if (end <= begin || end > static_cast<int64_t>(places.size())) refuse(node, fmt::format("knots {} to {} of {}", begin, end, places.size()), "a knot or more an output");
    for (int64_t index = begin + 1; index < end; ++index)
      if (!(places[static_cast<size_t>(index - 1)] < places[static_cast<size_t>(index)])) refuse(node, "knots that do not rise", "each knot above the one before");
    begin = end;
  }
  if (begin != static_cast<int64_t>(places.size())) refuse(node, fmt::format("{} knots of {}", begin, places.size()), "all of them");
}

// So that a line's product fits 32 bits.
void check_sizes(const NodeView &node) {
  for (int32_t place : values_of<int32_t>(*node.input(3).constant))
    if (place < -most_place || place > most_place - (lines(node) ? 1 : 0)) refuse(node, fmt::format("a knot at {}", place), "stored values of 16 bits");
  for (int16_t value : values_of<int16_t>(*node.input(4).constant))
    if (std::abs(int{value}) > most_value) refuse(node, fmt::format("a value of {}", value), "-16383 to 16383");
}

std::vector<TensorType> infer(const NodeView &node) {
  for (size_t index = 1; index < 5; ++index)
    if (!node.input(index).is_constant()) refuse(node, "sources or knots that are no constants", "constants");
  if (!legal_types(node)) refuse(node, fmt::format("data {}, places {}, values {}", name_of(node.input(0).type), name_of(node.input(3).type), name_of(node.input(4).type)),
                                 "integers with places in int32 and values in int16, or float32");
  const int64_t outputs = node.input(1).elements(), knots = node.input(3).elements();
  if (outputs < 1 || outputs > most_outputs || node.input(2).elements() != outputs || node.input(4).elements() != knots || knots > most_knots)
    refuse(node, fmt::format("sources {}, ends {}, places {}, values {}", outputs, node.input(2).elements(), knots, node.input(4).elements()), "as many ends as sources, values as places");
  for (int16_t source : values_of<int16_t>(*node.input(1).constant))
    if (source < 0 || source >= node.input(0).elements()) refuse(node, fmt::format("feature {} of {}", source, node.input(0).elements()), "a feature that there is");
  if (in_floats(node)) check_rising<float>(node);
  else check_rising<int32_t>(node);
  if (!in_floats(node)) check_sizes(node);
  return {{in_floats(node) ? ElementType::float32 : ElementType::int16, {1, outputs}}};
}

bool fits(const NodeView &) { return true; }

KernelCall call(const NodeView &node) {
  static constexpr const char *names[] = {"sources", "ends", "places", "values"};
  KernelCall result{.function = "map_features",
                    .parameters = parameters_from(MapFeaturesParameters{static_cast<int16_t>(node.input(1).elements()), static_cast<int8_t>(lines(node)),
                                                                        static_cast<int8_t>(node.input(0).type)}),
                    .constants = {}, .arguments = {parameters_argument(), input_argument(0)}};
  for (size_t index = 1; index < 5; ++index) {
    result.constants.push_back({names[index - 1], node.input(index).type, *node.input(index).constant});
    result.arguments.push_back(constant_argument(index - 1));
  }
  result.arguments.push_back(output_argument());
  return result;
}

template <typename Element, typename Place, typename Value>
void run(std::span<void *const> arguments) {
  map_features_by(*static_cast<const MapFeaturesParameters *>(arguments[0]), static_cast<const Element *>(arguments[1]), static_cast<const int16_t *>(arguments[2]),
                  static_cast<const int32_t *>(arguments[3]), static_cast<const Place *>(arguments[4]), static_cast<const Value *>(arguments[5]), static_cast<Value *>(arguments[6]));
}

void host(std::span<void *const> arguments) {
  switch (static_cast<ElementType>(static_cast<const MapFeaturesParameters *>(arguments[0])->data)) {
    case ElementType::int8: return run<int8_t, int32_t, int16_t>(arguments);
    case ElementType::uint8: return run<uint8_t, int32_t, int16_t>(arguments);
    case ElementType::int16: return run<int16_t, int32_t, int16_t>(arguments);
    default: return run<float, float, float>(arguments);
  }
}

Cost cost(const NodeView &node) {
  constexpr double cycles_per_output = 80;
  return {.cycles = cycles_per_output * static_cast<double>(node.input(1).elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes() + node.input(2).bytes() + node.input(3).bytes() + node.input(4).bytes())};
}

constexpr Kernel kernels[] = {
    {.name = "map_features", .header = "ops/map_features/map_features.kernel.hpp", .fits = fits, .call = call, .host = host, .cost = cost},
};

template <ElementType type>
Graph random_graph(std::mt19937 &random) {
  RandomGraphBuilder build(random, "map_features");
  const int64_t features = build.between(1, 9);
  FeatureMap map{.lines = build.between(0, 1) == 1};
  const bool reals = type == ElementType::float32;
  for (int64_t output = 0, outputs = build.between(1, 12); output < outputs; ++output) {
    map.sources.push_back(static_cast<int16_t>(build.between(0, features - 1)));
    int64_t place = build.between(-150, 20);
    for (int64_t knot = 0, knots = build.between(1, 5); knot < knots; ++knot, place += build.between(1, 70)) {
      map.places.push_back(static_cast<double>(place) * (reals ? 0.03 : 1));
      map.values.push_back(reals ? static_cast<double>(build.real_between(-3, 3)) : static_cast<double>(build.between(-16383, 16383)));
    }
    map.ends.push_back(static_cast<int32_t>(map.places.size()));
  }
  Graph graph{.name = "map_features"};
  graph.inputs = {graph.add_tensor({.name = "input", .type = type, .shape = {1, features}})};
  graph.outputs = {add_map_features(graph, graph.inputs[0], map, "random instance")};
  return graph;
}

constexpr AttributeRules<1> attributes{{{"lines", AttributeKind::integer}}};
constexpr RandomGraph random_graphs[] = {random_graph<ElementType::float32>, random_graph<ElementType::int8>, random_graph<ElementType::uint8>,
                                         random_graph<ElementType::int16>};

template <typename Number>
Bytes narrowed(const std::vector<double> &values) {
  return bytes_of(std::vector<Number>(values.begin(), values.end()));
}

}  // namespace

TensorId add_map_features(Graph &graph, TensorId data, const FeatureMap &map, const std::string &place) {
  const bool reals = graph.tensor(data).type == ElementType::float32;
  const auto count = [](const auto &values) { return Shape{static_cast<int64_t>(values.size())}; };
  Node node{.op = "map_features", .inputs = {data}, .attributes = {{"lines", int64_t{map.lines}}}, .origin = place};
  node.inputs.push_back(graph.add_constant("sources", ElementType::int16, count(map.sources), bytes_of(map.sources)));
  node.inputs.push_back(graph.add_constant("ends", ElementType::int32, count(map.ends), bytes_of(map.ends)));
  node.inputs.push_back(graph.add_constant("places", reals ? ElementType::float32 : ElementType::int32, count(map.places),
                                           reals ? narrowed<float>(map.places) : narrowed<int32_t>(map.places)));
  node.inputs.push_back(graph.add_constant("values", reals ? ElementType::float32 : ElementType::int16, count(map.values),
                                           reals ? narrowed<float>(map.values) : narrowed<int16_t>(map.values)));
  const TensorType type = infer(NodeView(graph, node)).at(0);
  node.outputs = {graph.add_tensor({.name = "mapped", .type = type.type, .shape = type.shape})};
  const TensorId output = node.outputs[0];
  graph.nodes.push_back(std::move(node));
  return output;
}

extern const OpDef map_features_op;
constinit const OpDef map_features_op = complete(
    {.name = "map_features", .summary = "functions of single features: steps, or lines between knots", .least_inputs = 5, .most_inputs = 5,
     .quantization = QuantizationRule::convert, .attributes = attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs,
     .limits = "one row of float32, int8, uint8 or int16 features"});

}  // namespace whit
