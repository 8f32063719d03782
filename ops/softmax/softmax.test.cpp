// SPDX-License-Identifier: Apache-2.0
// softmax against the exact function, and its int8 scaling against values worked out by hand.
#include "ops/softmax/softmax.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "ops/evaluate.hpp"

namespace whit {
namespace {

Graph softmax_of(ElementType type, int64_t depth, float scale) {
  Graph graph;
  Tensor input{.name = "in", .type = type, .shape = {1, depth}};
  Tensor output{.name = "out", .type = type, .shape = {1, depth}};
  if (type == ElementType::int8) {
    input.quantization = {.scales = {scale}, .zero_points = {0}};
    output.quantization = {.scales = {1.0F / 256.0F}, .zero_points = {-128}};
  }
  graph.inputs = {graph.add_tensor(input)};
  graph.outputs = {graph.add_tensor(output)};
  graph.nodes.push_back({.op = "softmax", .inputs = graph.inputs, .outputs = graph.outputs});
  return graph;
}

template <typename T>
std::vector<T> evaluate(const Graph &graph, const std::vector<T> &input) {
  Evaluator evaluator(graph);
  const Bytes bytes = bytes_of(input);
  std::copy(bytes.begin(), bytes.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  return values_of<T>(evaluator.bytes(graph.outputs[0]));
}

TEST(Softmax, equal_values_share_equally) {
  EXPECT_EQ(evaluate<int8_t>(softmax_of(ElementType::int8, 4, 0.1F), {5, 5, 5, 5}),
            std::vector<int8_t>(4, 256 / 4 - 128));
}

TEST(Softmax, a_far_larger_value_takes_all) {
  EXPECT_EQ(evaluate<int8_t>(softmax_of(ElementType::int8, 3, 0.5F), {-128, 127, 0}),
            (std::vector<int8_t>{-128, 127, -128}));
}

TEST(Softmax, int8_is_within_one_step_of_the_exact_function) {
  const std::vector<int8_t> input = {-20, 3, 40, 17, -5, 31, 0, 22};
  const auto output = evaluate<int8_t>(softmax_of(ElementType::int8, 8, 0.05F), input);
  double sum = 0;
  for (int8_t value : input) sum += std::exp(0.05 * value);
  for (size_t i = 0; i < input.size(); ++i)
    EXPECT_NEAR(output[i] + 128, 256.0 * std::exp(0.05 * input[i]) / sum, 1.0);
}

TEST(Softmax, int8_rows_of_a_thousand_equal_values_round_to_nothing) {
  EXPECT_EQ(evaluate(softmax_of(ElementType::int8, 1000, 0.1F), std::vector<int8_t>(1000, 7)),
            std::vector<int8_t>(1000, -128));
}

TEST(Softmax, float_is_close_to_the_exact_function) {
  const std::vector<float> input = {-4.0F, 0.5F, 3.25F, -100.0F};
  const auto output = evaluate<float>(softmax_of(ElementType::float32, 4, 0), input);
  double sum = 0;
  for (float value : input) sum += std::exp(static_cast<double>(value));
  for (size_t i = 0; i < input.size(); ++i)
    EXPECT_NEAR(output[i], std::exp(static_cast<double>(input[i])) / sum, 1e-6);
}

TEST(Softmax, scaling_reaches_quarters_in_fixed_point) {
  const SoftmaxScaling scaling = softmax_scaling(1.0, 0.25);  // 2^24 = 2^30 * 2^(25 - 31)
  EXPECT_EQ(scaling.multiplier, 1 << 30);
  EXPECT_EQ(scaling.shift, 25);
  EXPECT_EQ(scaling.least_difference, -62);  // 31 * 2^26 / 2^25
  EXPECT_FALSE(softmax_scaling(1.0, 1e-9).possible);
  EXPECT_FALSE(softmax_scaling(-1.0, 0.25).possible);
}

}  // namespace
}  // namespace whit
