// SPDX-License-Identifier: Apache-2.0
// Functions of one number against the C library, and integers against values worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Floats = std::vector<float>;
using Int8s = std::vector<int8_t>;

Quantization quantization(float scale, int64_t zero) { return {.scales = {scale}, .zero_points = {zero}}; }

Floats results(const std::string &op, const Floats &values) {
  return SingleNode(op).input(float32, {static_cast<int64_t>(values.size())}, values).run<float>();
}

Floats steps(float low, float high) {
  Floats values;
  for (int step = 0; step <= 1000; ++step) values.push_back(low + (high - low) * static_cast<float>(step) / 1000.0F);
  return values;
}

// Within `relative` of the size of the exact value and `absolute`.
void expect_close(const std::string &op, const Floats &values, double (*exact)(double), double relative, double absolute) {
  const Floats found = results(op, values);
  for (size_t i = 0; i < values.size(); ++i) {
    const double expected = exact(values[i]);
    EXPECT_NEAR(found[i], expected, relative * std::abs(expected) + absolute) << op << " of " << values[i];
  }
}

TEST(Math, exact_functions) {
  const Floats values = {-2.5F, -1.5F, -0.5F, 0.0F, 0.5F, 1.5F, 2.5F, 1e10F};
  EXPECT_EQ(results("floor", values), (Floats{-3, -2, -1, 0, 0, 1, 2, 1e10F}));
  EXPECT_EQ(results("ceil", values), (Floats{-2, -1, 0, 0, 1, 2, 3, 1e10F}));
  EXPECT_EQ(results("round", values), (Floats{-2, -2, 0, 0, 0, 2, 2, 1e10F}));
  EXPECT_EQ(results("abs", {-2, 3}), (Floats{2, 3}));
  EXPECT_EQ(results("neg", {-2, 3}), (Floats{2, -3}));
  EXPECT_EQ(results("square", {-2, 3}), (Floats{4, 9}));
}

TEST(Math, roots_are_rounded_correctly) {
  for (float value : {1e-45F, 1e-30F, 0.25F, 2.0F, 3.0F, 16777215.0F, 3e38F})
    EXPECT_EQ(results("sqrt", {value})[0], std::sqrt(value)) << value;
  EXPECT_EQ(results("rsqrt", {4.0F})[0], 0.5F);
  EXPECT_TRUE(std::isnan(results("sqrt", {-1.0F})[0]));
}

TEST(Math, others_agree_with_the_library) {
  expect_close("log", steps(1e-3F, 100.0F), std::log, 3e-7, 1e-9);
  expect_close("exp", steps(-20.0F, 20.0F), std::exp, 4e-7, 0);
  expect_close("sin", steps(-100.0F, 100.0F), std::sin, 0, 2e-7);
  expect_close("cos", steps(-100.0F, 100.0F), std::cos, 0, 2e-7);
  expect_close("elu", steps(-5.0F, 1.0F), [](double x) { return x < 0 ? std::expm1(x) : x; }, 4e-7, 0);
  EXPECT_EQ(results("log", {0.0F})[0], -std::numeric_limits<float>::infinity());
}

TEST(Math, of_large_small_and_no_numbers) {
  using Limits = std::numeric_limits<float>;
  expect_close("exp", steps(-103.0F, -80.0F), std::exp, 4e-7, 2e-45);
  expect_close("exp", steps(80.0F, 88.7F), std::exp, 4e-7, 0);
  EXPECT_EQ(results("exp", {-200.0F, 88.8F, 1e30F, -Limits::infinity()}), (Floats{0, Limits::infinity(), Limits::infinity(), 0}));
  for (const char *op : {"exp", "logistic", "tanh", "sin", "cos"})
    EXPECT_TRUE(std::isnan(results(op, {Limits::quiet_NaN()})[0])) << op;
  Floats large = steps(8000.0F, 8400.0F);
  for (float value = 1e4F; value < Limits::max() / 3.0F; value *= -2.7F) large.push_back(value);
  expect_close("sin", large, std::sin, 0, 2e-7);
  expect_close("cos", large, std::cos, 0, 2e-7);
  EXPECT_TRUE(std::isnan(results("sin", {Limits::infinity()})[0]));
}

TEST(Math, int8) {
  EXPECT_EQ(SingleNode("abs").input(int8, {3}, Int8s{-6, 14, -128}, quantization(0.5F, 4)).run<int8_t>(quantization(0.5F, -3)),
            (Int8s{7, 7, 127}));
  EXPECT_EQ(SingleNode("abs").input(int8, {2}, Int8s{-6, 14}, quantization(0.5F, 4)).run<int8_t>(quantization(1.0F, 0)),
            (Int8s{5, 5}));
  EXPECT_EQ(SingleNode("abs").input(int8, {2}, Int8s{-128, 127}, quantization(1e-6F, 0)).run<int8_t>(quantization(1e6F, -5)),
            (Int8s{-5, -5}));
  EXPECT_EQ(SingleNode("rsqrt").input(int8, {3}, Int8s{4, 16, 0}, quantization(1.0F, 0)).run<int8_t>(quantization(0.125F, 0)),
            (Int8s{4, 2, 127}));
  EXPECT_EQ(SingleNode("elu").input(int8, {2}, Int8s{8, -128}, quantization(0.25F, 0)).run<int8_t>(quantization(0.125F, 1)),
            (Int8s{17, -7}));
}

}  // namespace
}  // namespace whit
