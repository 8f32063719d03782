// SPDX-License-Identifier: Apache-2.0
// The passes: rewrites of a graph after which every output is bit for bit what it was, for every input.
//
// A pass is one file with one function, bool NAME(Graph &), that says whether it changed anything, and one line in
// pipeline.cpp. Passes see channel_last tensors; layouts are chosen after them.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/graph.hpp"

namespace whit {

struct Pass {
  std::string_view name{};
  std::string_view summary{};
  bool (*run)(Graph &graph) = nullptr;
};

// All passes, in the order in which they run.
std::span<const Pass> all_passes();

struct PassOptions {
  std::vector<std::string> off{};  // names of passes to leave out
  // Called after each pass that changed something, with what it made.
  std::function<void(const Pass &pass, const Module &module)> trace{};
};

// Runs all passes over all graphs until a whole round changes nothing, and verifies the module after each change
// (InternalError naming the pass). UserError for an unknown name in `off`.
void run_passes(Module &module, const PassOptions &options = {});

// Runs one pass once over all graphs and verifies what it made; whether it changed anything.
bool run_pass(std::string_view name, Module &module);

}  // namespace whit
