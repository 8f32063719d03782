// SPDX-License-Identifier: Apache-2.0
// Each rule of a well-formed graph, broken once.
#include "compiler/ir/verify.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "compiler/ir/text.hpp"

namespace whit {
namespace {

Graph sound_graph() {
  return parse_graph(R"(graph "g" {
    input %x: int8[1,2] scale 0.5 zero 3
    constant %w: int8[2,2] scale [0.5, 0.25] zero [0, 0] axis 0 = [1, 2, 3, 4]
    variable %v: int8[1,2]
    %y: int8[1,2] scale 1 zero 0 = fully_connected(%x, %w, none)
    %v = relu(%y)
    output %y, %v
  })");
}

TEST(Structure, a_sound_graph_has_no_problem) { EXPECT_TRUE(structure_problems(sound_graph()).empty()); }

struct Damage {
  const char *expected;
  std::function<void(Graph &)> harm;
};

class StructureOf : public testing::TestWithParam<Damage> {};

TEST_P(StructureOf, a_damaged_graph_is_refused) {
  Graph graph = sound_graph();
  GetParam().harm(graph);
  const auto problems = structure_problems(graph);
  ASSERT_FALSE(problems.empty());
  EXPECT_NE(problems[0].text().find(GetParam().expected), std::string::npos) << problems[0].text();
}

const Damage damages[] = {
    {"graph 'g', tensor 0 'x': shape 1x0", [](Graph &g) { g.tensor(0).shape = {1, 0}; }},
    {"shape 65536x65536", [](Graph &g) { g.tensor(0).shape = {65536, 65536}; }},
    {"3 bytes of values", [](Graph &g) { g.tensor(1).constant = std::make_shared<const Bytes>(Bytes(3)); }},
    {"both a constant and a variable", [](Graph &g) { g.tensor(1).variable = true; }},
    {"2 scales, 1 zero points", [](Graph &g) { g.tensor(1).quantization.zero_points = {0}; }},
    {"quantised along axis 2 of 2", [](Graph &g) { g.tensor(1).quantization.axis = 2; }},
    {"1 scales", [](Graph &g) { g.tensor(1).quantization = {{0.5F}, {0}, 0}; }},
    {"scale 0", [](Graph &g) { g.tensor(0).quantization.scales = {0.0F}; }},
    {"scale inf", [](Graph &g) { g.tensor(1).quantization.scales[1] = 1e38F * 10; }},
    {"zero point 128", [](Graph &g) { g.tensor(0).quantization.zero_points = {128}; }},
    {"its inputs: tensor 9 does not exist", [](Graph &g) { g.inputs = {9}; }},
    {"stands there twice", [](Graph &g) { g.inputs = {0, 0}; }},
    {"is a constant or a variable", [](Graph &g) { g.inputs = {0, 2}; }},
    {"node 0, fully_connected: tensor -7 does not exist", [](Graph &g) { g.nodes[0].inputs[1] = -7; }},
    {"tensor 3 'y' is read before", [](Graph &g) { std::swap(g.nodes[0], g.nodes[1]); }},
    {"node 1, relu: tensor 3 'y' has a value", [](Graph &g) { g.nodes[1].outputs = {3}; }},
    {"tensor 0 'x' has a value", [](Graph &g) { g.nodes[0].outputs = {0}; }},
    {"tensor 1 'w' has a value", [](Graph &g) { g.nodes[1].outputs = {1}; }},
    {"tensor 2 'v': 3 bytes before the first run", [](Graph &g) { g.tensor(2).initial = std::make_shared<const Bytes>(Bytes(3)); }},
    {"tensor -1 does not exist", [](Graph &g) { g.nodes[1].outputs = {no_tensor}; }},
    {"its outputs: tensor 4 does not exist", [](Graph &g) { g.outputs = {4}; }},
};

INSTANTIATE_TEST_SUITE_P(Each, StructureOf, testing::ValuesIn(damages));

}  // namespace
}  // namespace whit
