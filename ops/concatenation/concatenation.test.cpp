// SPDX-License-Identifier: Apache-2.0
// concatenation against values worked out by hand.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int8s = std::vector<int8_t>;

const Quantization quantization{.scales = {0.5F}, .zero_points = {-7}};
const Quantization another{.scales = {0.25F}, .zero_points = {-7}};

TEST(Concatenation, joins_inputs_and_constants_along_the_inner_axis) {
  SingleNode node("concatenation", {{"axis", int64_t{1}}});
  node.input(int8, {2, 2}, Int8s{1, 2, 3, 4}, quantization)
      .constant(int8, {2, 1}, Int8s{9, 8}, quantization)
      .input(int8, {2, 1}, Int8s{5, 6}, quantization);
  EXPECT_EQ(node.run<int8_t>(quantization), (Int8s{1, 2, 9, 5, 3, 4, 8, 6}));
}

TEST(Concatenation, joins_wide_elements_along_the_outer_axis) {
  SingleNode node("concatenation", {{"axis", int64_t{0}}});
  node.input(float32, {1, 2}, std::vector<float>{1, 2}).input(float32, {2, 2}, std::vector<float>{3, 4, 5, 6});
  EXPECT_EQ(node.run<float>(), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(node.output_shape(), (Shape{3, 2}));
}

TEST(Concatenation, refuses_shapes_and_scales_that_do_not_join) {
  const auto joined = [](int64_t axis, Shape second, const Quantization &scale) {
    SingleNode node("concatenation", {{"axis", axis}});
    const auto elements = static_cast<size_t>(element_count(second));
    node.input(int8, {1, 2}, Int8s{1, 2}, quantization).input(int8, std::move(second), Int8s(elements), scale);
    return node.run<int8_t>(quantization);
  };
  EXPECT_EQ(joined(0, {1, 2}, quantization), (Int8s{1, 2, 0, 0}));
  EXPECT_THROW(joined(0, {1, 3}, quantization), UserError);
  EXPECT_THROW(joined(2, {1, 2}, quantization), UserError);
  EXPECT_THROW(joined(-1, {1, 2}, quantization), UserError);
  EXPECT_THROW(joined(0, {2}, quantization), UserError);
  EXPECT_THROW(joined(0, {1, 2}, another), UserError);
}

TEST(Concatenation, tells_what_no_kernel_is_for) {
  SingleNode node("concatenation", {{"axis", int64_t{0}}});
  node.input(int8, {1}, Int8s{1}, quantization).constant(int8, {1}, Int8s{1}, another);
  try {
    node.run<int8_t>(quantization);
    ADD_FAILURE() << "no error";
  } catch (const UserError &error) {
    EXPECT_NE(std::string(error.what()).find("no kernel for int8 1 (scale 0.5, zero point -7), constant int8 1 (scale 0.25, zero point -7) to int8 2"),
              std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace whit
