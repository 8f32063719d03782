// SPDX-License-Identifier: Apache-2.0
// The circular_buffer operator: inference, kernel and the facts it declares.
#define WHIT_HOST
#include "ops/circular_buffer/circular_buffer.hpp"

#include "ops/circular_buffer/circular_buffer.kernel.hpp"
#include "ops/random_graph.hpp"
#include "ops/states.hpp"

namespace whit {

namespace {

using enum ElementType;

int64_t slots_of(const NodeView &node) { return limited(node, "slots", 1, 1 << 20); }
int64_t cycles_of(const NodeView &node) { return limited(node, "cycles", 1, INT32_MAX); }

std::vector<TensorType> infer(const NodeView &node) {
  const std::vector<TensorType> states = circular_buffer_states(node);
  Shape shape = node.input(0).shape;
  shape[1] = slots_of(node);
  return with_states(node, {{node.input(0).type, shape}, {boolean, {1}}}, states);
}

bool fits(const NodeView &node) { return node.input(0).type == int8 && node.output().type == int8; }

KernelCall call(const NodeView &node) {
  const CircularBufferParameters parameters{static_cast<int32_t>(node.input(0).elements()),
                                            static_cast<int32_t>(node.output().elements()),
                                            static_cast<int32_t>(cycles_of(node))};
  return {.function = "circular_buffer",
          .parameters = parameters_from(parameters),
          .arguments = {parameters_argument(), input_argument(0), output_argument(2), output_argument(3),
                        output_argument(0), output_argument(1)}};
}

Cost cost(const NodeView &node) { return {.cycles = 10 * static_cast<double>(node.output().elements())}; }

constexpr Kernel kernels[] = {{.name = "circular_buffer_int8",
                               .header = "ops/circular_buffer/circular_buffer.kernel.hpp", .fits = fits, .call = call,
                               .host = host_call<circular_buffer>, .cost = cost}};

Graph random_buffer(std::mt19937 &random) {
  RandomGraphBuilder build(random, "circular_buffer");
  const TensorId data = build.input(int8, {1, 1, build.between(1, 3), build.between(1, 6)});
  return random_with_states(build, data, {{"slots", build.between(1, 6)}, {"cycles", build.between(1, 3)}},
                            circular_buffer_states);
}

constexpr RandomGraph random_graphs[] = {random_buffer};
constexpr AttributeRules<2> attributes{{{"slots"}, {"cycles"}}};

}  // namespace

std::vector<TensorType> circular_buffer_states(const NodeView &node) {
  const Shape &shape = node.input(0).shape;
  if (shape.size() != 4 || shape[0] != 1 || shape[1] != 1)
    throw UserError({node.place(), "data " + text_of(shape), "slices of 1x1xWxC", "the model file may be damaged"});
  cycles_of(node);
  return {{node.input(0).type, {slots_of(node), shape[2] * shape[3]}}, {int32, {1}}};
}

extern const OpDef circular_buffer_op;
constinit const OpDef circular_buffer_op =
    complete({.name = "circular_buffer", .summary = "the last slices that came, every so many runs", .least_inputs = 3,
              .most_inputs = 3, .outputs = 4, .attributes = attributes, .infer = infer, .kernels = kernels,
              .random_graphs = random_graphs, .limits = "int8"});

}  // namespace whit
