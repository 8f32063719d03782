// SPDX-License-Identifier: Apache-2.0
// select, cast, dynamic_update_slice, resize_bilinear and l2_normalize against values worked out by hand.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Floats = std::vector<float>;
using Int8s = std::vector<int8_t>;

TEST(Select, chooses_value_by_value_and_broadcasts) {
  SingleNode node("select");
  node.input(boolean, {2, 1}, std::vector<uint8_t>{1, 0}).input(float32, {2}, Floats{1, 2}).input(float32, {}, Floats{9});
  EXPECT_EQ(node.run<float>(), (Floats{1, 2, 9, 9}));
  SingleNode wrong("select");
  wrong.input(int8, {1}, Int8s{1}).input(float32, {1}, Floats{1}).input(float32, {1}, Floats{2});
  EXPECT_THROW(wrong.run<float>(), UserError);
}

TEST(DynamicUpdateSlice, writes_within_the_data) {
  const auto updated = [](std::vector<int32_t> begin) {
    SingleNode node("dynamic_update_slice");
    node.input(int8, {2, 3}, Int8s{0, 1, 2, 3, 4, 5}).input(int8, {1, 2}, Int8s{8, 9});
    return node.input(int32, {2}, std::move(begin)).run<int8_t>();
  };
  EXPECT_EQ(updated({1, 0}), (Int8s{0, 1, 2, 8, 9, 5}));
  EXPECT_EQ(updated({-3, 7}), (Int8s{0, 8, 9, 3, 4, 5}));
}

TEST(ResizeBilinear, mixes_neighbours) {
  const auto resized = [](const char *flag) {
    SingleNode node("resize_bilinear", {{"height", int64_t{1}}, {"width", int64_t{4}}, {flag, int64_t{1}}});
    return node.input(float32, {1, 1, 2, 1}, Floats{0, 3}).run<float>();
  };
  EXPECT_EQ(resized("half_pixel"), (Floats{0, 0.75F, 2.25F, 3}));
  EXPECT_EQ(resized("align_corners"), (Floats{0, 1, 2, 3}));
}

TEST(L2Normalize, divides_rows_by_their_length) {
  SingleNode node("l2_normalize");
  EXPECT_EQ(node.input(float32, {2, 2}, Floats{3, 4, 0, -2}).run<float>(), (Floats{0.6F, 0.8F, 0, -1}));
  SingleNode bytes("l2_normalize");
  bytes.input(int8, {2}, Int8s{33, 41}, {.scales = {0.25F}, .zero_points = {1}});
  EXPECT_EQ(bytes.run<int8_t>({.scales = {1.0F / 128}, .zero_points = {0}}), (Int8s{80, 100}));
}

}  // namespace
}  // namespace whit
