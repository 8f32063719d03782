// SPDX-License-Identifier: Apache-2.0
// Fuzzer: any text is parsed or refused; what is parsed prints and parses back the same; what the verifier lets through
// goes through all passes and gives the outputs it gave before.
#include <algorithm>

#include "compiler/ir/text.hpp"
#include "compiler/passes/pipeline.hpp"
#include "ops/small_graph.hpp"
#include "ops/verify.hpp"

namespace {

using whit::Graph, whit::Module;

bool is_small(const Module &module) { return std::ranges::all_of(module.graphs, [](const Graph &graph) { return whit::is_small(graph); }); }

void check(std::string_view text) {
  Module module = whit::parse_module(text, "fuzz");
  const std::string printed = whit::to_text(module);
  whit::internal_check(whit::to_text(whit::parse_module(printed)) == printed, "printed text parses to another graph");
  whit::verify_import(module);
  if (!is_small(module)) return;
  const whit::Bytes before = whit::outputs_of(module.main());
  whit::run_passes(module);
  whit::internal_check(whit::outputs_of(module.main()) == before, "the passes changed an output");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  try {
    check({reinterpret_cast<const char *>(data), size});
  } catch (const whit::UserError &) {
    // refused with an explanation: just what hostile text should get
  }
  return 0;
}
