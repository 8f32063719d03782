// SPDX-License-Identifier: Apache-2.0
// kernel_machine against values worked out by hand, and what is refused.
#include "ops/kernel_machine/kernel_machine.hpp"

#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

// Vectors (1 0) and (0 2) with coefficients 1 and -1.
SingleNode node(const std::string &kernel, const std::string &result, std::vector<float> data) {
  SingleNode single("kernel_machine", {{"kernel", kernel}, {"result", result}, {"gamma", 0.5}, {"coef0", 1.0}, {"degree", int64_t{2}}});
  single.input<float>(ElementType::float32, {1, 2}, std::move(data));
  single.constant<float>(ElementType::float32, {2, 2}, {1, 0, 0, 2});
  single.constant<float>(ElementType::float32, {2, 1}, {1, -1});
  single.constant<float>(ElementType::float32, {1}, {0.25F});
  return single;
}

TEST(KernelMachine, sums_the_kernels_of_reals) {
  EXPECT_NEAR(node("rbf", "scores", {1, 0}).run<float>()[0], 1 - 0.0820850 + 0.25, 1e-6);         // distances 0 and 5
  EXPECT_NEAR(node("poly", "scores", {2, 1}).run<float>()[0], 4.0 - 4.0 + 0.25, 1e-6);            // (0.5 * 2 + 1)^2 twice
  EXPECT_NEAR(node("sigmoid", "scores", {0, -2}).run<float>()[0], 0.7615942 + 0.7615942 + 0.25, 1e-6);  // tanh(1) - tanh(-1)
  EXPECT_EQ(node("rbf", "label", {1, 0}).run<uint8_t>(), std::vector<uint8_t>{1});
  EXPECT_EQ(node("rbf", "label", {0, 2}).run<uint8_t>(), std::vector<uint8_t>{0});
}

TEST(KernelMachine, integers_come_close) {
  for (const std::string kernel : {"rbf", "poly", "sigmoid"}) {
    const KernelMachine machine{.features = 2, .kernel = kernel, .gamma = 0.5, .coef0 = 0.5, .vectors = {1, 0, 0, 2}, .coefficients = {1, -1},
                                .bias = {0.25}, .largest = 4, .result = "reals"};
    std::vector<float> answers;
    for (ElementType type : {ElementType::float32, ElementType::int8}) {
      Graph graph;
      graph.inputs = {graph.add_tensor({.name = "in", .type = type, .shape = {1, 2}})};
      graph.outputs = {add_kernel_machine(graph, graph.inputs[0], machine, {.unit = 1.0 / 50}, "here")};
      Evaluator evaluator(graph);
      const Bytes input = type == ElementType::int8 ? bytes_of<int8_t>({25, -40}) : bytes_of<float>({0.5F, -0.8F});
      std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
      evaluator.run();
      answers.push_back(values_of<float>(evaluator.bytes(graph.outputs[0]))[0]);
    }
    EXPECT_NEAR(answers[0], answers[1], kernel == "poly" ? 0.02 : 0.001) << kernel;
  }
}

// Three classes with one vector each, at -2, 0 and 2; the pairs' values are k(first) - k(second).
TEST(KernelMachine, pairs_vote) {
  for (const auto &[place, label] : {std::pair{-2.0F, 0}, {0.1F, 1}, {3.0F, 2}}) {
    SingleNode single("kernel_machine", {{"kernel", "rbf"}, {"result", "pairs"}, {"gamma", 0.5}, {"counts", std::vector<int64_t>{1, 1, 1}}});
    single.input<float>(ElementType::float32, {1, 1}, {place});
    single.constant<float>(ElementType::float32, {3, 1}, {-2, 0, 2});
    single.constant<float>(ElementType::float32, {3, 2}, {1, 1, -1, 1, -1, -1});
    single.constant<float>(ElementType::float32, {3}, {0, 0, 0});
    EXPECT_EQ(single.run<uint8_t>(), std::vector<uint8_t>{static_cast<uint8_t>(label)});
  }
}

TEST(KernelMachine, refuses_sums_beyond_32_bits) {
  SingleNode single("kernel_machine", {{"result", "label"}});
  single.input<int8_t>(ElementType::int8, {1, 1}, {0});
  single.constant<int8_t>(ElementType::int8, {3, 1}, {1, 2, 3});
  single.constant<int16_t>(ElementType::int16, {3, 1}, {32767, 32767, 32767});
  single.constant<int32_t>(ElementType::int32, {1}, {0});
  EXPECT_THROW(single.run<uint8_t>(), UserError);
}

TEST(KernelMachine, refuses_classes_that_hold_other_numbers_of_vectors) {
  SingleNode single("kernel_machine", {{"result", "pairs"}, {"counts", std::vector<int64_t>{1, 1, 2}}});
  single.input<float>(ElementType::float32, {1, 1}, {0});
  single.constant<float>(ElementType::float32, {3, 1}, {1, 2, 3});
  single.constant<float>(ElementType::float32, {3, 2}, {1, 1, 1, 1, 1, 1});
  single.constant<float>(ElementType::float32, {3}, {0, 0, 0});
  EXPECT_THROW(single.run<uint8_t>(), UserError);
}

}  // namespace
}  // namespace whit
