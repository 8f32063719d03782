// SPDX-License-Identifier: Apache-2.0
// arg_max and arg_min: attribute "axis"; the output is int32.
#define WHIT_HOST
#include "ops/arg/arg.kernel.hpp"

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

using enum ElementType;

std::vector<TensorType> infer(const NodeView &node) {
  Shape shape = node.input(0).shape;
  const int64_t axis = node.attributes().integer("axis");
  if (axis < 0 || axis >= static_cast<int64_t>(shape.size()))
    throw UserError({node.place(), fmt::format("axis {} of an input {}", axis, text_of(shape)), "an axis of the input",
                     "the model file may be damaged"});
  shape.erase(shape.begin() + axis);
  return {{int32, shape}};
}

template <ElementType type>
bool fits(const NodeView &node) {
  return node.input(0).type == type;
}

template <bool largest>
KernelCall call(const NodeView &node) {
  const Shape &shape = node.input(0).shape;
  const auto axis = static_cast<std::ptrdiff_t>(node.attributes().integer("axis"));
  const ArgParameters p{static_cast<int32_t>(element_count(Shape(shape.begin(), shape.begin() + axis))),
                        static_cast<int32_t>(shape[static_cast<size_t>(axis)]),
                        static_cast<int32_t>(element_count(Shape(shape.begin() + axis + 1, shape.end())))};
  return {.function = fmt::format("arg_extreme<{}, {}>", c_type_of(node.input(0).type), largest),
          .parameters = parameters_from(p),
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

Cost cost(const NodeView &node) { return {.cycles = 10 * static_cast<double>(node.input(0).elements())}; }

template <ElementType type, typename T, bool largest>
constexpr Kernel kernel(std::string_view name) {
  return {.name = name, .header = "ops/arg/arg.kernel.hpp", .fits = fits<type>, .call = call<largest>,
          .host = host_call<arg_extreme<T, largest>>, .cost = cost};
}

template <bool largest>
constexpr Kernel kernels[] = {kernel<int8, int8_t, largest>(largest ? "arg_max_int8" : "arg_min_int8"),
                              kernel<int16, int16_t, largest>(largest ? "arg_max_int16" : "arg_min_int16"),
                              kernel<int32, int32_t, largest>(largest ? "arg_max_int32" : "arg_min_int32"),
                              kernel<float32, float, largest>(largest ? "arg_max_float" : "arg_min_float")};

template <bool largest, ElementType type>
Graph random_arg(std::mt19937 &random) {
  RandomGraphBuilder build(random, largest ? "arg_max" : "arg_min");
  Shape shape(static_cast<size_t>(build.between(1, 4)));
  for (int64_t &length : shape) length = build.between(1, 6);
  const TensorId data = build.input(type, shape);
  return build.finish({data}, {{"axis", build.between(0, static_cast<int64_t>(shape.size()) - 1)}});
}

template <bool largest>
constexpr RandomGraph graphs[] = {random_arg<largest, int8>, random_arg<largest, int16>, random_arg<largest, int32>,
                                  random_arg<largest, float32>};
constexpr AttributeRules<1> attributes{{{"axis"}}};

template <bool largest>
consteval OpDef definition(std::string_view name, std::string_view summary) {
  return complete({.name = name, .summary = summary, .quantization = QuantizationRule::convert,
                   .attributes = attributes, .infer = infer, .kernels = kernels<largest>,
                   .random_graphs = graphs<largest>, .limits = "int8, int16, int32 and float32"});
}

}  // namespace

extern const OpDef arg_max_op, arg_min_op;
constinit const OpDef arg_max_op = definition<true>("arg_max", "where the largest value is along one axis");
constinit const OpDef arg_min_op = definition<false>("arg_min", "where the smallest value is along one axis");

}  // namespace whit
