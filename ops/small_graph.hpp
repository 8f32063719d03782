// SPDX-License-Identifier: Apache-2.0
// For the fuzzers: which graphs they evaluate, and what those answer. Large graphs are legal but slow; fuzzers look for
// faults, not for heat.
#pragma once

#include "compiler/ir/graph.hpp"
#include "ops/evaluate.hpp"
#include "ops/op_def.hpp"

namespace whit {

// Of a verified graph; the bodies of control operators count once.
inline bool is_small(const Graph &graph) {
  constexpr int64_t most_macs = 1000000, most_bytes = 32768;
  int64_t macs = 0, bytes = 0;
  for (const Tensor &tensor : graph.tensors) bytes += tensor.bytes();
  if (bytes > most_bytes) return false;
  for (const Node &node : graph.nodes) {
    macs += macs_of(NodeView(graph, node));
    for (const auto &body : node.bodies)
      if (!is_small(*body)) return false;
  }
  return macs <= most_macs;
}

// All outputs of one run on inputs of small positive bytes, which are finite floats too.
inline Bytes outputs_of(const Graph &graph) {
  Evaluator evaluator(graph);
  uint8_t next = 0;
  for (TensorId id : graph.inputs)
    for (uint8_t &byte : evaluator.bytes(id)) byte = next = static_cast<uint8_t>((next * 5 + 1) % 64);
  evaluator.run();
  Bytes all;
  for (TensorId id : graph.outputs) {
    const auto bytes = evaluator.bytes(id);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return all;
}

}  // namespace whit
