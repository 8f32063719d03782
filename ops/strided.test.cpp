// SPDX-License-Identifier: Apache-2.0
// Strides of both layouts, merging of axes, and the device's walk over a merged box.
#include "ops/strided.hpp"

#include <gtest/gtest.h>

#include "device/core/strided.hpp"

namespace whit {
namespace {

TEST(Strided, strides_follow_the_layout) {
  Tensor tensor{.shape = {1, 2, 3, 4}};
  EXPECT_EQ(strides_of(tensor), (std::vector<int64_t>{24, 12, 4, 1}));
  tensor.layout = Layout::planar;
  EXPECT_EQ(strides_of(tensor), (std::vector<int64_t>{24, 3, 1, 6}));
  EXPECT_EQ(axes_in_memory(tensor), (std::vector<size_t>{0, 3, 1, 2}));
}

TEST(Strided, constants_change_their_layout) {
  Tensor tensor{.shape = {1, 1, 3, 2}};
  tensor.constant = std::make_shared<const Bytes>(Bytes{1, 2, 3, 4, 5, 6});
  EXPECT_EQ(bytes_in_layout(tensor, Layout::planar), (Bytes{1, 3, 5, 2, 4, 6}));
  EXPECT_EQ(bytes_in_layout(tensor, Layout::channel_last), (Bytes{1, 2, 3, 4, 5, 6}));
}

TEST(Strided, axes_merge_where_every_operand_steps_evenly) {
  const std::vector<StridedAxis> axes = {{1, {7, 7}}, {2, {12, 0}}, {3, {4, 0}}, {4, {1, 1}}};
  EXPECT_EQ(merge_axes(axes, 2), (std::vector<StridedAxis>{{6, {4, 0}}, {4, {1, 1}}}));
  EXPECT_EQ(merge_axes({}, 1), (std::vector<StridedAxis>{{1, {1}}}));
}

TEST(Strided, walk_visits_every_row_once) {
  const std::vector<StridedAxis> axes = {{2, {100}}, {3, {10}}, {4, {1}}};
  const auto box = values_of<int32_t>(box_constant(axes).bytes);
  StridedWalk<1> walk(box.data());
  EXPECT_EQ(walk.row_length(), 4);
  std::vector<int32_t> offsets;
  do offsets.push_back(walk.offset(0));
  while (walk.next_row());
  EXPECT_EQ(offsets, (std::vector<int32_t>{0, 10, 20, 100, 110, 120}));
}

}  // namespace
}  // namespace whit
