// SPDX-License-Identifier: Apache-2.0
// The phases of transposed convolutions, run as the convolutions that they are, against the whole.
#include "ops/transpose_conv2d/transpose_conv2d_phases.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "ops/evaluate.hpp"
#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"

namespace whit {
namespace {

// The graph's outputs for those data.
Bytes evaluated(const Graph &graph, const Bytes &data) {
  Evaluator evaluator(graph);
  std::ranges::copy(data, evaluator.bytes(graph.inputs.at(0)).begin());
  evaluator.run();
  const auto output = evaluator.bytes(graph.outputs.at(0));
  return {output.begin(), output.end()};
}

// Puts a phase's outputs in their places, a stride apart.
void scatter(Bytes &whole, const Tensor &output, const TransposePhase &phase, const Bytes &part, int64_t stride_height, int64_t stride_width) {
  const Shape &shape = phase.node().output().shape;
  const int64_t pixel = shape[3] * bits_of(output.type) / 8;
  for (int64_t y = 0; y < shape[1]; ++y)
    for (int64_t x = 0; x < shape[2]; ++x) {
      const int64_t place = (phase.first_row + y * stride_height) * output.shape[2] + phase.first_column + x * stride_width;
      std::copy_n(part.begin() + (y * shape[2] + x) * pixel, pixel, whole.begin() + place * pixel);
    }
}

TEST(TransposeConv2dPhases, are_convolutions_that_fill_the_output) {
  std::mt19937 random(11);
  size_t compared = 0;
  for (const RandomGraph make : find_operator("transpose_conv2d")->random_graphs)
    for (int repeat = 0; repeat < 40; ++repeat) {
      Graph graph = make(random);
      graph.tensor(graph.inputs[0]).shape[0] = graph.tensor(graph.outputs[0]).shape[0] = 1;
      const NodeView node(graph, graph.nodes[0]);
      const Bytes data = random_input(random, graph, graph.inputs[0]), expected = evaluated(graph, data);
      const std::vector<TransposePhase> phases = transpose_phases(node);
      Bytes outputs(expected.size());
      for (TransposePhase phase : phases) {
        phase.graph.inputs = {0};
        phase.graph.outputs = {phase.graph.nodes[0].outputs[0]};
        scatter(outputs, node.output(), phase, evaluated(phase.graph, data), node.attributes().integer("stride_height", 1),
                node.attributes().integer("stride_width", 1));
      }
      if (phases.empty()) continue;
      EXPECT_EQ(outputs, expected) << text_of(node.input(1).shape);
      ++compared;
    }
  EXPECT_GT(compared, 50U);
}

}  // namespace
}  // namespace whit
