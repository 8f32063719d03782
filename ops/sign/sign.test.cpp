// SPDX-License-Identifier: Apache-2.0
// sign against values worked out by hand.
#include <gtest/gtest.h>

#include "ops/evaluate.hpp"

namespace whit {
namespace {

TEST(Sign, keeps_nothing_but_the_sign) {
  Graph graph;
  graph.inputs = {graph.add_tensor({.name = "in", .type = ElementType::float32, .shape = {2}})};
  graph.outputs = {graph.add_tensor({.name = "out", .type = ElementType::float32, .shape = {2}})};
  graph.nodes.push_back({.op = "sign", .inputs = graph.inputs, .outputs = graph.outputs});
  Evaluator evaluator(graph);
  const Bytes input = bytes_of<float>({1.5F, -2.0F});
  std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  EXPECT_EQ(values_of<float>(evaluator.bytes(graph.outputs[0])), (std::vector<float>{1.0F, -1.0F}));
}

}  // namespace
}  // namespace whit
