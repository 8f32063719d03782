// SPDX-License-Identifier: Apache-2.0
// The pipeline as a whole: order of its passes, switching off, tracing, and random graphs of every operator.
#include "compiler/passes/pass_test.hpp"

namespace whit {
namespace {

const char *const foldable = R"(graph "g" {
  input %x: float32[2]
  constant %a: float32[2] = [1, 2]
  %b: float32[2] = relu(%a)
  %s: float32[2] = add(%x, %b)
  %y: float32[2] = relu(%s)
  output %y
})";

std::vector<std::string> passes_that_changed(PassOptions options) {
  std::vector<std::string> names;
  options.trace = [&](const Pass &pass, const Module &module) {
    EXPECT_FALSE(module.graphs.empty());
    names.emplace_back(pass.name);
  };
  Module module = parse_module(foldable);
  run_passes(module, options);
  return names;
}

TEST(Pipeline, traces_each_pass_that_changed_something) {
  EXPECT_EQ(passes_that_changed({}), (std::vector<std::string>{"constant_folding", "fuse_activation", "dead_code"}));
}

TEST(Pipeline, leaves_out_passes_by_name) {
  EXPECT_EQ(passes_that_changed({.off = {"constant_folding", "dead_code"}}), std::vector<std::string>{"fuse_activation"});
}

TEST(Pipeline, refuses_unknown_names) {
  Module module = parse_module(foldable);
  EXPECT_THROW(run_passes(module, {.off = {"constant_fold"}}), UserError);
}

TEST(Pipeline, refuses_a_broken_module) {
  Module module = parse_module(foldable);
  module.main().nodes[0].op = "frobnicate";
  EXPECT_THROW(run_passes(module), InternalError);
}

TEST(Pipeline, says_what_each_pass_does) {
  for (const Pass &pass : all_passes()) EXPECT_FALSE(pass.name.empty() || pass.summary.empty());
}

TEST(Pipeline, keeps_the_outputs_of_random_instances_of_every_operator) {
  std::mt19937 random(13);
  for (const OpDef *definition : all_operators())
    for (RandomGraph make : definition->random_graphs)
      for (int repeat = 0; repeat < 10; ++repeat) {
        const Graph graph = make(random);
        Module module{{graph}};
        run_passes(module);
        expect_same_outputs(graph, module.main(), 2);
        if (HasFailure()) FAIL() << definition->name;
      }
}

}  // namespace
}  // namespace whit
