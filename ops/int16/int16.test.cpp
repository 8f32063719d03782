// SPDX-License-Identifier: Apache-2.0
// 16-bit data with 8-bit weights, and 16-bit activations, against values worked out by hand and the C library.
#include <gtest/gtest.h>

#include <cmath>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int8s = std::vector<int8_t>;
using Int16s = std::vector<int16_t>;

Quantization scale(float value) { return {.scales = {value}, .zero_points = {0}}; }

// (1000 * 2 + 2000 * -3 + 500) / 4 = -875; with weights -1 and 1: (1000 + 300) / 4.
TEST(Int16, fully_connected_sums_in_64_bits) {
  SingleNode node("fully_connected");
  node.input(int16, {1, 2}, Int16s{1000, 2000}, scale(0.5F));
  node.constant(int8, {2, 2}, Int8s{2, -3, -1, 1}, scale(0.5F)).constant(int64, {2}, std::vector<int64_t>{500, 300});
  EXPECT_EQ(node.run<int16_t>(scale(1.0F)), (Int16s{-875, 325}));
}

// The product with a multiplier of 16 bits is shifted right, never left.
TEST(Int16, factors_too_large_for_sums_of_64_bits_are_refused) {
  SingleNode node("fully_connected");
  node.input(int16, {1, 1}, Int16s{1}, scale(1024.0F));
  node.constant(int8, {1, 1}, Int8s{1}, scale(1.0F)).constant(int64, {1}, std::vector<int64_t>{0});
  EXPECT_EQ(node.run<int16_t>(scale(0.125F)), (Int16s{8192}));
  EXPECT_THROW(node.run<int16_t>(scale(0.015625F)), UserError);
}

TEST(Int16, convolutions) {
  SingleNode conv("conv2d");
  conv.input(int16, {1, 1, 2, 2}, Int16s{100, 200, 300, 400}, scale(1.0F));
  conv.constant(int8, {1, 1, 2, 2}, Int8s{1, 2, 3, 4}, scale(0.5F));
  EXPECT_EQ(conv.run<int16_t>(scale(0.5F)), (Int16s{3000}));
  SingleNode depthwise("depthwise_conv2d");
  depthwise.input(int16, {1, 1, 2, 2}, Int16s{100, 200, 300, 400}, scale(1.0F));
  depthwise.constant(int8, {1, 1, 2, 2}, Int8s{1, 2, 3, 4}, scale(0.5F)).constant(int64, {2}, std::vector<int64_t>{1, -1});
  EXPECT_EQ(depthwise.run<int16_t>(scale(0.5F)), (Int16s{1001, 1999}));
}

TEST(Int16, logistic_and_tanh_follow_the_functions) {
  Int16s values;
  for (int step = -32768; step <= 32767; step += 97) values.push_back(static_cast<int16_t>(step));
  const float input_scale = 1.0F / 4096;
  const Shape shape = {static_cast<int64_t>(values.size())};
  const Int16s logistic = SingleNode("logistic").input(int16, shape, values, scale(input_scale)).run<int16_t>(scale(1.0F / 32768));
  const Int16s tanh = SingleNode("tanh").input(int16, shape, values, scale(input_scale)).run<int16_t>(scale(1.0F / 32768));
  for (size_t i = 0; i < values.size(); ++i) {
    const double x = values[i] * static_cast<double>(input_scale);
    EXPECT_NEAR(logistic[i], std::min(32767.0, 32768.0 / (1.0 + std::exp(-x))), 8) << x;
    EXPECT_NEAR(tanh[i], 32768.0 * std::tanh(x), 24) << x;
  }
}

TEST(Int16, leaky_relu) {
  SingleNode node("leaky_relu", {{"alpha", 0.25}});
  EXPECT_EQ(node.input(int16, {2}, Int16s{1000, -1000}, scale(1.0F)).run<int16_t>(scale(0.5F)), (Int16s{2000, -500}));
}

}  // namespace
}  // namespace whit
