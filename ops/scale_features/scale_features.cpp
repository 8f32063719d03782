// SPDX-License-Identifier: Apache-2.0
// The scale_features operator: inference, kernels, random instances, and real factors made integers.
#define WHIT_HOST
#include "ops/scale_features/scale_features.hpp"

#include <algorithm>
#include <cmath>

#include "ops/random_graph.hpp"
#include "ops/scale_features/scale_features.kernel.hpp"

namespace whit {

namespace {

constexpr int64_t most_features = 32767, most_shift = 30;

[[noreturn]] void refuse(const NodeView &node, std::string found, std::string supported) {
  throw UserError({node.place(), std::move(found), std::move(supported), "the model file may be damaged"});
}

bool real_result(const NodeView &node) { return node.input(1).type == ElementType::float32; }

ElementType result_of(const NodeView &node) {
  if (real_result(node)) return ElementType::float32;
  return node.attributes().text("type", "int8") == "int16" ? ElementType::int16 : ElementType::int8;
}

bool legal_types(ElementType data, ElementType factors, ElementType offsets) {
  const bool integers = data == ElementType::int8 || data == ElementType::uint8 || data == ElementType::int16;
  if (factors == ElementType::float32) return offsets == factors && (integers || data == ElementType::float32);
  return integers && factors == ElementType::int16 && offsets == ElementType::int32;
}

// Products and sums must fit 32 bits, whatever the features are.
void check_sums(const NodeView &node) {
  const Interval range = stored_range(node.input(0).type);
  const int64_t largest = std::max(std::abs(range.low), std::abs(range.high));
  const auto factors = values_of<int16_t>(*node.input(1).constant);
  const auto offsets = values_of<int32_t>(*node.input(2).constant);
  for (size_t index = 0; index < std::max(factors.size(), offsets.size()); ++index) {
    const int64_t factor = factors[factors.size() == 1 ? 0 : index], offset = offsets[offsets.size() == 1 ? 0 : index];
    if (largest * std::abs(factor) + std::abs(offset) > INT32_MAX)
      refuse(node, fmt::format("a factor of {} with an offset of {}", factor, offset), "sums that fit 32 bits");
  }
}

std::vector<TensorType> infer(const NodeView &node) {
  const Tensor &data = node.input(0), &factors = node.input(1), &offsets = node.input(2);
  if (!legal_types(data.type, factors.type, offsets.type) || !factors.is_constant() || !offsets.is_constant())
    refuse(node, fmt::format("data {}, factors {}, offsets {}", name_of(data.type), name_of(factors.type), name_of(offsets.type)),
           "constant factors and offsets: int16 and int32 for integers, float32");
  const auto legal = [&](const Tensor &values) { return values.elements() == 1 || values.elements() == data.elements(); };
  if (!legal(factors) || !legal(offsets) || data.elements() > most_features)
    refuse(node, fmt::format("data {}, factors {}, offsets {}", text_of(data.shape), text_of(factors.shape), text_of(offsets.shape)),
           "one factor and offset, or one a feature");
  const int64_t shift = node.attributes().integer("shift", 0);
  if (shift < 0 || shift > most_shift) refuse(node, fmt::format("a shift of {}", shift), "0 to 30");
  if (!real_result(node)) check_sums(node);
  return {{result_of(node), {1, data.elements()}}};
}

bool fits_integers(const NodeView &node) { return !real_result(node); }
bool fits_reals(const NodeView &node) { return real_result(node); }

ScaleFeaturesParameters parameters_of(const NodeView &node) {
  const Interval range = real_result(node) ? Interval{} : stored_range(result_of(node));
  return {.features = static_cast<int16_t>(node.input(0).elements()),
          .each_factor = static_cast<int8_t>(node.input(1).elements() > 1),
          .each_offset = static_cast<int8_t>(node.input(2).elements() > 1),
          .shift = static_cast<int8_t>(node.attributes().integer("shift", 0)),
          .data = static_cast<int8_t>(node.input(0).type),
          .result = static_cast<int8_t>(node.output().type),
          .low = static_cast<int16_t>(range.low),
          .high = static_cast<int16_t>(range.high),
          .least = static_cast<float>(node.attributes().real("least", -3.4e38)),
          .most = static_cast<float>(node.attributes().real("most", 3.4e38))};
}

KernelCall call_of(const NodeView &node, std::string function, const ScaleFeaturesParameters &p) {
  const Tensor &factors = node.input(1), &offsets = node.input(2);
  return {.function = std::move(function),
          .parameters = parameters_from(p),
          .constants = {{"factors", factors.type, *factors.constant}, {"offsets", offsets.type, *offsets.constant}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1), output_argument()}};
}

KernelCall call_integers(const NodeView &node) {
  const ScaleFeaturesParameters p = parameters_of(node);
  return call_of(node, fmt::format("scale_features<{}, {}, {}, {}>", p.features, p.each_factor, p.each_offset, p.shift), p);
}

KernelCall call_reals(const NodeView &node) { return call_of(node, "scale_features_float", parameters_of(node)); }

template <typename Element, typename Result>
void run_integers(std::span<void *const> arguments) {
  scale_integers(*static_cast<const ScaleFeaturesParameters *>(arguments[0]), static_cast<const Element *>(arguments[1]),
                 static_cast<const int16_t *>(arguments[2]), static_cast<const int32_t *>(arguments[3]),
                 static_cast<Result *>(arguments[4]));
}

template <typename Element>
void run_by_result(std::span<void *const> arguments) {
  if (static_cast<const ScaleFeaturesParameters *>(arguments[0])->result == static_cast<int8_t>(ElementType::int16))
    return run_integers<Element, int16_t>(arguments);
  run_integers<Element, int8_t>(arguments);
}

template <typename Element>
void run_reals(std::span<void *const> arguments) {
  scale_reals(*static_cast<const ScaleFeaturesParameters *>(arguments[0]), static_cast<const Element *>(arguments[1]),
              static_cast<const float *>(arguments[2]), static_cast<const float *>(arguments[3]), static_cast<float *>(arguments[4]));
}

void host_integers(std::span<void *const> arguments) {
  switch (static_cast<ElementType>(static_cast<const ScaleFeaturesParameters *>(arguments[0])->data)) {
    case ElementType::int8: return run_by_result<int8_t>(arguments);
    case ElementType::uint8: return run_by_result<uint8_t>(arguments);
    default: return run_by_result<int16_t>(arguments);
  }
}

void host_reals(std::span<void *const> arguments) {
  switch (static_cast<ElementType>(static_cast<const ScaleFeaturesParameters *>(arguments[0])->data)) {
    case ElementType::int8: return run_reals<int8_t>(arguments);
    case ElementType::uint8: return run_reals<uint8_t>(arguments);
    case ElementType::int16: return run_reals<int16_t>(arguments);
    default: return run_reals<float>(arguments);
  }
}

Cost cost(const NodeView &node) {
  constexpr double cycles_per_feature = 16;
  return {.cycles = cycles_per_feature * static_cast<double>(node.input(0).elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes() + node.input(2).bytes())};
}

constexpr std::string_view header = "ops/scale_features/scale_features.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "scale_features", .header = header, .fits = fits_integers, .call = call_integers, .host = host_integers, .cost = cost,
     .overlap = elementwise_overlap},
    {.name = "scale_features_float", .header = header, .fits = fits_reals, .call = call_reals, .host = host_reals, .cost = cost,
     .overlap = elementwise_overlap},
};

