// SPDX-License-Identifier: Apache-2.0
// linear against sums worked out by hand, and what is refused.
#include "ops/linear/linear.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "ops/single_node.hpp"

namespace whit {
namespace {

// Rows (1 2) + 10, (-3 0) + 20, (0 5) - 1.
SingleNode node(const std::string &result, std::vector<int16_t> data) {
  SingleNode single("linear", {{"result", result}, {"scale", 0.5}});
  single.input<int16_t>(ElementType::int16, {1, 2}, std::move(data));
  single.constant<int16_t>(ElementType::int16, {3, 2}, {1, 2, -3, 0, 0, 5});
  single.constant<int32_t>(ElementType::int32, {3}, {10, 20, -1});
  return single;
}

TEST(Linear, sums_weighted_features) {
  EXPECT_EQ(node("scores", {4, -1}).run<int32_t>(), (std::vector<int32_t>{12, 8, -6}));
  EXPECT_EQ(node("reals", {4, -1}).run<float>(), (std::vector<float>{6, 4, -3}));
}

TEST(Linear, integers_are_shifted_sums) {
  SingleNode single("linear", {{"result", "integers"}, {"shift", int64_t{3}}});
  single.input<int8_t>(ElementType::int8, {1, 2}, {4, -1});
  single.constant<int8_t>(ElementType::int8, {2, 2}, {1, 2, -3, 0});
  single.constant<int32_t>(ElementType::int32, {2}, {10, 4});
  EXPECT_EQ(single.run<int16_t>(), (std::vector<int16_t>{1, -1}));  // 12 / 8, -8 / 8
  SingleNode relu("linear", {{"result", "integers"}, {"activation", "relu"}});
  relu.input<int16_t>(ElementType::int16, {1, 1}, {300});
  relu.constant<int16_t>(ElementType::int16, {3, 1}, {200, -200, 7});
  relu.constant<int32_t>(ElementType::int32, {3}, {0, 0, 1});
  EXPECT_EQ(relu.run<int16_t>(), (std::vector<int16_t>{32767, 0, 2101}));
}

TEST(Linear, names_the_first_of_the_largest) {
  EXPECT_EQ(node("label", {4, -1}).run<uint8_t>(), std::vector<uint8_t>{0});
  EXPECT_EQ(node("label", {0, 9}).run<uint8_t>(), std::vector<uint8_t>{2});
  EXPECT_EQ(node("label", {2, 1}).run<uint8_t>(), std::vector<uint8_t>{0});  // 14, 14, 4
}

TEST(Linear, pairs_vote) {
  EXPECT_EQ(node("pairs", {9, 0}).run<uint8_t>(), std::vector<uint8_t>{2});  // 19, -7, -1: votes for 0, 2, 2
}

TEST(Linear, floats_keep_their_sums) {
  SingleNode single("linear", {{"result", "label"}});
  single.input<float>(ElementType::float32, {1, 2}, {0.5F, -1.0F});
  single.constant<float>(ElementType::float32, {1, 2}, {1.0F, 0.25F});
  single.constant<float>(ElementType::float32, {1}, {-0.25F});
  EXPECT_EQ(single.run<uint8_t>(), std::vector<uint8_t>{0});  // exactly 0
}

}  // namespace
}  // namespace whit
