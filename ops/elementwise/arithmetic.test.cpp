// SPDX-License-Identifier: Apache-2.0
// The operators on a pair of elements against values worked out by hand.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Floats = std::vector<float>;
using Int8s = std::vector<int8_t>;
using Booleans = std::vector<uint8_t>;

Quantization quantization(float scale, int64_t zero) { return {.scales = {scale}, .zero_points = {zero}}; }

Floats on_floats(const std::string &op, Floats first, Floats second) {
  const Shape shape = {static_cast<int64_t>(first.size())}, other = {static_cast<int64_t>(second.size())};
  return SingleNode(op).input(float32, shape, std::move(first)).input(float32, other, std::move(second)).run<float>();
}

Booleans compared(const std::string &op, Floats first, Floats second) {
  const Shape shape = {static_cast<int64_t>(first.size())}, other = {static_cast<int64_t>(second.size())};
  return SingleNode(op).input(float32, shape, std::move(first)).input(float32, other, std::move(second)).run<uint8_t>();
}

TEST(Arithmetic, floats) {
  EXPECT_EQ(on_floats("maximum", {1, -2, 3}, {0}), (Floats{1, 0, 3}));
  EXPECT_EQ(on_floats("minimum", {1, -2, 3}, {0}), (Floats{0, -2, 0}));
  EXPECT_EQ(on_floats("squared_difference", {1, -2}, {4, 0}), (Floats{9, 4}));
  EXPECT_EQ(on_floats("div", {1, -3}, {2}), (Floats{0.5F, -1.5F}));
  EXPECT_EQ(on_floats("floor_div", {7, -7}, {2}), (Floats{3, -4}));
  EXPECT_EQ(on_floats("floor_mod", {7, -7, 7}, {3, 3, -3}), (Floats{1, 2, -2}));
  EXPECT_EQ(on_floats("prelu", {4, -4}, {0.25F, 0.25F}), (Floats{4, -1}));
}

TEST(Arithmetic, quotients_are_clamped_by_the_activation) {
  SingleNode node("div", {{"activation", "relu6"}});
  node.input(float32, {3}, Floats{30, 3, -3}).input(float32, {1}, Floats{2});
  EXPECT_EQ(node.run<float>(), (Floats{6, 1.5F, 0}));
}

// (2.5 - 1)^2 = 2.25 on a scale of 1/4 around 1; and (2.5 - 3.5)^2 = 1.
TEST(Arithmetic, squared_difference_of_int8_has_scales_of_its_own) {
  SingleNode node("squared_difference");
  node.input(int8, {2}, Int8s{5, 5}, quantization(0.5F, 0)).input(int8, {2}, Int8s{3, 13}, quantization(0.25F, -1));
  EXPECT_EQ(node.run<int8_t>(quantization(0.25F, 1)), (Int8s{10, 5}));
}

TEST(Arithmetic, prelu_of_int8_scales_what_is_below_the_zero_point) {
  SingleNode node("prelu");
  node.input(int8, {2}, Int8s{14, -6}, quantization(0.5F, 4)).constant(int8, {1}, Int8s{2}, quantization(0.25F, 0));
  EXPECT_EQ(node.run<int8_t>(quantization(0.5F, 0)), (Int8s{10, -5}));
}

TEST(Arithmetic, slopes_may_not_repeat_the_data) {
  SingleNode node("prelu");
  node.input(float32, {1}, Floats{1}).constant(float32, {2}, Floats{1, 2});
  EXPECT_THROW(node.run<float>(), UserError);
}

TEST(Comparison, of_floats) {
  EXPECT_EQ(compared("equal", {1, 2}, {2}), (Booleans{0, 1}));
  EXPECT_EQ(compared("not_equal", {1, 2}, {2}), (Booleans{1, 0}));
  EXPECT_EQ(compared("less", {1, 2, 3}, {2}), (Booleans{1, 0, 0}));
  EXPECT_EQ(compared("less_equal", {1, 2, 3}, {2}), (Booleans{1, 1, 0}));
  EXPECT_EQ(compared("greater", {1, 2, 3}, {2}), (Booleans{0, 0, 1}));
  EXPECT_EQ(compared("greater_equal", {1, 2, 3}, {2}), (Booleans{0, 1, 1}));
}

// 3.0 and 3.0, 3.0 and 3.5 on scales of 1/2 and 1/4.
TEST(Comparison, of_int8_compares_what_the_integers_stand_for) {
  SingleNode node("less");
  node.input(int8, {2}, Int8s{6, 6}, quantization(0.5F, 0)).input(int8, {2}, Int8s{13, 15}, quantization(0.25F, 1));
  EXPECT_EQ(node.run<uint8_t>(), (Booleans{0, 1}));
}

TEST(Comparison, logic) {
  const auto logic = [](const std::string &op) {
    SingleNode node(op);
    return node.input(boolean, {4}, Booleans{0, 0, 1, 1}).input(boolean, {4}, Booleans{0, 1, 0, 1}).run<uint8_t>();
  };
  EXPECT_EQ(logic("logical_and"), (Booleans{0, 0, 0, 1}));
  EXPECT_EQ(logic("logical_or"), (Booleans{0, 1, 1, 1}));
  EXPECT_EQ(SingleNode("logical_not").input(boolean, {2}, Booleans{0, 1}).run<uint8_t>(), (Booleans{1, 0}));
}

TEST(Comparison, refuses_operands_of_two_types) {
  SingleNode node("equal");
  node.input(float32, {1}, Floats{1}).input(int32, {1}, std::vector<int32_t>{1});
  EXPECT_THROW(node.run<uint8_t>(), UserError);
}

}  // namespace
}  // namespace whit
