// SPDX-License-Identifier: Apache-2.0
// Fuzzer: any text is parsed or refused; what is parsed prints and parses back the same; what the verifier lets through
// goes through all passes and gives the outputs it gave before.
#include "compiler/ir/text.hpp"
#include "compiler/passes/pipeline.hpp"
#include "ops/evaluate.hpp"
#include "ops/op_def.hpp"
#include "ops/verify.hpp"

namespace {

using whit::Graph, whit::Module;

// Large graphs are legal but slow; the fuzzer looks for faults, not for heat.
constexpr int64_t most_macs = 1000000;
constexpr int64_t most_bytes = 32768;

bool is_small(const Module &module) {
  int64_t macs = 0, bytes = 0;
  for (const Graph &graph : module.graphs) {
    for (const whit::Tensor &tensor : graph.tensors) bytes += tensor.bytes();
    if (bytes > most_bytes) return false;
    for (const whit::Node &node : graph.nodes) macs += whit::macs_of(whit::NodeView(graph, node));
  }
  return macs <= most_macs;
}

// Inputs of small positive bytes: finite floats too.
whit::Bytes outputs_of(const Graph &graph) {
  whit::Evaluator evaluator(graph);
  uint8_t next = 0;
  for (whit::TensorId id : graph.inputs)
    for (uint8_t &byte : evaluator.bytes(id)) byte = next = static_cast<uint8_t>((next * 5 + 1) % 64);
  evaluator.run();
  whit::Bytes all;
  for (whit::TensorId id : graph.outputs) {
    const auto bytes = evaluator.bytes(id);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return all;
}

void check(std::string_view text) {
  Module module = whit::parse_module(text, "fuzz");
  const std::string printed = whit::to_text(module);
  whit::internal_check(whit::to_text(whit::parse_module(printed)) == printed, "printed text parses to another graph");
  whit::verify_import(module);
  if (!is_small(module)) return;
  const whit::Bytes before = outputs_of(module.main());
  whit::run_passes(module);
  whit::internal_check(outputs_of(module.main()) == before, "the passes changed an output");
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
