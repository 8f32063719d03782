// SPDX-License-Identifier: Apache-2.0
// What passes that match patterns share: who reads and writes a tensor, and how a node is taken out.
#pragma once

#include <optional>
#include <vector>

#include "compiler/ir/graph.hpp"

namespace whit {

// Readers and writers of each tensor, as they were when it was made.
class Uses {
 public:
  explicit Uses(const Graph &graph);

  // The node that computes the tensor; none for inputs, constants, variables.
  std::optional<size_t> producer(TensorId id) const { return producers_[static_cast<size_t>(id)]; }
  // The node that alone reads the tensor, once; none where others read it, or where it is an output of the graph.
  std::optional<size_t> only_reader(TensorId id) const;
  bool is_graph_output(TensorId id) const { return graph_outputs_[static_cast<size_t>(id)]; }

 private:
  std::vector<std::optional<size_t>> producers_;
  std::vector<std::vector<size_t>> readers_;  // a node that reads twice stands there twice
  std::vector<bool> graph_outputs_;
};

// Tries `step` at every node in turn until it finds nothing more there; whether it changed anything. A step that
// returns true has changed the graph, and is given fresh uses.
bool rewrite_each(Graph &graph, bool (*step)(Graph &graph, size_t node, const Uses &uses));

void erase_node(Graph &graph, size_t node);

// The node now also does what `absorbed` did: its origin says so.
void join_origin(Node &node, const Node &absorbed);

// Takes out a node whose only output has, in type, shape, quantisation and values, what its input 0 has. False, and
// nothing changed, where the graph's own inputs and outputs or a variable keep it in place.
bool bypass_node(Graph &graph, size_t node, const Uses &uses);

}  // namespace whit
