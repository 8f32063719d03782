// SPDX-License-Identifier: Apache-2.0
// if, while and copy on the host: which body runs, how often, what variables keep.
#include <gtest/gtest.h>

#include "compiler/ir/text.hpp"
#include "ops/evaluate.hpp"
#include "ops/verify.hpp"

namespace whit {
namespace {

const std::string counting = R"(graph "g" {
  input %x: int32[1]
  variable %kept: int32[1] = [10]
  %y: int32[1], %kept = while(%x, %kept)
    graph "condition" {
      input %n: int32[1]
      input %sum: int32[1]
      constant %zero: int32[1] = [0]
      %more: boolean[1] = greater(%n, %zero)
      output %more
    }
    graph "body" {
      input %n: int32[1]
      input %sum: int32[1]
      constant %one: int32[1] = [STEP]
      %next: int32[1] = sub(%n, %one)
      %more: int32[1] = add(%sum, %n)
      output %next, %more
    }
  output %y
})";

std::string with_step(const char *step) {
  std::string text = counting;
  return text.replace(text.find("STEP"), 4, step);
}

int32_t run(Evaluator &evaluator, int32_t input, TensorId result) {
  std::memcpy(evaluator.bytes(evaluator.graph().inputs[0]).data(), &input, sizeof input);
  evaluator.run();
  return values_of<int32_t>(evaluator.bytes(result))[0];
}

TEST(While, runs_until_its_condition_fails_and_keeps_a_variable) {
  const Graph graph = parse_graph(with_step("1"));
  ASSERT_TRUE(problems_of(Module{{graph}}).empty());
  Evaluator evaluator(graph);
  EXPECT_EQ(run(evaluator, 3, graph.nodes[0].outputs[1]), 10 + 3 + 2 + 1);
  EXPECT_EQ(run(evaluator, 0, graph.nodes[0].outputs[1]), 16);
  EXPECT_EQ(run(evaluator, 1, graph.nodes[0].outputs[1]), 17);
}

TEST(While, gives_up_where_it_finds_no_end) {
  const Graph graph = parse_graph(with_step("0"));
  Evaluator evaluator(graph);
  EXPECT_THROW(run(evaluator, 1, graph.outputs[0]), UserError);
}

TEST(If, what_a_body_remembers_waits_for_it) {
  const Graph graph = parse_graph(R"(graph "g" {
    input %x: int16[1,1]
    input %flag: boolean[1]
    %y: int16[1,1] = if(%flag, %x)
      graph "then" {
        input %a: int16[1,1]
        variable %h: int16[1,1] = [7]
        %b: int16[1,1], %h = signal_delay(%a, %h) {delay_length = 1}
        output %b
      }
      graph "else" {
        input %a: int16[1,1]
        output %a
      }
    output %y
  })");
  ASSERT_TRUE(problems_of(Module{{graph}}).empty());
  Evaluator evaluator(graph);
  const auto next = [&](int16_t value, bool flag) {
    std::memcpy(evaluator.bytes(graph.inputs[0]).data(), &value, sizeof value);
    evaluator.bytes(graph.inputs[1])[0] = flag;
    evaluator.run();
    return values_of<int16_t>(evaluator.bytes(graph.outputs[0]))[0];
  };
  EXPECT_EQ(next(1, true), 7);
  EXPECT_EQ(next(2, false), 2);
  EXPECT_EQ(next(3, true), 1);
}

TEST(If, runs_one_body) {
  const Graph graph = parse_graph(R"(graph "g" {
    input %x: int32[1]
    constant %five: int32[1] = [5]
    %large: boolean[1] = greater(%x, %five)
    %y: int32[1] = if(%large, %x)
      graph "then" { input %a: int32[1] constant %b: int32[1] = [100] %c: int32[1] = add(%a, %b) output %c }
      graph "else" { input %a: int32[1] output %a }
    output %y
  })");
  ASSERT_TRUE(problems_of(Module{{graph}}).empty());
  Evaluator evaluator(graph);
  EXPECT_EQ(run(evaluator, 6, graph.outputs[0]), 106);
  EXPECT_EQ(run(evaluator, 5, graph.outputs[0]), 5);
}

TEST(If, wants_bodies_that_agree) {
  const Module module = parse_module(R"(graph "g" {
    input %x: int32[1]
    input %flag: boolean[1]
    %y: int32[1] = if(%flag, %x)
      graph "then" { input %a: int32[1] output %a }
      graph "else" { input %a: int32[2] output %a }
    output %y
  })");
  ASSERT_EQ(problems_of(module).size(), 1U);
  EXPECT_NE(problems_of(module)[0].text().find("a body takes (int32 2)"), std::string::npos) << problems_of(module)[0].text();
}

TEST(Copy, gives_a_variable_its_next_value) {
  const Graph graph = parse_graph(R"(graph "g" {
    input %x: int32[1]
    variable %v: int32[1] = [7]
    %before: int32[1] = copy(%v)
    %v = copy(%x)
    output %before
  })");
  ASSERT_TRUE(problems_of(Module{{graph}}).empty());
  Evaluator evaluator(graph);
  EXPECT_EQ(run(evaluator, 1, graph.outputs[0]), 7);
  EXPECT_EQ(run(evaluator, 2, graph.outputs[0]), 1);
}

}  // namespace
}  // namespace whit
