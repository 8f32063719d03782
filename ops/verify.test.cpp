// SPDX-License-Identifier: Apache-2.0
// Nodes that do not suit their operator, and random instances, which all do.
#include "ops/verify.hpp"

#include <gtest/gtest.h>

#include "compiler/ir/text.hpp"
#include "ops/op_def.hpp"

namespace whit {
namespace {

std::string problems_in(const std::string &statements) {
  std::string text;
  for (const Problem &problem : problems_of(parse_module("graph \"g\" {" + statements + "}"))) text += problem.text();
  return text;
}

const std::string data = R"(
  input %x: int8[1,4,4,2] scale 0.5 zero 3
  constant %w: int8[3,1,1,2] scale 0.5 zero 0 = random 1
)";

TEST(Verify, accepts_random_instances_of_every_operator) {
  std::mt19937 random(5);
  for (const OpDef *definition : all_operators())
    for (RandomGraph make : definition->random_graphs)
      for (int repeat = 0; repeat < 10; ++repeat) {
        const Module module{{make(random)}};
        EXPECT_NO_THROW(verify_import(module)) << to_text(module);
      }
}

TEST(Verify, names_node_and_rule) {
  EXPECT_EQ(problems_in(data + "%y: int8[1,4,4,3] = conv2d(%x) from \"operator 3, CONV_2D\""),
            "graph 'g', node 0, operator 3, CONV_2D (conv2d): 1 inputs\n  supported: 2 to 3 inputs\n"
            "  hint: the model file may be damaged");
}

struct Misuse {
  const char *name, *node, *expected;
};

void PrintTo(const Misuse &misuse, std::ostream *out) { *out << misuse.node; }

class VerifyRefuses : public testing::TestWithParam<Misuse> {};

TEST_P(VerifyRefuses, a_node_that_makes_no_sense) {
  const std::string found = problems_in(data + GetParam().node);
  EXPECT_NE(found.find(GetParam().expected), std::string::npos) << found;
}

const Misuse misuses[] = {
    {"unknown_operator", "%y: int8[1] = frobnicate(%x)", "no operator of this name"},
    {"absent_input", "%y: int8[1,4,4,3] = conv2d(%x, none)", "input 1 is absent"},
    {"absent_among_any_number", "%y: int8[1,4,4,2] = concatenation(%x, none) {axis = 3}", "input 1 of 2 is absent"},
    {"outputs", "%y: int8[1,4,4,3], %z: int8[1] = conv2d(%x, %w)", "2 outputs"},
    {"output_type", "%y: int8[1,4,4,2] = conv2d(%x, %w)", "output 0 is declared as int8 1x4x4x2\n  supported: int8 1x4x4x3"},
    {"misspelt_attribute", "%y: int8[1,4,4,3] = conv2d(%x, %w) {stride_hight = 2}", "attribute 'stride_hight'\n  supported: stride_height"},
    {"kind_of_attribute", "%y: int8[1,4,4,3] = conv2d(%x, %w) {stride_height = 2.0}", "'stride_height' is a real\n  supported: an integer"},
    {"attribute_too_large", "%y: int8[1,4,4,2] = leaky_relu(%x) {alpha = 1e300}", "'alpha' is 1e+300\n  supported: numbers that float32 holds"},
    {"stride", "%y: int8[1,4,4,3] = conv2d(%x, %w) {stride_height = 0}", "stride_height is 0"},
    {"activation", "%y: int8[1,4,4,3] = conv2d(%x, %w) {activation = \"swish\"}", "fused activation 'swish'"},
    {"weight_axis", "constant %v: int8[3,1,1,2] scale [1, 1] zero [0, 0] axis 3 = fill 1 %y: int8[1,4,4,3] = conv2d(%x, %v)",
     "weights quantised along axis 3\n  supported: one scale, or one an output channel (axis 0)"},
    {"graph_output", "output %x } graph \"h\" { unused %y: int8[1] output %y", "graph 'h', its outputs: tensor 0 'y' is read before"},
};

INSTANTIATE_TEST_SUITE_P(Each, VerifyRefuses, testing::ValuesIn(misuses),
                         [](const auto &entry) { return std::string(entry.param.name); });

TEST(Verify, speaks_to_the_user_or_to_us) {
  const Module module = parse_module("graph \"g\" {" + data + "%y: int8[2] = conv2d(%x, %w) output %y }");
  EXPECT_THROW(verify_import(module), UserError);
  try {
    verify_stage(module, "pass fuse_pad");
    FAIL() << "no error";
  } catch (const InternalError &error) {
    EXPECT_EQ(std::string(error.what()).find("pass fuse_pad broke the graph: graph 'g', node 0, conv2d: output 0"), 0U);
  }
}

}  // namespace
}  // namespace whit
