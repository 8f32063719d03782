// SPDX-License-Identifier: Apache-2.0
// svdf against values worked out by hand, over several runs.
#include <gtest/gtest.h>

#include "compiler/ir/text.hpp"
#include "ops/evaluate.hpp"
#include "ops/verify.hpp"

namespace whit {
namespace {

template <typename T>
std::vector<T> next(Evaluator &evaluator, const std::vector<T> &input) {
  const Bytes bytes = bytes_of(input);
  std::copy(bytes.begin(), bytes.end(), evaluator.bytes(evaluator.graph().inputs[0]).begin());
  evaluator.run();
  return values_of<T>(evaluator.bytes(evaluator.graph().outputs[0]));
}

// One unit of two filters over two features, which remember two values each.
TEST(Svdf, weighs_what_it_remembers) {
  const Graph graph = parse_graph(R"(graph "g" {
    input %x: float32[1,2]
    constant %features: float32[2,2] = [1, 0, 0, 1]
    constant %times: float32[2,2] = [10, 1, 100, 0]
    constant %bias: float32[1] = [0.5]
    variable %state: float32[1,4] = [0, 7, 0, 0]
    %y: float32[1,1], %state = svdf(%x, %features, %times, %bias, %state) {rank = 2}
    output %y
  })");
  ASSERT_TRUE(problems_of(Module{{graph}}).empty());
  Evaluator evaluator(graph);
  EXPECT_EQ(next<float>(evaluator, {2, 3}), (std::vector<float>{0.5F + 10 * 7 + 2}));
  EXPECT_EQ(next<float>(evaluator, {4, 5}), (std::vector<float>{0.5F + (10 * 2 + 4) + 100 * 3}));
  EXPECT_EQ(values_of<float>(evaluator.bytes(graph.nodes[0].outputs[1])), (std::vector<float>{2, 4, 3, 5}));
}

// Factors 0.5 * 1 / 1 and 1 * 0.5 / 0.25: -63.5 becomes -63, the output has its zero point and saturates.
TEST(Svdf, requantises_and_saturates) {
  const Graph graph = parse_graph(R"(graph "g" {
    input %x: int8[1,1] scale 0.5 zero -3
    constant %features: int8[1,1] scale 1 zero 0 = [127]
    constant %times: int16[1,2] scale 0.5 zero 0 = [1, -1]
    constant %bias: int32[1] = [4]
    variable %state: int16[1,2] scale 1 zero 0
    %y: int8[1,1] scale 0.25 zero 5, %state = svdf(%x, %features, %times, %bias, %state)
    output %y
  })");
  Evaluator evaluator(graph);
  EXPECT_EQ(next<int8_t>(evaluator, {-4}), (std::vector<int8_t>{127}));  // newest -63: 2 (4 + 63) + 5
  EXPECT_EQ(next<int8_t>(evaluator, {-3}), (std::vector<int8_t>{-113}));  // newest 0: 2 (4 - 63) + 5
  EXPECT_EQ(next<int8_t>(evaluator, {-3}), (std::vector<int8_t>{13}));
}

TEST(Svdf, refuses_filters_that_make_no_units) {
  const Module module = parse_module(R"(graph "g" {
    input %x: float32[1,2]
    constant %features: float32[3,2] = fill 1
    constant %times: float32[3,2] = fill 1
    variable %state: float32[1,6]
    %y: float32[1,1], %state = svdf(%x, %features, %times, none, %state) {rank = 2}
    output %y
  })");
  ASSERT_EQ(problems_of(module).size(), 1U);
  EXPECT_NE(problems_of(module)[0].text().find("3x2"), std::string::npos);
}

}  // namespace
}  // namespace whit
