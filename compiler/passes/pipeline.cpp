// SPDX-License-Identifier: Apache-2.0
// The pipeline, to be read aloud: each line is a pass, and they run in this order, round by round.
#include "compiler/passes/pipeline.hpp"

#include <algorithm>
#include <array>

#include "ops/verify.hpp"

namespace whit {

#define WHIT_PASSES(PASS)                                                                                    \
  PASS(constant_folding, "computes on the host what depends on constants only")                              \
  PASS(constant_branches, "puts the body that always runs in the place of the branch")                       \
  PASS(remove_identities, "takes out nodes that hand on their input as it is")                               \
  PASS(merge_reshapes, "makes one reshape of several in a row")                                              \
  PASS(cancel_transposes, "makes one transpose of several in a row, and a reshape where no byte moves")      \
  PASS(fuse_pad, "puts padding by zero into the convolution that reads it")                                  \
  PASS(fuse_bias, "puts an added constant into the bias of the convolution before it")                       \
  PASS(fuse_activation, "puts relu, relu6 and relu_n1_to_1 into the operator before them")                   \
  PASS(dead_channels, "removes channels that never change or that nobody reads")                             \
  PASS(dead_code, "removes nodes and tensors that no output needs, and numbers tensors as they appear")

#define WHIT_DECLARE_PASS(name, summary) bool name(Graph &graph);
WHIT_PASSES(WHIT_DECLARE_PASS)

namespace {

#define WHIT_LIST_PASS(name, summary) Pass{#name, summary, name},
constexpr std::array pipeline = {WHIT_PASSES(WHIT_LIST_PASS)};

// Passes only ever shrink a graph, so rounds end; more than this many would be a pass that undoes another.
constexpr int most_rounds = 100;

bool run(const Pass &pass, Module &module) {
  bool changed = false;
  for (Graph &graph : module.graphs) changed |= pass.run(graph);
  if (changed) verify_stage(module, fmt::format("pass {}", pass.name));
  return changed;
}

const Pass *find_pass(std::string_view name) {
  const auto found = std::find_if(pipeline.begin(), pipeline.end(), [&](const Pass &pass) { return pass.name == name; });
  return found == pipeline.end() ? nullptr : found;
}

void check_names(const std::vector<std::string> &names) {
  std::string known;
  for (const Pass &pass : pipeline) known += fmt::format("{}{}", known.empty() ? "" : ", ", pass.name);
  for (const std::string &name : names)
    if (find_pass(name) == nullptr)
      throw UserError({"passes to leave out", fmt::format("no pass is called '{}'", name), known}, ExitCode::usage);
}

// Bodies are graphs like others, but that nothing may be told of their inputs.
void run_on_bodies(Graph &graph, const PassOptions &options) {
  for (Node &node : graph.nodes)
    for (auto &body : node.bodies) {
      Module module{{*body}};
      run_passes(module, options);
      body = std::make_shared<const Graph>(std::move(module.main()));
    }
}

bool run_round(Module &module, const PassOptions &options) {
  bool any = false;
  for (const Pass &pass : pipeline) {
    if (std::find(options.off.begin(), options.off.end(), pass.name) != options.off.end()) continue;
    const bool changed = run(pass, module);
    if (changed && options.trace) options.trace(pass, module);
    any |= changed;
  }
  return any;
}

}  // namespace

std::span<const Pass> all_passes() { return pipeline; }

void run_passes(Module &module, const PassOptions &options) {
  check_names(options.off);
  verify_stage(module, "the stage before the passes");
  for (Graph &graph : module.graphs) run_on_bodies(graph, options);
  for (int round = 0; run_round(module, options); ++round)
    internal_check(round < most_rounds, "the passes find no end after {} rounds", most_rounds);
}

bool run_pass(std::string_view name, Module &module) {
  const Pass *pass = find_pass(name);
  internal_check(pass != nullptr, "no pass is called '{}'", name);
  return run(*pass, module);
}

}  // namespace whit
