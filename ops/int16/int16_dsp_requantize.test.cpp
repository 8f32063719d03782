// SPDX-License-Identifier: Apache-2.0
// One rounding multiplication against the reference's requantisation, and the nodes for which there is none.
#define WHIT_HOST
#include "ops/int16/int16_dsp_requantize.hpp"

#include <gtest/gtest.h>

#include "device/core/requantize_sum.hpp"
#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"
#include "ops/tap_walk.hpp"

namespace whit {
namespace {

int32_t rounded_high_half(int32_t a, int32_t b) {
  return static_cast<int32_t>((static_cast<int64_t>(a) * b + (int64_t{1} << 31)) >> 32);
}

// A 16-bit graph of one conv2d without activation.
Graph plain_graph(std::mt19937 &random) {
  RandomGraphBuilder build(random, "conv2d");
  const TensorId data = build.input(ElementType::int16, {1, 3, 3, 4}), weights = build.weights(ElementType::int8, {5, 1, 1, 4}, 0);
  return build.finish({data, weights, build.bias(data, weights, 5)}, {});
}

TEST(Int16DspRequantize, is_the_reference) {
  std::mt19937 random(3);
  size_t compared = 0;
  for (int repeat = 0; repeat < 200; ++repeat) {
    const Graph graph = plain_graph(random);
    const NodeView node(graph, graph.nodes[0]);
    const auto requantize = int16_dsp_requantize(node);
    if (!requantize) continue;
    const auto factors = tap_walk_multipliers(node);
    for (size_t channel = 0; channel < factors.size(); ++channel)
      for (int draw = 0; draw < 100; ++draw, ++compared) {
        const auto sum = static_cast<int32_t>(random());
        EXPECT_EQ(rounded_high_half(sum, requantize->multipliers[channel]),
                  requantize_sum(static_cast<int64_t>(sum), factors[channel].multiplier, static_cast<int8_t>(factors[channel].shift)));
      }
  }
  EXPECT_GT(compared, 1000U);
}

TEST(Int16DspRequantize, none_where_sums_may_leave_32_bits) {
  std::mt19937 random(3);
  Graph graph = plain_graph(random);
  while (!int16_dsp_requantize(NodeView(graph, graph.nodes[0]))) graph = plain_graph(random);
  Tensor &bias = graph.tensor(graph.nodes[0].inputs[2]);
  for (const int64_t large : {int64_t{1} << 31, -(int64_t{1} << 31), std::numeric_limits<int64_t>::min()}) {
    bias.constant = std::make_shared<const Bytes>(bytes_of(std::vector<int64_t>(5, large)));
    EXPECT_FALSE(int16_dsp_requantize(NodeView(graph, graph.nodes[0])));
  }
}

}  // namespace
}  // namespace whit
