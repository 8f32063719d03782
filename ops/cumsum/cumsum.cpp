// SPDX-License-Identifier: Apache-2.0
// The cumsum operator: attributes "axis", "exclusive" (a value's own sum leaves it out) and "reverse" (from the end).
#define WHIT_HOST
#include "ops/cumsum/cumsum.kernel.hpp"

#include "ops/elementwise/pair.hpp"
#include "ops/random_graph.hpp"
#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

std::vector<TensorType> infer(const NodeView &node) {
  const int64_t axis = node.attributes().integer("axis");
  if (axis < 0 || axis >= static_cast<int64_t>(node.input(0).shape.size()))
    throw UserError({node.place(), fmt::format("axis {} of an input {}", axis, text_of(node.input(0).shape)),
                     "an axis of the input", "the model file may be damaged"});
  return infer_same(node);
}

template <typename Parameters>
Parameters shape_parameters(const NodeView &node) {
  const Shape &shape = node.input(0).shape;
  const auto axis = static_cast<std::ptrdiff_t>(node.attributes().integer("axis"));
  Parameters p{};
  p.outer = static_cast<int32_t>(element_count(Shape(shape.begin(), shape.begin() + axis)));
  p.length = static_cast<int32_t>(shape[static_cast<size_t>(axis)]);
  p.inner = static_cast<int32_t>(element_count(Shape(shape.begin() + axis + 1, shape.end())));
  p.exclusive = node.attributes().integer("exclusive") != 0;
  p.reverse = node.attributes().integer("reverse") != 0;
  return p;
}

KernelCall call_float(const NodeView &node) {
  return unary_call("cumsum<FloatRunning>", parameters_from(shape_parameters<CumsumParameters>(node)));
}

// The scales of a sum of two values, as `add` has them: twenty more bits on a scale twice the input's.
KernelCall call_int8(const NodeView &node) {
  constexpr int left_shift = 20;
  auto p = shape_parameters<QuantizedCumsumParameters>(node);
  const double input = static_cast<double>(node.input(0).quantization.scale());
  p.left_shift = left_shift;
  p.input_zero = static_cast<int16_t>(node.input(0).quantization.zero_point());
  p.output_zero = static_cast<int16_t>(node.output().quantization.zero_point());
  set_multiplier(0.5, p.input_multiplier, p.input_shift);
  set_multiplier(2 * input / ((1 << left_shift) * static_cast<double>(node.output().quantization.scale())),
                 p.output_multiplier, p.output_shift);
  return unary_call("cumsum<QuantizedRunning>", parameters_from(p));
}

template <ElementType type>
bool fits(const NodeView &node) {
  return unary_types_are(node, type, type);
}

Cost cost(const NodeView &node) { return {.cycles = 15 * static_cast<double>(node.output().elements())}; }

constexpr std::string_view header = "ops/cumsum/cumsum.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "cumsum_int8", .header = header, .fits = fits<int8>, .call = call_int8,
     .host = host_call<cumsum<QuantizedRunning>>, .cost = cost, .overlap = in_place},
    {.name = "cumsum_float", .header = header, .fits = fits<float32>, .call = call_float,
     .host = host_call<cumsum<FloatRunning>>, .cost = cost, .overlap = in_place}};

template <ElementType type>
Graph random_cumsum(std::mt19937 &random) {
  RandomGraphBuilder build(random, "cumsum");
  Shape shape(static_cast<size_t>(build.between(1, 4)));
  for (int64_t &length : shape) length = build.between(1, 6);
  const TensorId data = build.input(type, shape);
  return build.finish({data}, {{"axis", build.between(0, static_cast<int64_t>(shape.size()) - 1)},
                               {"exclusive", build.between(0, 1)},
                               {"reverse", build.between(0, 1)}});
}

constexpr AttributeRules<3> attributes{{{"axis"}, {"exclusive"}, {"reverse"}}};
constexpr RandomGraph random_graphs[] = {random_cumsum<int8>, random_cumsum<float32>};

}  // namespace

extern const OpDef cumsum_op;
constinit const OpDef cumsum_op =
    complete({.name = "cumsum", .summary = "running sums along one axis", .quantization = QuantizationRule::rescale,
              .attributes = attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs,
              .limits = "int8 and float32"});

}  // namespace whit
