// SPDX-License-Identifier: Apache-2.0
// gaussian against values worked out by hand, and what is refused.
#include "ops/gaussian/gaussian.hpp"

#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

// Two classes around (0, 0) and (4, 2).
SingleNode node(const std::string &result, std::vector<float> data) {
  SingleNode single("gaussian", {{"form", "diagonal"}, {"result", result}});
  single.input<float>(ElementType::float32, {1, 2}, std::move(data));
  single.constant<float>(ElementType::float32, {4}, {1, 2, 1, 1});
  single.constant<float>(ElementType::float32, {4}, {0, 0, -4, -2});
  single.constant<int8_t>(ElementType::int8, {4}, {0, 0, 0, 0});
  single.constant<float>(ElementType::float32, {2}, {0.5F, 1});
  return single;
}

TEST(Gaussian, takes_squares_from_constants) {
  EXPECT_EQ(node("scores", {1, 1}).run<float>(), (std::vector<float>{0.5F - 5, 1 - 10}));
  EXPECT_EQ(node("label", {1, 1}).run<uint8_t>(), std::vector<uint8_t>{0});
  EXPECT_EQ(node("label", {3, 1}).run<uint8_t>(), std::vector<uint8_t>{1});
}

TEST(Gaussian, integers_are_shifted_limited_and_squared) {
  SingleNode single("gaussian", {{"form", "triangular"}, {"result", "scores"}, {"square_shift", int64_t{1}}});
  single.input<int8_t>(ElementType::int8, {1, 2}, {10, -20});
  single.constant<int16_t>(ElementType::int16, {3}, {8, 2, 4});
  single.constant<int32_t>(ElementType::int32, {2}, {4, 100});
  single.constant<int8_t>(ElementType::int8, {2}, {2, 0});
  single.constant<int32_t>(ElementType::int32, {1}, {1000});
  EXPECT_EQ(single.run<int32_t>(), std::vector<int32_t>{1000 - 220 - 800});  // 84 / 4 = 21, 40; squares halved
}

TEST(Gaussian, real_models_become_integers) {
  const Gaussian model{.features = 2, .rows = 2, .form = "triangular", .weights = {0.01, 0.02, -0.015}, .offsets = {0.3, -1}, .constants = {5},
                       .largest = 10, .result = "reals"};
  std::vector<float> answers;
  for (ElementType type : {ElementType::float32, ElementType::int16}) {
    Graph graph;
    graph.inputs = {graph.add_tensor({.name = "in", .type = type, .shape = {1, 2}})};
    graph.outputs = {add_gaussian(graph, graph.inputs[0], model, "here")};
    Evaluator evaluator(graph);
    const Bytes input = type == ElementType::int16 ? bytes_of<int16_t>({120, -70}) : bytes_of<float>({120, -70});
    std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
    evaluator.run();
    answers.push_back(values_of<float>(evaluator.bytes(graph.outputs[0]))[0]);
  }
  EXPECT_NEAR(answers[0], 5 - 1.5 * 1.5 - 2.45 * 2.45, 1e-4);
  EXPECT_NEAR(answers[1], answers[0], 5e-3);
}

TEST(Gaussian, refuses_weights_of_another_form) {
  SingleNode single("gaussian", {{"form", "full"}});
  single.input<float>(ElementType::float32, {1, 2}, {0, 0});
  single.constant<float>(ElementType::float32, {3}, {1, 2, 3});
  single.constant<float>(ElementType::float32, {2}, {0, 0});
  single.constant<int8_t>(ElementType::int8, {2}, {0, 0});
  single.constant<float>(ElementType::float32, {1}, {0});
  EXPECT_THROW(single.run<uint8_t>(), UserError);
}

}  // namespace
}  // namespace whit
