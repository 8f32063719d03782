// SPDX-License-Identifier: Apache-2.0
// add_n against values worked out by hand.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int8s = std::vector<int8_t>;

TEST(AddN, rescales_the_sum_once) {
  const Quantization half{.scales = {0.5F}, .zero_points = {0}};
  SingleNode sum("add_n");
  for (int8_t value : {1, 2, 3}) sum.input(int8, {2}, Int8s{value, 100}, half);
  EXPECT_EQ(sum.run<int8_t>({.scales = {1.0F}, .zero_points = {10}}), (Int8s{13, 127}));
}

TEST(AddN, takes_the_zero_point_off_once_too_often) {
  const Quantization shifted{.scales = {1.0F}, .zero_points = {1}};
  SingleNode sum("add_n");
  for (int count = 0; count < 2; ++count) sum.input(int8, {1}, Int8s{5}, shifted);
  EXPECT_EQ(sum.run<int8_t>({.scales = {1.0F}, .zero_points = {0}}), (Int8s{7}));
}

TEST(AddN, wraps_sums_of_many_inputs_as_the_reference_does) {
  const Quantization one{.scales = {1.0F}, .zero_points = {0}};
  SingleNode sum("add_n");
  for (int count = 0; count < 64; ++count) sum.input(int8, {2}, Int8s{127, 64}, one);
  EXPECT_EQ(sum.run<int8_t>({.scales = {64.0F}, .zero_points = {0}}), (Int8s{-1, -64}));  // 8128 - 8192, 4096 - 8192
}

}  // namespace
}  // namespace whit
