// SPDX-License-Identifier: Apache-2.0
// transpose_conv2d against values worked out by hand.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Floats = std::vector<float>;
using Int8s = std::vector<int8_t>;

SingleNode node(int64_t width, int64_t padding_left) {
  return SingleNode("transpose_conv2d", {{"height", int64_t{1}}, {"width", width}, {"stride_width", int64_t{2}},
                                         {"padding_left", padding_left}});
}

// Data 1 and 2, window 1 10 100: 1 10 100+2 20 200.
TEST(TransposeConv2d, adds_windows_into_the_output) {
  SingleNode whole = node(5, 0);
  whole.input(float32, {1, 1, 2, 1}, Floats{1, 2}).constant(float32, {1, 1, 3, 1}, Floats{1, 10, 100});
  EXPECT_EQ(whole.run<float>(), (Floats{1, 10, 102, 20, 200}));
}

TEST(TransposeConv2d, padding_cuts_the_beginning_and_the_size_the_end) {
  SingleNode cut = node(4, 1);
  cut.input(float32, {1, 1, 2, 1}, Floats{1, 2}).constant(float32, {1, 1, 3, 1}, Floats{1, 10, 100});
  cut.constant(float32, {1}, Floats{0.5F});
  EXPECT_EQ(cut.run<float>(), (Floats{10.5F, 102.5F, 20.5F, 200.5F}));
}

TEST(TransposeConv2d, int8_sums_distances_from_the_zero_point) {
  SingleNode bytes = node(5, 0);
  bytes.input(int8, {1, 1, 2, 1}, Int8s{3, 4}, {.scales = {0.5F}, .zero_points = {2}});
  bytes.constant(int8, {1, 1, 3, 1}, Int8s{1, 10, 20}, {.scales = {1.0F}, .zero_points = {0}});
  EXPECT_EQ(bytes.run<int8_t>({.scales = {0.5F}, .zero_points = {-1}}), (Int8s{0, 9, 21, 19, 39}));
}

TEST(TransposeConv2d, refuses_sizes_that_make_no_sense) {
  SingleNode none = node(0, 0);
  none.input(float32, {1, 1, 2, 1}, Floats{1, 2}).constant(float32, {1, 1, 3, 1}, Floats{1, 10, 100});
  EXPECT_THROW(none.run<float>(), UserError);
}

}  // namespace
}  // namespace whit
