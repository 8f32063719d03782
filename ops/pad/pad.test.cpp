// SPDX-License-Identifier: Apache-2.0
// pad against values worked out by hand.
#include "ops/pad/pad.hpp"

#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int8s = std::vector<int8_t>;

const Quantization quantization{.scales = {0.5F}, .zero_points = {-7}};

SingleNode padded(Attributes attributes) {
  SingleNode node("pad", std::move(attributes));
  node.input(int8, {2, 2}, Int8s{1, 2, 3, 4}, quantization);
  return node;
}

TEST(Pad, puts_the_zero_point_around) {
  SingleNode node = padded({{"padding", Shape{1, 0, 0, 1}}});
  EXPECT_EQ(node.run<int8_t>(quantization), (Int8s{-7, -7, -7, 1, 2, -7, 3, 4, -7}));
}

TEST(Pad, puts_a_given_value_around) {
  EXPECT_EQ(padded({{"padding", Shape{0, 1, 0, 0}}, {"value", int64_t{9}}}).run<int8_t>(quantization),
            (Int8s{1, 2, 3, 4, 9, 9}));
  SingleNode real("pad", {{"padding", Shape{1, 1}}, {"value", -1.5}});
  EXPECT_EQ(real.input(float32, {1}, std::vector<float>{4}).run<float>(), (std::vector<float>{-1.5F, 4, -1.5F}));
}

TEST(Pad, refuses_senseless_borders_and_values) {
  EXPECT_THROW(padded({{"padding", Shape{1, 0}}}).run<int8_t>(quantization), UserError);
  EXPECT_THROW(padded({{"padding", Shape{1, 0, -1, 0}}}).run<int8_t>(quantization), UserError);
  EXPECT_THROW(padded({{"padding", Shape{1, 0, int64_t{1} << 40, 0}}}).run<int8_t>(quantization), UserError);
  EXPECT_THROW(padded({{"padding", Shape{1, 0, 0, 0}}, {"value", int64_t{128}}}).run<int8_t>(quantization), UserError);
  EXPECT_THROW(padded({{"padding", Shape{1, 0, 0, 0}}, {"value", 1.0}}).run<int8_t>(quantization), UserError);
}

}  // namespace
}  // namespace whit
