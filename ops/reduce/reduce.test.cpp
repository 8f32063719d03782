// SPDX-License-Identifier: Apache-2.0
// Reductions, positions of extremes and running sums against values worked out by hand.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Floats = std::vector<float>;
using Int8s = std::vector<int8_t>;

const Floats data = {1, 5, -2, 0, 3, 4};

Floats reduced(const std::string &op, std::vector<int64_t> axes) {
  return SingleNode(op, {{"axes", std::move(axes)}}).input(float32, {2, 3}, data).run<float>();
}

TEST(Reduce, over_the_axes_it_is_told) {
  EXPECT_EQ(reduced("reduce_max", {0}), (Floats{1, 5, 4}));
  EXPECT_EQ(reduced("reduce_max", {0, 1}), (Floats{5}));
  EXPECT_EQ(reduced("reduce_min", {1}), (Floats{-2, 0}));
  EXPECT_EQ(reduced("sum", {-1}), (Floats{4, 7}));
}

// Axes that alternate more often than mean's kernel allows.
TEST(Reduce, alternating_axes) {
  SingleNode node("sum", {{"axes", std::vector<int64_t>{0, 2, 4}}, {"keep_axes", int64_t{1}}});
  EXPECT_EQ(node.input(float32, {2, 2, 2, 2, 2}, Floats(32, 1.0F)).run<float>(), (Floats(4, 8.0F)));
  EXPECT_EQ(node.output_shape(), (Shape{1, 2, 1, 2, 1}));
}

TEST(Reduce, sum_of_int8_changes_the_scale) {
  SingleNode node("sum", {{"axes", std::vector<int64_t>{1}}});
  node.input(int8, {2, 2}, Int8s{5, 9, 1, 127}, {.scales = {0.5F}, .zero_points = {1}});
  EXPECT_EQ(node.run<int8_t>({.scales = {1.0F}, .zero_points = {-1}}), (Int8s{5, 62}));
}

TEST(ArgExtreme, is_the_first_of_equal_values) {
  const Floats values = {1, 3, 3, 0, 0, 2};
  const auto places = [&](const std::string &op, int64_t axis) {
    return SingleNode(op, {{"axis", axis}}).input(float32, {2, 3}, values).run<int32_t>();
  };
  EXPECT_EQ(places("arg_max", 1), (std::vector<int32_t>{1, 2}));
  EXPECT_EQ(places("arg_min", 1), (std::vector<int32_t>{0, 0}));
  EXPECT_EQ(places("arg_max", 0), (std::vector<int32_t>{0, 0, 0}));
  EXPECT_THROW(places("arg_max", 2), UserError);
}

TEST(Cumsum, in_both_directions_with_and_without_the_value_itself) {
  const auto sums = [](int64_t axis, int64_t exclusive, int64_t reverse) {
    SingleNode node("cumsum", {{"axis", axis}, {"exclusive", exclusive}, {"reverse", reverse}});
    return node.input(float32, {2, 3}, data).run<float>();
  };
  EXPECT_EQ(sums(1, 0, 0), (Floats{1, 6, 4, 0, 3, 7}));
  EXPECT_EQ(sums(1, 1, 0), (Floats{0, 1, 6, 0, 0, 3}));
  EXPECT_EQ(sums(1, 0, 1), (Floats{4, 3, -2, 7, 7, 4}));
  EXPECT_EQ(sums(0, 0, 0), (Floats{1, 5, -2, 1, 8, 2}));
}

}  // namespace
}  // namespace whit
