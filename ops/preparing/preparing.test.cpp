// SPDX-License-Identifier: Apache-2.0
// normalize_features, feature_products, power_features and pair_probabilities against values worked out by hand, and what is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ops/preparing/feature_products.hpp"
#include "ops/single_node.hpp"

namespace whit {
namespace {

TEST(NormalizeFeatures, rows_are_divided_by_their_size) {
  for (const auto &[norm, expected] : {std::pair<std::string, std::vector<float>>{"l1", {-0.375F, 0.5F, 0.125F}}, {"max", {-0.75F, 1, 0.25F}}}) {
    SingleNode single("normalize_features", {{"norm", norm}});
    single.input<float>(ElementType::float32, {1, 3}, {-3, 4, 1});
    EXPECT_EQ(single.run<float>(), expected) << norm;
  }
  SingleNode length("normalize_features", {{"norm", std::string("l2")}});
  length.input<float>(ElementType::float32, {1, 2}, {3, -4});
  EXPECT_EQ(length.run<float>(), (std::vector<float>{0.6F, -0.8F}));
  SingleNode zeros("normalize_features", {{"norm", std::string("l2")}});
  zeros.input<float>(ElementType::float32, {1, 2}, {0, 0});
  EXPECT_EQ(zeros.run<float>(), (std::vector<float>{0, 0}));
}

TEST(NormalizeFeatures, integers_have_fifteen_fraction_bits) {
  for (const auto &[norm, expected] : {std::pair<std::string, std::vector<int16_t>>{"l1", {14043, -18724}}, {"l2", {19660, -26214}}, {"max", {24576, -32768}}}) {
    SingleNode single("normalize_features", {{"norm", norm}});
    single.input<int16_t>(ElementType::int16, {1, 2}, {300, -400});
    EXPECT_EQ(single.run<int16_t>(), expected) << norm;
  }
}

TEST(FeatureProducts, multiply_the_features_of_a_term) {
  Graph graph;
  graph.inputs = {graph.add_tensor({.name = "in", .type = ElementType::int16, .shape = {1, 2}})};
  graph.outputs = {add_feature_products(graph, graph.inputs[0], {{}, {1}, {0, 1}, {1, 1, 1}}, "here")};
  Evaluator evaluator(graph);
  const Bytes input = bytes_of<int16_t>({-16384, 8192});
  std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  EXPECT_EQ(values_of<int16_t>(evaluator.bytes(graph.outputs[0])), (std::vector<int16_t>{32767, 8192, -4096, 512}));
}

TEST(FeatureProducts, refuse_features_that_are_not_there) {
  Graph graph;
  const TensorId data = graph.add_tensor({.name = "in", .type = ElementType::float32, .shape = {1, 2}});
  EXPECT_THROW(add_feature_products(graph, data, {{2}}, "here"), UserError);
}

TEST(PowerFeatures, follow_both_rules) {
  SingleNode yeo_johnson("power_features", {{"negative", int64_t{1}}});
  yeo_johnson.input<float>(ElementType::float32, {1, 3}, {3, -1, 0});
  yeo_johnson.constant<float>(ElementType::float32, {3}, {2, 0, 0.5F});
  const std::vector<float> values = yeo_johnson.run<float>();
  EXPECT_NEAR(values[0], 7.5, 1e-5);   // (4^2 - 1) / 2
  EXPECT_NEAR(values[1], -1.5, 1e-6);  // -(2^2 - 1) / 2
  EXPECT_EQ(values[2], 0);
  SingleNode box_cox("power_features");
  box_cox.input<float>(ElementType::float32, {1, 2}, {4, 2.7182818F});
  box_cox.constant<float>(ElementType::float32, {2}, {-0.5F, 0});
  EXPECT_NEAR(box_cox.run<float>()[0], 1, 1e-6);  // (1 / 2 - 1) / -0.5
  EXPECT_NEAR(box_cox.run<float>()[1], 1, 1e-6);
  for (const int64_t negative : {0, 1}) {
    SingleNode missing("power_features", {{"negative", negative}});
    missing.input<float>(ElementType::float32, {1, 2}, std::vector<float>(2, std::numeric_limits<float>::quiet_NaN()));
    missing.constant<float>(ElementType::float32, {2}, {-0.5F, 0});
    for (const float value : missing.run<float>()) EXPECT_TRUE(std::isnan(value));
  }
}

// r of (0.6, 0.3, 0.1): the pairs agree, so they are met.
TEST(PairProbabilities, give_back_what_all_pairs_agree_on) {
  SingleNode single("pair_probabilities");
  single.input<float>(ElementType::float32, {1, 3}, {0.693147F, 1.791759F, 1.098612F});
  single.constant<float>(ElementType::float32, {3}, {-1, -1, -1});
  single.constant<float>(ElementType::float32, {3}, {0, 0, 0});
  const std::vector<float> shares = single.run<float>();
  for (size_t index = 0; index < 3; ++index) EXPECT_NEAR(shares[index], (std::vector<double>{0.6, 0.3, 0.1}[index]), 5e-3);
  EXPECT_NEAR(shares[0] + shares[1] + shares[2], 1, 1e-6);
}

}  // namespace
}  // namespace whit
