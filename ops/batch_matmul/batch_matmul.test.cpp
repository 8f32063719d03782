// SPDX-License-Identifier: Apache-2.0
// batch_matmul and log_softmax against values worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Floats = std::vector<float>;
using Int8s = std::vector<int8_t>;

TEST(BatchMatmul, multiplies_matrices_either_way_round) {
  const Floats a = {1, 2, 3, 4}, b = {5, 6, 7, 8};
  const auto product = [&](int64_t first, int64_t second) {
    SingleNode node("batch_matmul", {{"transpose_first", first}, {"transpose_second", second}});
    return node.input(float32, {2, 2}, a).input(float32, {2, 2}, b).run<float>();
  };
  EXPECT_EQ(product(0, 0), (Floats{19, 22, 43, 50}));
  EXPECT_EQ(product(1, 0), (Floats{26, 30, 38, 44}));
  EXPECT_EQ(product(0, 1), (Floats{17, 23, 39, 53}));
}

TEST(BatchMatmul, leading_axes_broadcast) {
  SingleNode node("batch_matmul");
  node.input(float32, {2, 1, 2}, Floats{1, 2, 3, 4}).constant(float32, {1, 2, 1}, Floats{10, 1});
  EXPECT_EQ(node.run<float>(), (Floats{12, 34}));
  EXPECT_EQ(node.output_shape(), (Shape{2, 1, 1}));
  SingleNode wrong("batch_matmul");
  EXPECT_THROW(wrong.input(float32, {1, 2}, Floats{1, 2}).input(float32, {3, 1}, Floats{1, 2, 3}).run<float>(), UserError);
}

TEST(BatchMatmul, int8_multiplies_distances_from_the_zero_points) {
  SingleNode node("batch_matmul");
  node.input(int8, {1, 2}, Int8s{3, 5}, {.scales = {0.5F}, .zero_points = {1}});
  node.input(int8, {2, 1}, Int8s{-6, 2}, {.scales = {0.5F}, .zero_points = {-2}});
  EXPECT_EQ(node.run<int8_t>({.scales = {0.25F}, .zero_points = {7}}), (Int8s{15}));
}

TEST(LogSoftmax, is_the_logarithm_of_softmax) {
  const Floats found = SingleNode("log_softmax").input(float32, {1, 2}, Floats{0, std::log(3.0F)}).run<float>();
  EXPECT_NEAR(found[0], std::log(0.25), 1e-6);
  EXPECT_NEAR(found[1], std::log(0.75), 1e-6);
}

}  // namespace
}  // namespace whit
