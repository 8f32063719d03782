// SPDX-License-Identifier: Apache-2.0
// quantize and dequantize against values worked out by hand.
#include "ops/quantize/quantize.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int8s = std::vector<int8_t>;
using Floats = std::vector<float>;

Quantization quantization(float scale, int64_t zero_point) { return {.scales = {scale}, .zero_points = {zero_point}}; }
Attributes to(std::string type) { return {{"type", std::move(type)}}; }

TEST(Quantize, rounds_halves_away_from_zero) {
  SingleNode node("quantize", to("int8"));
  node.input(float32, {6}, Floats{0.25F, -0.25F, 0.2F, -0.75F, 1.0F, 0.0F});
  EXPECT_EQ(node.run<int8_t>(quantization(0.5F, 3)), (Int8s{4, 2, 3, 1, 5, 3}));
}

TEST(Quantize, saturates_whatever_comes) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  SingleNode node("quantize", to("int8"));
  node.input(float32, {6}, Floats{1e30F, -1e30F, infinity, -infinity, 62.4F, std::numeric_limits<float>::quiet_NaN()});
  EXPECT_EQ(node.run<int8_t>(quantization(0.5F, 3)), (Int8s{127, -128, 127, -128, 127, -128}));
}

TEST(Quantize, between_int8_and_uint8_moves_by_128) {
  SingleNode node("quantize", to("uint8"));
  node.input(int8, {3}, Int8s{-128, 0, 127}, quantization(0.1F, -5));
  EXPECT_EQ(node.run<uint8_t>(quantization(0.1F, 123)), (std::vector<uint8_t>{0, 128, 255}));
  SingleNode back("quantize", to("int8"));
  back.input(uint8, {3}, std::vector<uint8_t>{0, 128, 255}, quantization(0.1F, 123));
  EXPECT_EQ(back.run<int8_t>(quantization(0.1F, -5)), (Int8s{-128, 0, 127}));
}

// A quarter of 117 is 29.25, rounded twice as the reference does: a half to 59, half of that to 30.
TEST(Quantize, to_another_scale_rounds_half_and_shift) {
  SingleNode node("quantize", to("int8"));
  node.input(int8, {4}, Int8s{14, 13, 7, 127}, quantization(0.25F, 10));
  EXPECT_EQ(node.run<int8_t>(quantization(1.0F, 0)), (Int8s{1, 1, -1, 30}));
}

TEST(Quantize, widens_and_narrows_16_bits) {
  SingleNode wide("quantize", to("int16"));
  wide.input(int8, {2}, Int8s{12, -128}, quantization(1.0F, 2));
  EXPECT_EQ(wide.run<int16_t>(quantization(0.125F, 0)), (std::vector<int16_t>{80, -1040}));
  SingleNode narrow("quantize", to("int8"));
  narrow.input(int16, {2}, std::vector<int16_t>{80, -32768}, quantization(0.125F, 0));
  EXPECT_EQ(narrow.run<int8_t>(quantization(1.0F, 2)), (Int8s{12, -128}));
}

TEST(Quantize, refuses_other_types) {
  EXPECT_THROW(SingleNode("quantize", to("int4")).input(float32, {1}, Floats{1}).run<int8_t>(), UserError);
  EXPECT_THROW(SingleNode("quantize", to("nonsense")).input(float32, {1}, Floats{1}).run<int8_t>(), UserError);
}

TEST(Dequantize, is_scale_times_distance_from_the_zero_point) {
  SingleNode node("dequantize");
  node.input(int8, {3}, Int8s{-128, 3, 127}, quantization(0.1F, 3));
  EXPECT_EQ(node.run<float>(), (Floats{0.1F * -131.0F, 0.0F, 0.1F * 124.0F}));
}

}  // namespace
}  // namespace whit