template <ElementType data, ElementType result>
Graph random_graph(std::mt19937 &random) {
  RandomGraphBuilder build(random, "scale_features");
  const int64_t features = build.between(1, 20);
  FeatureScaling scaling;
  for (int64_t index = 0, count = build.between(0, 1) == 0 ? 1 : features; index < count; ++index)
    scaling.factors.push_back(static_cast<double>(build.real_between(-2, 2)));
  for (int64_t index = 0, count = build.between(0, 1) == 0 ? 1 : features; index < count; ++index)
    scaling.offsets.push_back(static_cast<double>(build.real_between(-30, 30)));
  Graph graph{.name = "scale_features"};
  graph.inputs = {graph.add_tensor({.name = "input", .type = data, .shape = {1, features}})};
  graph.outputs = {add_scale_features(graph, graph.inputs[0], result, scaling, "random instance")};
  return graph;
}

constexpr AttributeRules<4> attributes{{{"shift", AttributeKind::integer}, {"type", AttributeKind::text},
                                        {"least", AttributeKind::real}, {"most", AttributeKind::real}}};
constexpr RandomGraph random_graphs[] = {
    random_graph<ElementType::float32, ElementType::float32>, random_graph<ElementType::int16, ElementType::float32>,
    random_graph<ElementType::int16, ElementType::int8>, random_graph<ElementType::uint8, ElementType::int8>,
    random_graph<ElementType::int8, ElementType::int16>};

