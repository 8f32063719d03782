// SPDX-License-Identifier: Apache-2.0
// add, sub and mul against values worked out by hand.
#include "ops/elementwise/elementwise.hpp"

#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int8s = std::vector<int8_t>;
using Floats = std::vector<float>;

const Quantization unit{.scales = {1.0F}, .zero_points = {0}};
const Quantization half{.scales = {0.5F}, .zero_points = {10}};

TEST(Elementwise, adds_on_different_scales) {
  // 0.5 * (stored - 10) + 1 * stored, in steps of 1: halves go away from zero
  SingleNode node("add");
  node.input(int8, {4}, Int8s{11, 13, 9, 127}, half).input(int8, {4}, Int8s{1, 0, -1, 127}, unit);
  EXPECT_EQ(node.run<int8_t>(unit), (Int8s{2, 2, -2, 127}));
}

TEST(Elementwise, subtracts_the_second) {
  SingleNode node("sub");
  node.input(int8, {3}, Int8s{5, -128, 7}, unit).input(int8, {3}, Int8s{7, 127, 12}, half);
  EXPECT_EQ(node.run<int8_t>(unit), (Int8s{7, -128, 6}));
}

TEST(Elementwise, multiplies_and_clamps_to_the_activation) {
  SingleNode node("mul", {{"activation", std::string("relu6")}});
  node.input(int8, {4}, Int8s{2, 3, -4, 50}, unit).input(int8, {4}, Int8s{16, 12, 14, 14}, half);
  EXPECT_EQ(node.run<int8_t>(unit), (Int8s{6, 3, 0, 6}));
}

TEST(Elementwise, int16_sums_are_exact_on_one_scale) {
  SingleNode node("add");
  node.input(int16, {3}, std::vector<int16_t>{1000, -32768, 32767}, unit)
      .input(int16, {3}, std::vector<int16_t>{-1, -1, 1}, unit);
  EXPECT_EQ(node.run<int16_t>(unit), (std::vector<int16_t>{999, -32768, 32767}));
}

TEST(Elementwise, repeats_both_operands_where_they_have_one) {
  SingleNode node("sub");
  node.input(float32, {2, 1}, Floats{10, 20}).input(float32, {3}, Floats{1, 2, 3});
  EXPECT_EQ(node.run<float>(), (Floats{9, 8, 7, 19, 18, 17}));
  EXPECT_EQ(node.output_shape(), (Shape{2, 3}));
}

TEST(Elementwise, takes_a_constant_on_either_side) {
  EXPECT_EQ(SingleNode("sub").constant(float32, {}, Floats{1}).input(float32, {2}, Floats{3, 5}).run<float>(),
            (Floats{-2, -4}));
  EXPECT_EQ(SingleNode("sub").input(float32, {2}, Floats{3, 5}).constant(float32, {2}, Floats{1, 2}).run<float>(),
            (Floats{2, 3}));
}

TEST(Elementwise, inference_refuses_what_does_not_broadcast) {
  SingleNode node("add");
  node.input(float32, {2, 3}, Floats(6)).input(float32, {2}, Floats(2));
  EXPECT_THROW(node.run<float>(), UserError);
  EXPECT_THROW(SingleNode("add").input(float32, {1}, Floats(1)).input(int8, {1}, Int8s(1)).run<float>(), UserError);
}

}  // namespace
}  // namespace whit
