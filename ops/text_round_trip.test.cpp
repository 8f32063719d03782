// SPDX-License-Identifier: Apache-2.0
// Random graphs of every operator through the text form and back, field by field.
#include <gtest/gtest.h>

#include "compiler/ir/text.hpp"
#include "ops/op_def.hpp"

namespace whit {
namespace {

void expect_same(const Tensor &read, const Tensor &printed) {
  EXPECT_EQ(read.name, printed.name);
  EXPECT_EQ(read.type, printed.type);
  EXPECT_EQ(read.shape, printed.shape);
  EXPECT_EQ(read.quantization, printed.quantization);
  EXPECT_EQ(read.layout, printed.layout);
  EXPECT_EQ(read.variable, printed.variable);
  ASSERT_EQ(read.initial == nullptr, printed.initial == nullptr);
  if (read.initial != nullptr) {
    EXPECT_EQ(*read.initial, *printed.initial);
  }
  ASSERT_EQ(read.is_constant(), printed.is_constant());
  if (read.is_constant()) {
    EXPECT_EQ(*read.constant, *printed.constant);
  }
}

void expect_same(const Graph &read, const Graph &printed);

void expect_same(const Node &read, const Node &printed) {
  EXPECT_EQ(read.op, printed.op);
  EXPECT_EQ(read.inputs, printed.inputs);
  EXPECT_EQ(read.outputs, printed.outputs);
  EXPECT_EQ(read.attributes, printed.attributes);
  EXPECT_EQ(read.origin, printed.origin);
  ASSERT_EQ(read.bodies.size(), printed.bodies.size());
  for (size_t i = 0; i < read.bodies.size(); ++i) expect_same(*read.bodies[i], *printed.bodies[i]);
}

void expect_same(const Graph &read, const Graph &printed) {
  EXPECT_EQ(read.name, printed.name);
  EXPECT_EQ(read.inputs, printed.inputs);
  EXPECT_EQ(read.outputs, printed.outputs);
  ASSERT_EQ(read.tensors.size(), printed.tensors.size());
  for (size_t i = 0; i < read.tensors.size(); ++i) expect_same(read.tensors[i], printed.tensors[i]);
  ASSERT_EQ(read.nodes.size(), printed.nodes.size());
  for (size_t i = 0; i < read.nodes.size(); ++i) expect_same(read.nodes[i], printed.nodes[i]);
}

TEST(TextRoundTrip, keeps_random_graphs_of_every_operator) {
  std::mt19937 random(11);
  for (const OpDef *definition : all_operators())
    for (RandomGraph make : definition->random_graphs)
      for (int repeat = 0; repeat < 20; ++repeat) {
        const Graph graph = make(random);
        expect_same(parse_graph(to_text(graph)), graph);
        if (testing::Test::HasFailure()) FAIL() << to_text(graph);
      }
}

}  // namespace
}  // namespace whit
