// SPDX-License-Identifier: Apache-2.0
// grouped_conv2d against values worked out by hand.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Floats = std::vector<float>;

// Channels 1 2 and 3 4 in two groups; each group's two outputs weigh 1 10 and 100 1000.
TEST(GroupedConv2d, reads_the_channels_of_its_group) {
  SingleNode grouped("grouped_conv2d");
  grouped.input(float32, {1, 1, 1, 4}, Floats{1, 2, 3, 4});
  grouped.constant(float32, {4, 1, 1, 2}, Floats{1, 10, 100, 1000, 1, 10, 100, 1000});
  EXPECT_EQ(grouped.run<float>(), (Floats{21, 2100, 43, 4300}));
}

TEST(GroupedConv2d, takes_images_one_by_one) {
  SingleNode grouped("grouped_conv2d");
  grouped.input(float32, {2, 1, 1, 2}, Floats{1, 2, 3, 4}).constant(float32, {2, 1, 1, 1}, Floats{10, 100});
  EXPECT_EQ(grouped.run<float>(), (Floats{10, 200, 30, 400}));
}

TEST(GroupedConv2d, weights_of_four_bits_are_signed) {
  SingleNode grouped("grouped_conv2d");
  grouped.input(int8, {1, 1, 1, 2}, std::vector<int8_t>{3, 5}, {.scales = {1.0F}, .zero_points = {0}});
  grouped.constant(int4, {2, 1, 1, 1}, std::vector<uint8_t>{0x7F}, {.scales = {1.0F}, .zero_points = {0}});  // -1, 7
  EXPECT_EQ(grouped.run<int8_t>({.scales = {1.0F}, .zero_points = {0}}), (std::vector<int8_t>{-3, 35}));
}

TEST(GroupedConv2d, refuses_groups_that_share_an_output) {
  SingleNode grouped("grouped_conv2d");
  grouped.input(float32, {1, 1, 1, 4}, Floats{1, 2, 3, 4}).constant(float32, {3, 1, 1, 2}, Floats(6, 1));
  EXPECT_THROW(grouped.run<float>(), UserError);
}

}  // namespace
}  // namespace whit
