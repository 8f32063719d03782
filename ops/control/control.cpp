// SPDX-License-Identifier: Apache-2.0
// if: input 0 tells which of two bodies runs on the other inputs. while: body 0 tells whether body 1 runs on the values,
// again and again. Bodies see only what they are given and variables of their own; one of the graph's is an input and an output.
#include <algorithm>

#include "compiler/ir/text.hpp"
#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

using Types = std::vector<TensorType>;

Types types_of(const Graph &graph, const std::vector<TensorId> &ids) {
  Types types;
  for (TensorId id : ids) types.push_back({graph.tensor(id).type, graph.tensor(id).shape});
  return types;
}

std::string types_text(const Types &types) {
  std::string text;
  for (const TensorType &type : types) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name_of(type.type), text_of(type.shape));
  return "(" + text + ")";
}

void require(const NodeView &node, const char *what, const Types &found, const Types &expected) {
  if (found == expected) return;
  throw UserError({node.place(), fmt::format("{} {}", what, types_text(found)), types_text(expected), "the model file may be damaged"});
}

bool is_truth(const TensorType &type) { return type.type == ElementType::boolean && element_count(type.shape) == 1; }

void require_truth(const NodeView &node, const Types &types) {
  if (types.empty() || !is_truth(types[0]))
    throw UserError({node.place(), "a condition " + types_text(types), "one boolean", "the model file may be damaged"});
}

void require_bodies(const NodeView &node) {
  if (node.node().bodies.size() != 2)
    throw UserError({node.place(), fmt::format("{} bodies", node.node().bodies.size()), "2", "the model file may be damaged"});
  for (TensorId id : node.node().inputs)
    if (id == no_tensor) throw UserError({node.place(), "an input is absent", "", "the model file may be damaged"});
}

const Graph &body(const NodeView &node, size_t index) { return *node.node().bodies[index]; }

std::vector<TensorType> infer_if(const NodeView &node) {
  require_bodies(node);
  Types given = types_of(node.graph(), node.node().inputs);
  require_truth(node, given);
  given.erase(given.begin());
  for (size_t index : {0, 1}) require(node, "a body takes", types_of(body(node, index), body(node, index).inputs), given);
  const Types results = types_of(body(node, 0), body(node, 0).outputs);
  require(node, "the other body gives", types_of(body(node, 1), body(node, 1).outputs), results);
  return results;
}

std::vector<TensorType> infer_while(const NodeView &node) {
  require_bodies(node);
  const Types values = types_of(node.graph(), node.node().inputs);
  for (size_t index : {0, 1}) require(node, "a body takes", types_of(body(node, index), body(node, index).inputs), values);
  require_truth(node, types_of(body(node, 0), body(node, 0).outputs));
  require(node, "the body gives", types_of(body(node, 1), body(node, 1).outputs), values);
  return values;
}

bool fits(const NodeView &) { return true; }
Cost cost(const NodeView &) { return {.cycles = 100}; }

constexpr Kernel if_kernels[] = {{.name = "if_branch", .fits = fits, .cost = cost, .control = Control::branch}};
constexpr Kernel while_kernels[] = {{.name = "while_loop", .fits = fits, .cost = cost, .control = Control::loop}};

Graph random_if(std::mt19937 &random) {
  RandomGraphBuilder draw(random, "if");
  const int64_t count = draw.between(1, 9);
  return parse_graph(fmt::format(R"(graph "if" {{
    input %flag: boolean[1]
    input %x: float32[1,{0}]
    input %y: float32[1,{0}]
    %sum: float32[1,{0}], %other: float32[1,{0}] = if(%flag, %x, %y)
      graph "then" {{
        input %a: float32[1,{0}]
        input %b: float32[1,{0}]
        %c: float32[1,{0}] = add(%a, %b)
        %d: float32[1,{0}] = relu(%c)
        output %d, %b
      }}
      graph "else" {{
        input %a: float32[1,{0}]
        input %b: float32[1,{0}]
        %c: float32[1,{0}] = tanh(%a)
        output %c, %c
      }}
    output %sum
  }})", count));
}

// Each branch has a variable of its own, which waits for the branch to run again.
Graph random_remembering(std::mt19937 &random) {
  RandomGraphBuilder draw(random, "if");
  const int64_t count = draw.between(1, 9), early = draw.between(1, 9), late = draw.between(1, 9);
  return parse_graph(fmt::format(R"(graph "if" {{
    input %flag: boolean[1]
    input %x: int16[1,{0}]
    %y: int16[1,{0}] = if(%flag, %x)
      graph "then" {{
        input %a: int16[1,{0}]
        variable %h: int16[1,{1}] = fill 1
        %b: int16[1,{0}], %h = signal_delay(%a, %h) {{delay_length = {1}}}
        output %b
      }}
      graph "else" {{
        input %a: int16[1,{0}]
        variable %h: int16[1,{2}]
        %b: int16[1,{0}], %h = signal_delay(%a, %h) {{delay_length = {2}}}
        output %b
      }}
    output %y
  }})", count, early, late));
}

Graph random_while(std::mt19937 &random) {
  RandomGraphBuilder draw(random, "while");
  const int64_t count = draw.between(1, 9), turns = draw.between(0, 4);
  return parse_graph(fmt::format(R"(graph "while" {{
    input %x: int32[{0}]
    constant %zero: int32[1] = fill 0
    %values: int32[{0}], %turns: int32[1] = while(%x, %zero)
      graph "condition" {{
        input %v: int32[{0}]
        input %n: int32[1]
        constant %last: int32[1] = fill {1}
        %more: boolean[1] = less(%n, %last)
        output %more
      }}
      graph "body" {{
        input %v: int32[{0}]
        input %n: int32[1]
        constant %one: int32[1] = fill 1
        %m: int32[1] = add(%n, %one)
        %w: int32[{0}] = mul(%v, %m)
        output %w, %m
      }}
    output %values
  }})", count, turns));
}

constexpr RandomGraph random_ifs[] = {random_if, random_remembering};
constexpr RandomGraph random_whiles[] = {random_while};
constexpr AttributeRules<0> attributes{};

}  // namespace

extern const OpDef if_op, while_op;
constinit const OpDef if_op =
    complete({.name = "if", .summary = "one of two graphs, as a condition says", .least_inputs = 1, .most_inputs = any_number,
              .outputs = any_number, .attributes = attributes, .infer = infer_if, .kernels = if_kernels,
              .random_graphs = random_ifs});
constinit const OpDef while_op =
    complete({.name = "while", .summary = "a graph over and over, as long as another one says so", .least_inputs = 1,
              .most_inputs = any_number, .outputs = any_number, .attributes = attributes, .infer = infer_while,
              .kernels = while_kernels, .random_graphs = random_whiles});

}  // namespace whit
