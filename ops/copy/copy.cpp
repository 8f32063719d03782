// SPDX-License-Identifier: Apache-2.0
// The copy operator: the input's values in a tensor of its own. It takes what a variable holds now, or gives a variable
// its next value.
#define WHIT_HOST
#include "ops/copy/copy.kernel.hpp"

#include "ops/each_type.hpp"
#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

std::vector<TensorType> infer(const NodeView &node) { return {{node.input(0).type, node.input(0).shape}}; }

bool fits(const NodeView &node) { return node.input(0).type == node.output().type; }

KernelCall call(const NodeView &node) {
  return {.function = "copy",
          .parameters = parameters_from(CopyParameters{static_cast<int32_t>(node.output().bytes())}),
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

Cost cost(const NodeView &node) { return {.cycles = 20 + 2 * static_cast<double>(node.output().bytes()), .code_bytes = 16}; }

constexpr Kernel kernels[] = {{.name = "copy", .header = "ops/copy/copy.kernel.hpp", .fits = fits, .call = call,
                               .host = host_call<copy>, .cost = cost, .layouts = any_same_layout}};

template <ElementType type>
Graph random_copy(std::mt19937 &random) {
  RandomGraphBuilder build(random, "copy");
  return build.finish({build.input(type, {build.between(1, 6), build.between(1, 9)})}, {});
}

constexpr RandomGraph random_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_copy)};
constexpr AttributeRules<0> attributes{};

}  // namespace

extern const OpDef copy_op;
constinit const OpDef copy_op =
    complete({.name = "copy", .summary = "the same values elsewhere: what variables are read and written by",
              .attributes = attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs,
              .channel_flow = monotone_flow});

}  // namespace whit
