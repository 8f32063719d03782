// SPDX-License-Identifier: Apache-2.0
// Activations: integers against values worked out by hand and against the real function, floats against the library's.
#include "ops/activation/activation.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int8s = std::vector<int8_t>;
using Floats = std::vector<float>;

Int8s all_int8() {
  Int8s values;
  for (int value = -128; value < 128; ++value) values.push_back(static_cast<int8_t>(value));
  return values;
}

Quantization quantization(float scale, int64_t zero_point) { return {.scales = {scale}, .zero_points = {zero_point}}; }

// The operator on every int8 value stays within one step of `function` on real numbers.
void expect_close(const std::string &op, const Attributes &attributes, Quantization input, Quantization output,
                  const std::function<double(double)> &function) {
  const Int8s results = SingleNode(op, attributes).input(int8, {256}, all_int8(), input).run<int8_t>(output);
  for (int value = -128; value < 128; ++value) {
    const double real = function(static_cast<double>(input.scale()) * static_cast<double>(value - input.zero_point()));
    const double wanted = std::clamp(real / output.scale() + static_cast<double>(output.zero_point()), -128.0, 127.0);
    EXPECT_NEAR(results[static_cast<size_t>(value + 128)], wanted, 1.0) << op << " of " << value;
  }
}

TEST(Activation, relu_changes_the_scale_above_zero) {
  SingleNode node("relu");
  node.input(int8, {5}, Int8s{-128, 9, 10, 12, 127}, quantization(0.5F, 10));
  EXPECT_EQ(node.run<int8_t>(quantization(1.0F, -5)), (Int8s{-5, -5, -5, -4, 54}));
}

TEST(Activation, relu_family_clamps_on_one_scale) {
  const Quantization scale = quantization(0.5F, 10);
  const Int8s values = {-128, 9, 15, 30, 127};
  EXPECT_EQ(SingleNode("relu").input(int8, {5}, values, scale).run<int8_t>(scale), (Int8s{10, 10, 15, 30, 127}));
  EXPECT_EQ(SingleNode("relu6").input(int8, {5}, values, scale).run<int8_t>(scale), (Int8s{10, 10, 15, 22, 22}));
  EXPECT_EQ(SingleNode("relu_n1_to_1").input(int8, {5}, values, scale).run<int8_t>(scale), (Int8s{8, 9, 12, 12, 12}));
}

TEST(Activation, relu_on_int16_changes_the_scale) {
  SingleNode node("relu");
  node.input(int16, {3}, std::vector<int16_t>{-30000, 30000, 3}, quantization(0.25F, 0));
  EXPECT_EQ(node.run<int16_t>(quantization(1.0F, 0)), (std::vector<int16_t>{0, 7500, 1}));
}

TEST(Activation, int8_functions_are_within_a_step) {
  const auto logistic = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
  const auto hard_swish = [](double x) { return x * std::clamp(x + 3.0, 0.0, 6.0) / 6.0; };
  for (float scale : {0.004F, 0.05F, 0.3F}) {
    expect_close("logistic", {}, quantization(scale, 7), quantization(1.0F / 256, -128), logistic);
    expect_close("tanh", {}, quantization(scale, -20), quantization(1.0F / 128, 0), [](double x) { return std::tanh(x); });
    expect_close("hard_swish", {}, quantization(scale, 3), quantization(scale, -4), hard_swish);
    for (double alpha : {0.25, -0.5, 1.5})
      expect_close("leaky_relu", {{"alpha", alpha}}, quantization(scale, 3), quantization(scale * 0.7F, -4),
                   [&](double x) { return x > 0 ? x : alpha * x; });
  }
}

TEST(Activation, float_functions_agree_with_the_library) {
  Floats values;
  for (int step = -4000; step <= 4000; ++step) values.push_back(static_cast<float>(step) * 0.025F);
  const Shape shape = {static_cast<int64_t>(values.size())};
  const Floats logistic = SingleNode("logistic").input(float32, shape, values).run<float>();
  const Floats tanh = SingleNode("tanh").input(float32, shape, values).run<float>();
  for (size_t i = 0; i < values.size(); ++i) {
    const double x = values[i];
    const double expected = 1.0 / (1.0 + std::exp(-x));
    EXPECT_NEAR(logistic[i], expected, 4e-7 * expected + 1e-37) << x;
    EXPECT_NEAR(tanh[i], std::tanh(x), 4e-7 * std::abs(std::tanh(x))) << x;
  }
}

TEST(Activation, float_limits) {
  const Floats values = {-7, -0.5F, 0, 2, 8};
  EXPECT_EQ(SingleNode("relu").input(float32, {5}, values).run<float>(), (Floats{0, 0, 0, 2, 8}));
  EXPECT_EQ(SingleNode("relu6").input(float32, {5}, values).run<float>(), (Floats{0, 0, 0, 2, 6}));
  EXPECT_EQ(SingleNode("relu_n1_to_1").input(float32, {5}, values).run<float>(), (Floats{-1, -0.5F, 0, 1, 1}));
  EXPECT_EQ(SingleNode("leaky_relu", {{"alpha", 0.5}}).input(float32, {5}, values).run<float>(),
            (Floats{-3.5F, -0.25F, 0, 2, 8}));
}

TEST(Activation, outputs_of_another_scale_are_refused) {
  SingleNode node("logistic");
  node.input(int8, {1}, Int8s{0}, quantization(0.1F, 0));
  EXPECT_THROW(node.run<int8_t>(quantization(0.1F, 0)), UserError);
  SingleNode leaky("leaky_relu", {{"alpha", 1e300}});
  EXPECT_THROW(leaky.input(float32, {1}, Floats{1}).run<float>(), UserError);
}

}  // namespace
}  // namespace whit
