// SPDX-License-Identifier: Apache-2.0
// Evaluation on the host, with the very kernels the device runs (always the portable ones, channel_last).
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "ops/kernel.hpp"

namespace whit {

class Evaluator;

// A node's portable kernel call, packed once and run many times.
class PreparedNode {
 public:
  // UserError when no portable kernel fits the node.
  explicit PreparedNode(const NodeView &node);
  PreparedNode(PreparedNode &&) noexcept;
  ~PreparedNode();
  // Runs it; one buffer of the tensor's size for each input and output, null for absent inputs and for constants.
  // UserError when a loop finds no end.
  void run(std::span<void *const> inputs, std::span<void *const> outputs) const;

 private:
  void run_loop(std::span<void *const> inputs, std::span<void *const> outputs) const;

  const Kernel *kernel_;
  mutable KernelCall call_;
  size_t view_bytes_ = 0;
  mutable Bytes scratch_;
  std::vector<std::unique_ptr<Evaluator>> bodies_;
  std::string place_{};
};

// Evaluates a whole graph. All tensors are kept, so that any of them can be looked at after a run. Variables keep their
// values from run to run, from their initial ones on.
class Evaluator {
 public:
  // UserError, all nodes at once, where the host has no kernel. The graph must outlive the evaluator.
  explicit Evaluator(const Graph &graph);

  // The bytes of one tensor: write the graph's inputs before `run`, read anything after it.
  std::span<uint8_t> bytes(TensorId tensor) { return buffers_.at(static_cast<size_t>(tensor)); }
  const Graph &graph() const { return graph_; }
  void run();
  // Called after each node, with its position in the graph.
  void run(const std::function<void(size_t node)> &after_node);

 private:
  const Graph &graph_;
  std::vector<Bytes> buffers_;
  std::vector<PreparedNode> nodes_;
};

// Values of the node's outputs when all its inputs are constants.
std::vector<Bytes> evaluate_constant(const NodeView &node);

}  // namespace whit
