// SPDX-License-Identifier: Apache-2.0
// scale_features against values worked out by hand, and what is refused.
#include "ops/scale_features/scale_features.hpp"

#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

TEST(ScaleFeatures, integers_are_shifted_and_limited) {
  SingleNode single("scale_features", {{"shift", int64_t{2}}});
  single.input<int16_t>(ElementType::int16, {1, 3}, {10, -3, 1000});
  single.constant<int16_t>(ElementType::int16, {3}, {2, 6, 1});
  single.constant<int32_t>(ElementType::int32, {1}, {2});
  EXPECT_EQ(single.run<int8_t>(), (std::vector<int8_t>{5, -4, 127}));  // 22 / 4, -16 / 4, 1002 / 4
}

TEST(ScaleFeatures, reals_keep_their_limits) {
  SingleNode single("scale_features", {{"least", 0.0}, {"most", 1.0}});
  single.input<float>(ElementType::float32, {1, 3}, {1, 2, -3});
  single.constant<float>(ElementType::float32, {1}, {0.5F});
  single.constant<float>(ElementType::float32, {3}, {0.25F, 0.5F, 0});
  EXPECT_EQ(single.run<float>(), (std::vector<float>{0.75F, 1, 0}));
}

TEST(ScaleFeatures, real_factors_become_the_nearest_integers) {
  Graph graph;
  graph.inputs = {graph.add_tensor({.name = "in", .type = ElementType::int16, .shape = {1, 2}})};
  graph.outputs = {add_scale_features(graph, graph.inputs[0], ElementType::int8, {.factors = {0.01, 0.1}, .offsets = {-1.5, 3}}, "here")};
  Evaluator evaluator(graph);
  const Bytes input = bytes_of<int16_t>({1020, -80});
  std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  EXPECT_EQ(values_of<int8_t>(evaluator.bytes(graph.outputs[0])), (std::vector<int8_t>{9, -5}));  // 8.7 and -5
}

TEST(ScaleFeatures, sums_beyond_32_bits_are_refused) {
  SingleNode single("scale_features");
  single.input<int16_t>(ElementType::int16, {1, 1}, {1});
  single.constant<int16_t>(ElementType::int16, {1}, {32767});
  single.constant<int32_t>(ElementType::int32, {1}, {2147483647});
  EXPECT_THROW(single.run<int8_t>(), UserError);
}

}  // namespace
}  // namespace whit
