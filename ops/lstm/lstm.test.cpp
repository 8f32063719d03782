// SPDX-License-Identifier: Apache-2.0
// lstm against values worked out by hand, and batches and time in either order.
#include <gtest/gtest.h>

#include <cmath>

#include "compiler/ir/text.hpp"
#include "ops/evaluate.hpp"
#include "ops/verify.hpp"

namespace whit {
namespace {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

std::string layer(const std::string &data, const std::string &attributes) {
  std::string text = "graph \"g\" {\n input %x: float32[" + data + "]\n";
  const char *values[] = {"0.5", "-0.25", "1", "2", "0.1", "0.2", "0.3", "0.4"};
  std::string names;
  for (int i = 0; i < 8; ++i) {
    text += fmt::format("constant %w{}: float32[1,1] = [{}]\n", i, values[i]);
    names += fmt::format(", %w{}", i);
  }
  for (int i = 0; i < 4; ++i) {
    text += fmt::format("constant %b{}: float32[1] = [{}]\n", i, i == 1 ? "1" : "0");
    names += fmt::format(", %b{}", i);
  }
  const std::string states = data[0] == '1' || attributes.find("time_major = 0") == std::string::npos ? "1" : "2";
  text += "variable %h: float32[" + states + ",1]\nvariable %c: float32[" + states + ",1]\n";
  return text + "%y: float32[" + data + "], %h, %c = lstm(%x" + names + ", %h, %c) {" + attributes + "}\noutput %y\n}";
}

std::vector<float> run(Evaluator &evaluator, const std::vector<float> &input) {
  const Bytes bytes = bytes_of(input);
  std::copy(bytes.begin(), bytes.end(), evaluator.bytes(evaluator.graph().inputs[0]).begin());
  evaluator.run();
  return values_of<float>(evaluator.bytes(evaluator.graph().outputs[0]));
}

// Two steps in one run, or one in each of two: the state carries over.
TEST(Lstm, steps_through_time) {
  double h = 0, c = 0;
  std::vector<double> expected;
  for (double x : {1.5, -0.5}) {
    const double i = logistic(0.5 * x + 0.1 * h), f = logistic(-0.25 * x + 1 + 0.2 * h), g = std::tanh(x + 0.3 * h),
                 o = logistic(2 * x + 0.4 * h);
    c = f * c + i * g;
    h = o * std::tanh(c);
    expected.push_back(h);
  }
  const Graph both = parse_graph(layer("1,2,1", "time_major = 0")), one = parse_graph(layer("1,1,1", "time_major = 0"));
  ASSERT_TRUE(problems_of(Module{{both, one}}).empty());
  Evaluator at_once(both), one_by_one(one);
  const std::vector<float> outputs = run(at_once, {1.5F, -0.5F});
  EXPECT_NEAR(outputs[0], expected[0], 1e-6);
  EXPECT_NEAR(outputs[1], expected[1], 1e-6);
  EXPECT_EQ(run(one_by_one, {1.5F})[0], outputs[0]);
  EXPECT_EQ(run(one_by_one, {-0.5F})[0], outputs[1]);
}

TEST(Lstm, clips_its_cells) {
  const Graph graph = parse_graph(layer("1,1,1", "time_major = 0, cell_clip = 0.125"));
  Evaluator evaluator(graph);
  run(evaluator, {3});
  EXPECT_EQ(values_of<float>(evaluator.bytes(graph.nodes[0].outputs[2])), (std::vector<float>{0.125F}));
}

TEST(Lstm, wants_four_weights_of_one_shape) {
  std::string text = layer("1,2,1", "time_major = 0");
  text.replace(text.find("%w2: float32[1,1] = [1]"), 23, "%w2: float32[2,1] = [1, 1]");
  EXPECT_EQ(problems_of(parse_module(text)).size(), 1U);
}

}  // namespace
}  // namespace whit
