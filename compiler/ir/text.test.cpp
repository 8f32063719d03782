// SPDX-License-Identifier: Apache-2.0
// The text form: what it prints, what it reads, and what it says of text it cannot read.
#include "compiler/ir/text.hpp"

#include <gtest/gtest.h>

#include "compiler/base/error.hpp"

namespace whit {
namespace {

const char *const small_graph = R"(graph "main" {
  input %data: int8[1,2,2,1] scale 0.5 zero -3
  constant %weights: int8[2,1,1,1] scale [0.1, 0.25] zero [0, 0] axis 0 = [1, -2]
  %conv: int8[1,2,2,2] scale 0.25 zero -128 planar = conv2d(%data, %weights, none) {activation = "relu", epsilon = 1.0, sizes = [1, -2], stride_width = 2} from "operator 0, CONV_2D"
  output %conv
}
)";

std::string error_of(std::string_view text) {
  try {
    parse_module(text, "a.whit");
  } catch (const UserError &error) {
    return error.what();
  }
  return "no error";
}

// A graph of these statements around one input %x.
std::string with(const std::string &statements) {
  return "graph \"g\" {\n  input %x: int8[4]\n" + statements + "\n}\n";
}

TEST(Text, reads_what_it_prints) { EXPECT_EQ(to_text(parse_graph(small_graph)), small_graph); }

TEST(Text, fills_every_field) {
  const Graph graph = parse_graph(small_graph);
  ASSERT_EQ(graph.tensors.size(), 3U);
  EXPECT_EQ(graph.name, "main");
  EXPECT_EQ(graph.inputs, std::vector<TensorId>{0});
  EXPECT_EQ(graph.outputs, std::vector<TensorId>{2});
  EXPECT_EQ(graph.tensors[0].name, "data");
  EXPECT_EQ(graph.tensors[0].quantization, (Quantization{{0.5F}, {-3}}));
  EXPECT_EQ(graph.tensors[1].quantization, (Quantization{{0.1F, 0.25F}, {0, 0}, 0}));
  EXPECT_EQ(*graph.tensors[1].constant, (Bytes{1, 0xfe}));
  EXPECT_EQ(graph.tensors[2].layout, Layout::planar);
  const Node &node = graph.nodes.at(0);
  EXPECT_EQ(node.op, "conv2d");
  EXPECT_EQ(node.inputs, (std::vector<TensorId>{0, 1, no_tensor}));
  EXPECT_EQ(node.origin, "operator 0, CONV_2D");
  EXPECT_EQ(node.attributes.text("activation"), "relu");
  EXPECT_EQ(node.attributes.real("epsilon"), 1.0);
  EXPECT_EQ(node.attributes.integer("stride_width"), 2);
  EXPECT_EQ(node.attributes.integers("sizes"), (std::vector<int64_t>{1, -2}));
}

TEST(Text, keeps_names_that_are_no_symbols_and_numbers_out_of_order) {
  Graph graph;
  graph.name = "quote \" and\nline";
  for (const char *name : {"same", "same", "", "7", "a b\\", "fine/one:0", "fine/two"})
    graph.add_tensor({.name = name, .shape = {1}});
  graph.inputs = {6, 0};
  graph.tensor(3).variable = true;
  graph.nodes.push_back({.op = "relu", .inputs = {0}, .outputs = {3}});
  graph.nodes.push_back({.op = "relu", .inputs = {3}, .outputs = {1}});
  graph.outputs = {1, 1};
  const Graph read = parse_graph(to_text(graph));
  EXPECT_EQ(to_text(read), to_text(graph));
  for (size_t i = 0; i < graph.tensors.size(); ++i) EXPECT_EQ(read.tensors[i].name, graph.tensors[i].name);
  EXPECT_EQ(read.inputs, graph.inputs);
  EXPECT_TRUE(read.tensor(3).variable);
  EXPECT_EQ(read.nodes[0].outputs, std::vector<TensorId>{3});
  EXPECT_EQ(read.name, graph.name);
}

