// SPDX-License-Identifier: Apache-2.0
// The check goes into the bodies of branches and loops.
#include "compiler/importers/tflite/weights.hpp"

#include "ops/accumulator_bounds.hpp"

namespace whit {

namespace {

void check_node(const NodeView &node) {
  for (const auto &body : node.node().bodies) check_weights(*body);
  if (operator_of(node.node()).weight_order == WeightOrder::none) return;
  const Tensor &weights = node.input(1);
  for (int64_t zero_point : weights.quantization.zero_points)
    if (weights.type == ElementType::int8 && zero_point != 0)
      throw UserError({node.place(), fmt::format("computed int8 weights with zero point {}", zero_point), "zero point 0",
                       "convert the model with symmetric weights, as the format specifies"});
  check_sums(node);
}

}  // namespace

void check_weights(const Graph &graph) {
  Problems problems;
  for (const Node &node : graph.nodes) {
    const NodeView view(graph, node);
    try {
      check_node(view);
    } catch (const UserError &error) {
      for (Problem problem : error.problems()) {
        if (problem.place.empty()) problem.place = view.place();
        problems.add(std::move(problem));
      }
    }
  }
  problems.throw_if_any();
}

}  // namespace whit
