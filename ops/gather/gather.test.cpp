// SPDX-License-Identifier: Apache-2.0
// gather and gather_nd against values worked out by hand.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int8s = std::vector<int8_t>;
using Places = std::vector<int32_t>;

const Int8s data = {0, 1, 2, 3, 4, 5};

TEST(Gather, takes_slices_along_an_axis) {
  SingleNode rows("gather", {{"axis", int64_t{0}}});
  EXPECT_EQ(rows.input(int8, {3, 2}, data).constant(int32, {2}, Places{2, 0}).run<int8_t>(), (Int8s{4, 5, 0, 1}));
  SingleNode columns("gather", {{"axis", int64_t{1}}});
  EXPECT_EQ(columns.input(int8, {3, 2}, data).input(int32, {1, 1}, Places{1}).run<int8_t>(), (Int8s{1, 3, 5}));
  EXPECT_EQ(columns.output_shape(), (Shape{3, 1, 1}));
}

TEST(Gather, batches_have_positions_of_their_own) {
  SingleNode node("gather", {{"axis", int64_t{1}}, {"batch_axes", int64_t{1}}});
  EXPECT_EQ(node.input(int8, {2, 3}, data).input(int32, {2, 2}, Places{0, 2, 1, 1}).run<int8_t>(), (Int8s{0, 2, 4, 4}));
}

TEST(Gather, positions_beyond_the_ends_are_the_ends) {
  SingleNode node("gather", {{"axis", int64_t{0}}});
  EXPECT_EQ(node.input(int8, {6}, data).input(int32, {3}, Places{-1, 6, INT32_MAX}).run<int8_t>(), (Int8s{0, 5, 5}));
}

TEST(Gather, refuses_axes_that_the_data_lacks) {
  SingleNode node("gather", {{"axis", int64_t{2}}});
  EXPECT_THROW(node.input(int8, {3, 2}, data).input(int32, {1}, Places{0}).run<int8_t>(), UserError);
}

TEST(GatherNd, takes_what_each_row_of_positions_names) {
  SingleNode values("gather_nd");
  EXPECT_EQ(values.input(int8, {3, 2}, data).input(int32, {2, 2}, Places{2, 1, 0, 0}).run<int8_t>(), (Int8s{5, 0}));
  SingleNode rows("gather_nd");
  EXPECT_EQ(rows.input(int8, {3, 2}, data).input(int32, {1, 1}, Places{1}).run<int8_t>(), (Int8s{2, 3}));
  SingleNode deep("gather_nd");
  EXPECT_THROW(deep.input(int8, {6}, data).input(int32, {1, 2}, Places{1, 1}).run<int8_t>(), UserError);
}

}  // namespace
}  // namespace whit
