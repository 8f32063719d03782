// SPDX-License-Identifier: Apache-2.0
// Shared facts of operators on single elements.
#include "ops/unary.hpp"

#include <algorithm>

#include "ops/random_graph.hpp"

namespace whit {

std::vector<TensorType> infer_same(const NodeView &node) { return {{node.input(0).type, node.input(0).shape}}; }

bool unary_types_are(const NodeView &node, ElementType input, ElementType output) {
  const auto is = [](const Tensor &tensor, ElementType type) {
    return tensor.type == type && (type != ElementType::int16 || tensor.quantization.zero_point() == 0);
  };
  return is(node.input(0), input) && is(node.output(), output);
}

int32_t count_of(const NodeView &node) { return static_cast<int32_t>(node.output().elements()); }

KernelCall unary_call(std::string function, KernelParameters parameters) {
  return {.function = std::move(function), .parameters = std::move(parameters),
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

std::vector<Overlap> unary_overlap(const NodeView &node) {
  // Element i is written after input i is read: delta + (i + 1) * output width <= (i + 1) * input width for all but
  // the last element, behind which nothing is read.
  const int64_t gain = (bits_of(node.input(0).type) - bits_of(node.output().type)) / 8;
  const int64_t before_last = node.output().elements() - 1;
  return {{.input = 0, .at_most = std::min(gain, gain * std::max<int64_t>(1, before_last))}};
}

Graph random_unary(std::mt19937 &random, std::string op, ElementType type, Attributes attributes) {
  RandomGraphBuilder build(random, std::move(op));
  const TensorId data = build.input(type, {1, build.between(1, 7), build.between(1, 7), build.between(1, 7)});
  return build.finish({data}, std::move(attributes));
}

}  // namespace whit