TEST(Text, constants_have_four_forms) {
  const Graph graph = parse_graph(with(R"(
    constant %list: int4[3] = [-8, 7, 1]
    constant %floats: float32[2] = [-0.0, 1e-05]
    constant %hex: int16[2] = hex "0100" "ffff"
    constant %fill: int32[20] = fill -2
    constant %random: float32[20] = random 7
    constant %again: float32[20] = random 7)"));
  EXPECT_EQ(*graph.tensors[1].constant, (Bytes{0x78, 0x01}));
  EXPECT_EQ(*graph.tensors[2].constant, bytes_of<float>({-0.0F, 1e-05F}));
  EXPECT_EQ(*graph.tensors[3].constant, bytes_of<int16_t>({1, -1}));
  EXPECT_EQ(*graph.tensors[4].constant, bytes_of(std::vector<int32_t>(20, -2)));
  EXPECT_EQ(*graph.tensors[5].constant, *graph.tensors[6].constant);
  EXPECT_NE(to_text(graph).find("constant %fill: int32[20] = fill -2\n"), std::string::npos);
  EXPECT_EQ(to_text(parse_graph(to_text(graph))), to_text(graph));
}

TEST(Text, elides_constants_for_people) {
  const std::string text = to_text(parse_graph(small_graph), ConstantText::elided);
  EXPECT_NE(text.find("axis 0 = ...\n"), std::string::npos);
}

TEST(Text, reads_several_graphs_and_comments) {
  const Module module = parse_module("# one\ngraph \"a\" {}\ngraph \"b\" { # two\n}");
  ASSERT_EQ(module.graphs.size(), 2U);
  EXPECT_EQ(module.graphs[1].name, "b");
  EXPECT_EQ(to_text(module), "graph \"a\" {\n}\n\ngraph \"b\" {\n}\n");
}

TEST(Text, says_where_and_what) {
  EXPECT_EQ(error_of(""), "a.whit, line 1, column 1: no graph\n  supported: graph \"name\" { ... }");
  EXPECT_EQ(error_of("graph \"g\" {\n  input %x int8[4]\n}"),
            "a.whit, line 2, column 12: found 'int8'\n  supported: ':' here");
  EXPECT_EQ(error_of(with("  %y: int8[4] = relu(%z)")),
            "a.whit, line 3, column 22: '%z' is not declared before\n  supported: names declared above");
  EXPECT_EQ(error_of(with("  constant %c: int8[2] = [1, 128]")),
            "a.whit, line 3, column 30: 128 is no int8\n  supported: -128 to 127");
}

struct Refused {
  const char *statements, *message;
};

class TextRefuses : public testing::TestWithParam<Refused> {};

TEST_P(TextRefuses, with_a_reason) {
  EXPECT_NE(error_of(with(GetParam().statements)).find(GetParam().message), std::string::npos)
      << error_of(with(GetParam().statements));
}

const Refused refused[] = {
    {"input %x: int8[4]", "'%x' is declared twice"},
    {"%x: int8[4] = relu(%x)", "'%x' has a value already"},
    {"%y: int8[4] = relu(%x) %y = relu(%x)", "'%y' has a value already"},
    {"unused %y @0: int8[4]", "a second tensor 0"},
    {"unused %y @5: int8[4]", "numbers without a gap"},
    {"unused %y @-1: int8[4]", "tensor number -1"},
    {"unused %y @99999999999: int8[4]", "tensor number 99999999999"},
    {"unused %y: int9[4]", "no type is called 'int9'"},
    {"unused %y: int8[0]", "axes that make no tensor"},
    {"unused %y: int8[65536,65536]", "axes that make no tensor"},
    {"unused %y: int8[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "axes that make no tensor"},
    {"unused %y: int8[1.5]", "a 64-bit integer"},
    {"unused %y: int8[4] scale 1e99 zero 0", "range of float32"},
    {"constant %c: int8[2147483647] = fill 1", "2147483647 bytes and more"},
    {"constant %c: int8[4] = hex \"010203\" \"0405\"", "5 bytes"},
    {"constant %c: int8[4] = hex \"010\"", "half a byte"},
    {"constant %c: int8[4] = hex \"0g020304\"", "no hexadecimal digit"},
    {"constant %c: int8[4] = [1, 2]", "found ']'"},
    {"constant %c: int8[4] = ...", "found '.'"},
    {"%y: int8[4] = relu(%x) {a = 1, a = 2}", "a second 'a'"},
    {"%y: int8[4] = relu(%x) {a = 99999999999999999999}", "a 64-bit integer"},
    {"%y: int8[4] = relu(%x) from \"open", "without its closing quote"},
    {"%y: int8[4] = relu(%x) from \"\\q\"", "unknown escape"},
    {"%y: int8[4] = relu(%x", "found '}'"},
    {"frobnicate", "found 'frobnicate'"},
    {"% = relu(%x)", "a % without a name"},
    {"graph", "found 'graph'"},
};

INSTANTIATE_TEST_SUITE_P(Statements, TextRefuses, testing::ValuesIn(refused));

}  // namespace
}  // namespace whit
