// SPDX-License-Identifier: Apache-2.0
// Where lstm's DSP kernel says no: weights that share no lane, sums that need more bits than its requantisation has. And
// the lanes that it reads.
#include "ops/lstm/lstm_dsp.hpp"

#include <gtest/gtest.h>

#include "compiler/ir/text.hpp"
#include "ops/op_def.hpp"

namespace whit {
namespace {

// One unit with one input; the four gates' weights and their scale.
Graph one_unit(const std::string &weight, float scale) {
  std::string text = "graph \"g\" {\n input %x: int8[1,1,1] scale 0.02 zero 0\n", names;
  for (int i = 0; i < 8; ++i) {
    text += fmt::format("constant %w{}: int8[1,1] scale {} zero 0 = [{}]\n", i, scale, i == 0 ? weight : "3");
    names += fmt::format(", %w{}", i);
  }
  for (int i = 0; i < 4; ++i) {
    text += fmt::format("constant %b{}: int32[1] scale {} zero 0 = [7]\n", i, 0.02F * scale);
    names += fmt::format(", %b{}", i);
  }
  text += "variable %h: int8[1,1] scale 0.0078125 zero 0\nvariable %c: int16[1,1] scale 0.00048828125 zero 0\n";
  return parse_graph(text + "%y: int8[1,1,1] scale 0.0078125 zero 0, %h, %c = lstm(%x" + names + ", %h, %c) {time_major = 0}\noutput %y\n}");
}

bool fits(const Graph &graph) { return lstm_dsp::fits(NodeView(graph, graph.nodes[0])); }

TEST(LstmDsp, wants_weights_that_share_lanes) {
  EXPECT_TRUE(fits(one_unit("-127", 0.01F)));
  EXPECT_FALSE(fits(one_unit("-128", 0.01F)));
}

// 0.02 * scale * 4096 as a factor of 2^20 and more moves sums out of 32 bits.
TEST(LstmDsp, wants_sums_that_fit_their_shift) {
  EXPECT_TRUE(fits(one_unit("100", 1.0F)));
  EXPECT_FALSE(fits(one_unit("100", 30000.0F)));
}

TEST(LstmDsp, fills_rows_up_to_eights_of_lanes) {
  const Graph graph = one_unit("100", 0.01F);
  const KernelCall call = lstm_dsp::call(NodeView(graph, graph.nodes[0]));
  const auto words = values_of<int32_t>(call.constants[1].bytes);
  std::vector<int32_t> expected(16);  // a row of the input, one of the hidden values: four values of two pairs of gates, twice
  expected[0] = 256 * 100 + 3;
  expected[2] = expected[8] = expected[10] = 256 * 3 + 3;
  EXPECT_EQ(words, expected);
}

}  // namespace
}  // namespace whit
