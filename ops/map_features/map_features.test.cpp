// SPDX-License-Identifier: Apache-2.0
// map_features against values worked out by hand, and what is refused.
#include "ops/map_features/map_features.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ops/single_node.hpp"

namespace whit {
namespace {

// Output 0: feature 1, knots (0, 10), (4, 18); output 1: feature 0, one knot (5, 7).
SingleNode node(int64_t lines, std::vector<int8_t> data, std::vector<int32_t> places = {0, 4, 5}) {
  SingleNode single("map_features", {{"lines", lines}});
  single.input<int8_t>(ElementType::int8, {1, 2}, std::move(data));
  single.constant<int16_t>(ElementType::int16, {2}, {1, 0});
  single.constant<int32_t>(ElementType::int32, {2}, {2, 3});
  single.constant<int32_t>(ElementType::int32, {3}, std::move(places));
  single.constant<int16_t>(ElementType::int16, {3}, {10, 18, 7});
  return single;
}

TEST(MapFeatures, steps_take_the_last_knot_not_above) {
  EXPECT_EQ(node(0, {9, -1}).run<int16_t>(), (std::vector<int16_t>{10, 7}));
  EXPECT_EQ(node(0, {0, 3}).run<int16_t>(), (std::vector<int16_t>{10, 7}));
  EXPECT_EQ(node(0, {0, 4}).run<int16_t>(), (std::vector<int16_t>{18, 7}));
}

TEST(MapFeatures, lines_run_between_knots) {
  EXPECT_EQ(node(1, {0, 3}).run<int16_t>(), (std::vector<int16_t>{16, 7}));
  EXPECT_EQ(node(1, {0, 99}).run<int16_t>(), (std::vector<int16_t>{18, 7}));
}

TEST(MapFeatures, lines_hand_on_what_is_missing) {
  for (const int64_t lines : {0, 1}) {
    SingleNode single("map_features", {{"lines", lines}});
    single.input<float>(ElementType::float32, {1, 1}, {std::numeric_limits<float>::quiet_NaN()});
    single.constant<int16_t>(ElementType::int16, {1}, {0});
    single.constant<int32_t>(ElementType::int32, {1}, {2});
    single.constant<float>(ElementType::float32, {2}, {0, 4});
    single.constant<float>(ElementType::float32, {2}, {10, 18});
    const float value = single.run<float>()[0];
    EXPECT_EQ(std::isnan(value), lines == 1);
  }
}

TEST(MapFeatures, knots_rise) { EXPECT_THROW(node(0, {0, 0}, {4, 4, 5}).run<int16_t>(), UserError); }

}  // namespace
}  // namespace whit
