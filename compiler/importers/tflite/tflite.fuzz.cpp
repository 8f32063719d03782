// SPDX-License-Identifier: Apache-2.0
// Fuzzer: any bytes are imported or refused, and what is imported can be evaluated.
#include "compiler/importers/tflite/import.hpp"
#include "ops/evaluate.hpp"
#include "ops/op_def.hpp"

namespace {

// Large graphs are legal but slow; the fuzzer looks for faults, not for heat.
constexpr int64_t most_macs = 1000000;
constexpr int64_t most_bytes = 32768;

bool is_small(const whit::Graph &graph) {
  int64_t macs = 0, bytes = 0;
  for (const whit::Tensor &tensor : graph.tensors) bytes += tensor.bytes();
  if (bytes > most_bytes) return false;
  for (const whit::Node &node : graph.nodes) macs += whit::macs_of(whit::NodeView(graph, node));
  return macs <= most_macs;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  try {
    const whit::Module module = whit::import_tflite({data, size}, "fuzz");
    if (is_small(module.main())) whit::Evaluator(module.main()).run();
  } catch (const whit::UserError &) {
    // refused with an explanation: just what hostile files should get
  }
  return 0;
}
