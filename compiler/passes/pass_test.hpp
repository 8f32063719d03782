// SPDX-License-Identifier: Apache-2.0
// How passes are tested: text before and after, and outputs of both graphs on random inputs.
#pragma once

#include <gtest/gtest.h>

#include "compiler/ir/text.hpp"
#include "compiler/passes/pipeline.hpp"
#include "ops/evaluate.hpp"
#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"
#include "ops/verify.hpp"

namespace whit {

inline Bytes outputs_of(const Graph &graph, const std::vector<Bytes> &inputs) {
  Evaluator evaluator(graph);
  for (size_t i = 0; i < inputs.size(); ++i)
    std::copy(inputs[i].begin(), inputs[i].end(), evaluator.bytes(graph.inputs[i]).begin());
  evaluator.run();
  Bytes all;
  for (TensorId id : graph.outputs) {
    const auto bytes = evaluator.bytes(id);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return all;
}

// Both graphs have the same inputs and, on random ones, bit for bit the same outputs.
inline void expect_same_outputs(const Graph &before, const Graph &after, int samples = 4, uint32_t seed = 1) {
  std::mt19937 random(seed);
  ASSERT_EQ(before.inputs.size(), after.inputs.size());
  for (int sample = 0; sample < samples; ++sample) {
    std::vector<Bytes> inputs;
    for (TensorId id : before.inputs) inputs.push_back(random_values(random, before.tensor(id)));
    ASSERT_EQ(outputs_of(before, inputs), outputs_of(after, inputs)) << to_text(before) << "became\n" << to_text(after);
  }
}

// The graph after this pass alone (and dead_code, which tidies up after it).
inline Graph after_pass(std::string_view pass, const Graph &before) {
  Module module{{before}};
  run_pass(pass, module);
  run_pass("dead_code", module);
  return module.main();
}

// The pass turns `before` into `after`, both in text form; where both can be run they give the same outputs.
inline void expect_pass(std::string_view pass, std::string_view before, std::string_view after) {
  const Graph graph = parse_graph(before, "before");
  verify_import(Module{{graph}});
  const Graph result = after_pass(pass, graph);
  EXPECT_EQ(to_text(result), to_text(parse_graph(after, "after")));
  expect_same_outputs(graph, result);
}

// The pass leaves the graph as it is.
inline void expect_untouched(std::string_view pass, std::string_view text) {
  Module module = parse_module(text);
  verify_import(module);
  EXPECT_FALSE(run_pass(pass, module)) << to_text(module);
}

}  // namespace whit
