// SPDX-License-Identifier: Apache-2.0
// nearest_neighbours against values worked out by hand, and what is refused.
#include "ops/nearest_neighbours/nearest_neighbours.hpp"

#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

// Vectors at 0, 1, 4, 5 with the classes 2, 1, 1, 0.
SingleNode node(int64_t neighbours, const std::string &weights, float place) {
  SingleNode single("nearest_neighbours", {{"result", "label"}, {"neighbours", neighbours}, {"classes", int64_t{3}}, {"weights", weights}});
  single.input<float>(ElementType::float32, {1, 1}, {place});
  single.constant<float>(ElementType::float32, {4, 1}, {0, 1, 4, 5});
  single.constant<uint8_t>(ElementType::uint8, {4, 1}, {2, 1, 1, 0});
  return single;
}

TEST(NearestNeighbours, vote_for_the_lowest_of_equal_classes) {
  EXPECT_EQ(node(1, "uniform", 0.4F).run<uint8_t>(), std::vector<uint8_t>{2});
  EXPECT_EQ(node(2, "uniform", 0.4F).run<uint8_t>(), std::vector<uint8_t>{1});  // one vote each
  EXPECT_EQ(node(2, "distance", 0.4F).run<uint8_t>(), std::vector<uint8_t>{2});
  EXPECT_EQ(node(3, "distance", 5.0F).run<uint8_t>(), std::vector<uint8_t>{0});  // at distance 0
}

TEST(NearestNeighbours, integers_give_means) {
  SingleNode single("nearest_neighbours", {{"result", "reals"}, {"neighbours", int64_t{2}}, {"scale", 0.5}, {"metric", "manhattan"}});
  single.input<int8_t>(ElementType::int8, {1, 2}, {10, -10});
  single.constant<int8_t>(ElementType::int8, {3, 2}, {12, -10, 100, 100, 10, -13});
  single.constant<int16_t>(ElementType::int16, {3, 1}, {100, 9999, 50});
  EXPECT_EQ(single.run<float>(), std::vector<float>{37.5F});
}

// 65535 apart squares to more than 31 bits: it counts as 32767, the most for two features; still the farther one.
TEST(NearestNeighbours, far_integers_of_16_bits_do_not_wrap) {
  EXPECT_EQ(farthest_neighbour(2), 32767);
  SingleNode single("nearest_neighbours", {{"result", "label"}, {"neighbours", int64_t{1}}, {"classes", int64_t{2}}});
  single.input<int16_t>(ElementType::int16, {1, 2}, {-32768, -32768});
  single.constant<int16_t>(ElementType::int16, {2, 2}, {32767, 32767, -5000, -5000});
  single.constant<uint8_t>(ElementType::uint8, {2, 1}, {0, 1});
  EXPECT_EQ(single.run<uint8_t>(), std::vector<uint8_t>{1});
}

// Reaches max(3, 4) and max(9, 5), densities 2 and 3: 13 * 5 = 65.
TEST(NearestNeighbours, inliers_are_about_as_dense_as_their_neighbours) {
  for (const auto &[limit, label] : {std::pair{65.0, 1}, {64.0, 0}}) {
    SingleNode single("nearest_neighbours", {{"result", "inlier"}, {"neighbours", int64_t{2}}, {"limit", limit}});
    single.input<uint8_t>(ElementType::uint8, {1, 1}, {10});
    single.constant<uint8_t>(ElementType::uint8, {3, 1}, {6, 15, 200});
    single.constant<int32_t>(ElementType::int32, {3, 2}, {3, 2, 9, 3, 1, 1});
    EXPECT_EQ(single.run<uint8_t>(), std::vector<uint8_t>{static_cast<uint8_t>(label)}) << limit;
  }
}

TEST(NearestNeighbours, refuses_more_neighbours_than_vectors_and_classes_beyond_the_last) {
  EXPECT_THROW(node(5, "uniform", 0).run<uint8_t>(), UserError);
  SingleNode single("nearest_neighbours", {{"classes", int64_t{2}}});
  single.input<float>(ElementType::float32, {1, 1}, {0});
  single.constant<float>(ElementType::float32, {1, 1}, {0});
  single.constant<uint8_t>(ElementType::uint8, {1, 1}, {2});
  EXPECT_THROW(single.run<uint8_t>(), UserError);
}

}  // namespace
}  // namespace whit
