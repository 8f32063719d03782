// SPDX-License-Identifier: Apache-2.0
// slice and broadcast_to against values worked out by hand.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int8s = std::vector<int8_t>;

Int8s sliced(Shape begin, Shape size, Shape stride) {
  SingleNode node("slice", {{"begin", begin}, {"size", size}, {"stride", stride}});
  return node.input(int8, {2, 4}, Int8s{0, 1, 2, 3, 4, 5, 6, 7}).run<int8_t>();
}

TEST(Slice, takes_a_part_by_steps_in_either_direction) {
  EXPECT_EQ(sliced({0, 1}, {2, 2}, {1, 1}), (Int8s{1, 2, 5, 6}));
  EXPECT_EQ(sliced({0, 0}, {2, 2}, {1, 2}), (Int8s{0, 2, 4, 6}));
  EXPECT_EQ(sliced({1, 3}, {2, 4}, {-1, -1}), (Int8s{7, 6, 5, 4, 3, 2, 1, 0}));
}

TEST(Slice, refuses_what_reaches_outside) {
  EXPECT_THROW(sliced({0, 3}, {2, 2}, {1, 1}), UserError);
  EXPECT_THROW(sliced({0, 0}, {2, 3}, {1, 2}), UserError);
  EXPECT_THROW(sliced({0, 1}, {2, 3}, {1, -1}), UserError);
  EXPECT_THROW(sliced({0, -1}, {2, 1}, {1, 1}), UserError);
  EXPECT_THROW(sliced({0, 0}, {2, 0}, {1, 1}), UserError);
  EXPECT_THROW(sliced({0, 0}, {2, 2}, {1, 0}), UserError);
  EXPECT_THROW(sliced({0}, {2}, {1}), UserError);
}

TEST(BroadcastTo, repeats_axes_of_length_1) {
  SingleNode node("broadcast_to", {{"shape", Shape{2, 2, 3}}});
  node.input(int8, {2, 1}, Int8s{1, 2});
  EXPECT_EQ(node.run<int8_t>(), (Int8s{1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2}));
  SingleNode wrong("broadcast_to", {{"shape", Shape{3}}});
  EXPECT_THROW(wrong.input(int8, {2}, Int8s{1, 2}).run<int8_t>(), UserError);
}

}  // namespace
}  // namespace whit