double largest_of(const std::vector<double> &values) {
  double largest = 0;
  for (double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

// As many fraction bits as factors in 16 bits and sums in 32 leave.
int shift_for(const FeatureScaling &scaling, double largest_data) {
  const double factor = largest_of(scaling.factors), offset = largest_of(scaling.offsets) + 1;
  for (int shift = static_cast<int>(most_shift); shift > 0; --shift) {
    const double unit = std::ldexp(1.0, shift);
    if (factor * unit <= 32767 && (factor * largest_data + offset) * unit <= 2147400000.0) return shift;
  }
  return 0;
}

template <typename Integer>
Bytes rounded(const std::vector<double> &values, double unit, double add, double most) {
  std::vector<Integer> result;
  for (double value : values) result.push_back(static_cast<Integer>(std::clamp(std::round(value * unit + add), -most, most)));
  return bytes_of(result);
}

Bytes floats(const std::vector<double> &values) { return bytes_of(std::vector<float>(values.begin(), values.end())); }

Shape shape_of(const std::vector<double> &values) { return {static_cast<int64_t>(values.size())}; }

}  // namespace

TensorId add_scale_features(Graph &graph, TensorId data, ElementType result, const FeatureScaling &scaling, const std::string &place) {
  for (const auto *values : {&scaling.factors, &scaling.offsets})
    for (double value : *values)
      if (!std::isfinite(value) || std::abs(value) > 1e30)
        throw UserError({place, fmt::format("a factor or offset of {}", value), "finite numbers up to 1e30", "the model file may be damaged"});
  Node node{.op = "scale_features", .inputs = {data}, .attributes = {}, .origin = place};
  if (result == ElementType::float32) {
    node.inputs.push_back(graph.add_constant("factors", result, shape_of(scaling.factors), floats(scaling.factors)));
    node.inputs.push_back(graph.add_constant("offsets", result, shape_of(scaling.offsets), floats(scaling.offsets)));
    if (scaling.least > -3.4e38) node.attributes.set("least", scaling.least);
    if (scaling.most < 3.4e38) node.attributes.set("most", scaling.most);
  } else {
    const Interval range = stored_range(graph.tensor(data).type);
    const auto largest = static_cast<double>(std::max(std::abs(range.low), std::abs(range.high)));
    const int shift = shift_for(scaling, largest);
    const double unit = std::ldexp(1.0, shift), half = shift > 0 ? unit / 2 : 0;
    node.inputs.push_back(graph.add_constant("factors", ElementType::int16, shape_of(scaling.factors), rounded<int16_t>(scaling.factors, unit, 0, 32767)));
    const double most_offset = 2147400000.0 - 32767 * largest;
    node.inputs.push_back(graph.add_constant("offsets", ElementType::int32, shape_of(scaling.offsets), rounded<int32_t>(scaling.offsets, unit, half, most_offset)));
    node.attributes.set("shift", int64_t{shift});
    node.attributes.set("type", std::string(name_of(result)));
  }
  const TensorType type = infer(NodeView(graph, node)).at(0);
  node.outputs = {graph.add_tensor({.name = "scaled", .type = type.type, .shape = type.shape})};
  const TensorId output = node.outputs[0];
  graph.nodes.push_back(std::move(node));
  return output;
}

extern const OpDef scale_features_op;
constinit const OpDef scale_features_op = complete(
    {.name = "scale_features", .summary = "each feature times a factor plus an offset", .least_inputs = 3, .most_inputs = 3,
     .quantization = QuantizationRule::convert, .attributes = attributes, .infer = infer, .kernels = kernels,
     .random_graphs = random_graphs, .limits = "one row of float32, int8, uint8 or int16 features"});

}  // namespace whit
