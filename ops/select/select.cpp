// SPDX-License-Identifier: Apache-2.0
// The select operator: inputs condition (boolean), first and second (of one type and scale).
#define WHIT_HOST
#include "ops/select/select.kernel.hpp"

#include "ops/each_type.hpp"
#include "ops/elementwise/pair.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

std::vector<TensorType> infer(const NodeView &node) {
  if (node.input(0).type != ElementType::boolean || node.input(1).type != node.input(2).type)
    throw UserError({node.place(),
                     fmt::format("chooses by {} between {} and {}", name_of(node.input(0).type),
                                 name_of(node.input(1).type), name_of(node.input(2).type)),
                     "a boolean condition and two inputs of one type", "the model file may be damaged"});
  return {{node.input(1).type, broadcast_shape(node, 3)}};
}

template <ElementType type>
bool fits(const NodeView &node) {
  return node.output().type == type && walkable(broadcast_box(node, 3));
}

KernelCall call(const NodeView &node) {
  const auto source = [&](size_t input) { return node.input(input).is_constant() ? "FromConstant" : "FromMemory"; };
  KernelCall call{.function = fmt::format("select<{}, {}, {}, {}>", c_type_of(node.output().type), source(0), source(1),
                                          source(2)),
                  .constants = {box_constant(broadcast_box(node, 3))},
                  .arguments = {constant_argument(0)}};
  for (size_t input : {0, 1, 2})
    add_operand(call, node, input, node.input(input).is_constant() ? *node.input(input).constant : Bytes{});
  call.arguments.push_back(output_argument());
  return call;
}

Cost cost(const NodeView &node) { return {.cycles = 15 * static_cast<double>(node.output().elements())}; }

template <ElementType type, typename T>
constexpr Kernel kernel(std::string_view name) {
  return {.name = name, .header = "ops/select/select.kernel.hpp", .fits = fits<type>, .call = call,
          .host = host_call<select<T, FromMemory, FromMemory, FromMemory>>, .cost = cost, .layouts = any_same_layout};
}

constexpr Kernel kernels[] = {WHIT_KERNEL_OF_EACH_TYPE(kernel, "select")};

template <ElementType type>
Graph random_select(std::mt19937 &random) {
  RandomGraphBuilder build(random, "select");
  const Shape whole = {build.between(1, 4), build.between(1, 4), build.between(1, 4), build.between(1, 4)};
  const auto shape = [&] { return build.between(0, 1) == 1 ? whole : random_partner(random, whole); };
  const TensorId condition = build.input(ElementType::boolean, shape()), first = build.input(type, shape());
  const TensorId second = build.between(0, 2) == 0 ? build.constant(type, shape()) : build.input(type, shape());
  const Quantization quantization = build.graph().tensor(first).quantization;
  build.graph().tensor(second).quantization = quantization;
  Graph graph = build.finish({condition, first, second}, {});
  graph.tensor(graph.outputs[0]).quantization = quantization;
  return graph;
}

constexpr RandomGraph random_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_select)};
constexpr AttributeRules<0> attributes{};

}  // namespace

extern const OpDef select_op;
constinit const OpDef select_op =
    complete({.name = "select", .summary = "one of two values by a condition, broadcast", .least_inputs = 3,
              .most_inputs = 3, .quantization = QuantizationRule::convert, .attributes = attributes, .infer = infer,
              .kernels = kernels, .random_graphs = random_graphs, .channel_flow = separate_flow,
              .limits = "every type but int4; both choices and the result of one scale"});

}  // namespace whit
