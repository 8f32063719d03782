// SPDX-License-Identifier: Apache-2.0
// kernel_machine against values worked out by hand, and what is refused.
#include "ops/kernel_machine/kernel_machine.hpp"

#include <cmath>

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

// The machine's answer to (0.5, -0.8), which is stored in this unit.
float answer_in(ElementType type, const KernelMachine &machine, double unit) {
  Graph graph;
  graph.inputs = {graph.add_tensor({.name = "in", .type = type, .shape = {1, 2}})};
  graph.outputs = {add_kernel_machine(graph, graph.inputs[0], machine, {.unit = unit}, "here")};
  Evaluator evaluator(graph);
  const auto first = std::lround(0.5 / unit), second = std::lround(-0.8 / unit);
  const Bytes input = type == ElementType::float32 ? bytes_of<float>({0.5F, -0.8F})
                      : type == ElementType::int8  ? bytes_of<int8_t>({static_cast<int8_t>(first), static_cast<int8_t>(second)})
                                                   : bytes_of<int16_t>({static_cast<int16_t>(first), static_cast<int16_t>(second)});
  std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  return values_of<float>(evaluator.bytes(graph.outputs[0]))[0];
}

TEST(KernelMachine, integers_come_close) {
  for (const std::string kernel : {"rbf", "poly", "sigmoid"}) {
    const KernelMachine machine{.features = 2, .kernel = kernel, .gamma = 0.5, .coef0 = 0.5, .vectors = {1, 0, 0, 2}, .coefficients = {1, -1},
                                .bias = {0.25}, .largest = 4, .result = "reals"};
    const float real = answer_in(ElementType::float32, machine, 1);
    EXPECT_NEAR(answer_in(ElementType::int8, machine, 1.0 / 50), real, kernel == "poly" ? 0.02 : 0.001) << kernel;
    EXPECT_NEAR(answer_in(ElementType::int16, machine, 1.0 / 8000), real, kernel == "poly" ? 0.005 : 0.0005) << kernel;
  }
}

// Coefficients of 16 bits, whose products alone would leave room for two in a sum.
TEST(KernelMachine, products_of_many_vectors_are_rounded_to_fit_the_sum) {
  KernelMachine machine{.features = 2, .gamma = 0.01, .bias = {-3.5}, .result = "reals"};
  double expected = -3.5;
  for (int vector = 0; vector < 400; ++vector) {
    machine.vectors.insert(machine.vectors.end(), {0.001 * vector, -0.003 * vector});
    machine.coefficients.push_back(vector % 3 == 0 ? 100 : 0.1 * vector);
    const double x = 0.5 - 0.001 * vector, y = -0.8 + 0.003 * vector;
    expected += machine.coefficients.back() * std::exp(-0.01 * (x * x + y * y));
  }
  EXPECT_NEAR(answer_in(ElementType::int16, machine, 1.0 / 8000), expected, 1e-3 * expected);
}

// Far beyond the limit a sample is as far as the limit.
TEST(KernelMachine, wide_samples_keep_to_the_limit) {
  const int64_t limit = kernel_machine_limit(2);
  EXPECT_EQ(limit, 16384);
  const auto at = [&](int16_t place, int64_t most) {
    SingleNode single("kernel_machine", {{"result", "scores"}, {"gamma", 1e-9}, {"limit", most}});
    single.input<int16_t>(ElementType::int16, {1, 2}, {place, 0});
    single.constant<int16_t>(ElementType::int16, {1, 2}, {-16384, 0});
    single.constant<int16_t>(ElementType::int16, {1, 1}, {1000});
    single.constant<int32_t>(ElementType::int32, {1}, {0});
    return single.run<int32_t>()[0];
  };
  EXPECT_EQ(at(32767, limit), at(16384, limit));
  EXPECT_LT(at(16384, limit), at(16000, limit));
  EXPECT_THROW(at(0, limit + 1), UserError);
  EXPECT_THROW(at(0, 16383), UserError);
}

// Products of bytes without sign take 16 bits, and no sign of them.
TEST(KernelMachine, large_bytes_have_large_products) {
  SingleNode single("kernel_machine", {{"kernel", "poly"}, {"degree", int64_t{1}}, {"result", "scores"}, {"gamma", 1.0}, {"largest", 65025.0}});
  single.input<uint8_t>(ElementType::uint8, {1, 1}, {255});
  single.constant<uint8_t>(ElementType::uint8, {1, 1}, {255});
  single.constant<int16_t>(ElementType::int16, {1, 1}, {1});
  single.constant<int32_t>(ElementType::int32, {1}, {0});
  EXPECT_NEAR(single.run<int32_t>()[0], 32767, 20);
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
