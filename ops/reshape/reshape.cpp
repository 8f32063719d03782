// SPDX-License-Identifier: Apache-2.0
// The reshape operator: the same elements in the same order under another shape; attribute "shape", every axis given.
// It needs no code: the output is the input's bytes.
#include <algorithm>

#include "ops/each_type.hpp"
#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

// Without overflow, whatever the axes.
bool has_elements(const Shape &shape, int64_t elements) {
  for (int64_t axis : shape) {
    if (axis < 1 || elements % axis != 0) return false;
    elements /= axis;
  }
  return elements == 1;
}

std::vector<TensorType> infer(const NodeView &node) {
  const Tensor &input = node.input(0);
  const Shape shape = node.attributes().integers("shape");
  if (!has_elements(shape, input.elements()))
    throw UserError({node.place(), fmt::format("reshapes {} to {}", text_of(input.shape), text_of(shape)),
                     "shapes of as many elements as the input", "the model file may be damaged"});
  return {{input.type, shape}};
}

bool fits(const NodeView &node) { return node.input(0).type == node.output().type; }

// Channels keep their places where one last axis is a multiple of the other.
ChannelFlow flow(const NodeView &node) {
  if (node.input(0).shape.empty() || node.output().shape.empty()) return ChannelFlow::mixed;
  const auto [shorter, longer] = std::minmax(node.input(0).shape.back(), node.output().shape.back());
  return longer % shorter == 0 ? ChannelFlow::monotone : ChannelFlow::mixed;
}

Cost no_cost(const NodeView &) { return {}; }

constexpr Kernel kernels[] = {{.name = "reshape_view", .fits = fits, .cost = no_cost, .view = true}};

template <ElementType type>
Graph random_reshape(std::mt19937 &random) {
  RandomGraphBuilder build(random, "reshape");
  const int64_t height = build.between(1, 6), width = build.between(1, 6), channels = build.between(1, 6);
  const TensorId data = build.input(type, {1, height, width, channels});
  return build.finish({data}, {{"shape", Shape{channels, height * width}}});
}

constexpr AttributeRules<1> attributes{{{"shape", AttributeKind::integers}}};
constexpr RandomGraph random_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_reshape)};

}  // namespace

extern const OpDef reshape_op;
constinit const OpDef reshape_op = complete({.name = "reshape", .summary = "the same elements under another shape",
                                             .attributes = attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs, .channel_flow = flow});

}  // namespace whit
