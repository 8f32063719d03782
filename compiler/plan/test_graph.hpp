// SPDX-License-Identifier: Apache-2.0
// Graphs for the planner's own tests: tensors of plain bytes, nodes whose kernels read their facts from attributes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "ops/kernel.hpp"

namespace whit::test {

inline bool fits_always(const NodeView &) { return true; }
inline Cost no_cost(const NodeView &) { return {}; }
inline int64_t scratch_attribute(const NodeView &node) { return node.attributes().integer("scratch"); }

// Attributes "at_most_N" and "exactly_N" for input N.
inline std::vector<Overlap> overlap_attributes(const NodeView &node) {
  std::vector<Overlap> overlaps;
  for (size_t input = 0; input < node.input_count(); ++input) {
    const std::string at_most = fmt::format("at_most_{}", input), exactly = fmt::format("exactly_{}", input);
    Overlap overlap{.input = input};
    if (node.attributes().has(at_most)) overlap.at_most = node.attributes().integer(at_most);
    if (node.attributes().has(exactly)) overlap.exactly = node.attributes().integers(exactly);
    overlaps.push_back(overlap);
  }
  return overlaps;
}

inline const Kernel plain_kernel{.name = "plain", .fits = fits_always, .cost = no_cost, .scratch = scratch_attribute,
                                 .overlap = overlap_attributes};
inline const Kernel view_kernel{.name = "view", .fits = fits_always, .cost = no_cost, .view = true};

// Builds a graph and, for each node, the kernel that its operator's name asks for ("view" or anything else).
class TestGraph {
 public:
  TensorId input(int64_t bytes) {
    graph.inputs.push_back(tensor(bytes));
    return graph.inputs.back();
  }
  TensorId variable(int64_t bytes) {
    const TensorId id = tensor(bytes);
    graph.tensor(id).variable = true;
    return id;
  }
  TensorId constant(int64_t bytes) {
    return graph.add_constant("constant", ElementType::int8, {bytes}, Bytes(static_cast<size_t>(bytes)));
  }
  TensorId node(std::vector<TensorId> inputs, int64_t bytes, Attributes attributes = {}) {
    return nodes(std::move(inputs), {bytes}, std::move(attributes))[0];
  }
  std::vector<TensorId> nodes(std::vector<TensorId> inputs, const std::vector<int64_t> &bytes,
                              Attributes attributes = {}) {
    Node node{.op = "plain", .inputs = std::move(inputs), .attributes = std::move(attributes)};
    for (int64_t size : bytes) node.outputs.push_back(tensor(size));
    graph.nodes.push_back(node);
    kernels.push_back(&plain_kernel);
    return node.outputs;
  }
  TensorId view(TensorId source) {
    const TensorId output = tensor(graph.tensor(source).bytes());
    graph.nodes.push_back({.op = "view", .inputs = {source}, .outputs = {output}});
    kernels.push_back(&view_kernel);
    return output;
  }
  void output(TensorId id) { graph.outputs.push_back(id); }

  Graph graph{};
  std::vector<const Kernel *> kernels{};

 private:
  TensorId tensor(int64_t bytes) {
    const std::string name = fmt::format("t{}", graph.tensors.size());
    return graph.add_tensor({.name = name, .type = ElementType::int8, .shape = {bytes}});
  }
};

}  // namespace whit::test
