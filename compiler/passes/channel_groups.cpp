// SPDX-License-Identifier: Apache-2.0
// Union-find over all (tensor, channel) pairs.
#include "compiler/passes/channel_groups.hpp"

#include <algorithm>

#include "compiler/passes/channel_bounds.hpp"
#include "ops/accumulator_bounds.hpp"

namespace whit {

ChannelGroups::ChannelGroups(const Graph &graph) {
  for (const Tensor &tensor : graph.tensors) {
    first_.push_back(parents_.size());
    if (tensor.is_constant()) continue;
    for (int64_t channel = 0; channel < channel_count(tensor); ++channel) parents_.push_back(parents_.size());
  }
  pinned_.resize(parents_.size());
  std::vector<bool> computed(graph.tensors.size());
  for (const Node &node : graph.nodes)
    for (TensorId id : node.outputs) computed[static_cast<size_t>(id)] = true;
  for (size_t index = 0; index < graph.tensors.size(); ++index) {
    const Tensor &tensor = graph.tensors[index];
    if (!computed[index] || tensor.variable || tensor.quantization.per_axis()) pin(graph, static_cast<TensorId>(index));
  }
  for (TensorId id : graph.outputs) pin(graph, id);
  for (const Node &node : graph.nodes) join(graph, node);
  for (size_t slot = 0; slot < parents_.size(); ++slot)
    if (pinned_[slot]) pinned_[find(slot)] = true;
}

size_t ChannelGroups::of(TensorId tensor, int64_t channel) const {
  return find(first_[static_cast<size_t>(tensor)] + static_cast<size_t>(channel));
}

size_t ChannelGroups::find(size_t slot) const {
  while (parents_[slot] != slot) {
    parents_[slot] = parents_[parents_[slot]];
    slot = parents_[slot];
  }
  return slot;
}

void ChannelGroups::unite(size_t a, size_t b) { parents_[find(a)] = find(b); }

void ChannelGroups::pin(const Graph &graph, TensorId tensor) {
  if (tensor == no_tensor || graph.tensor(tensor).is_constant()) return;
  const size_t first = first_[static_cast<size_t>(tensor)];
  for (int64_t channel = 0; channel < channel_count(graph.tensor(tensor)); ++channel)
    pinned_[first + static_cast<size_t>(channel)] = true;
}

void ChannelGroups::pin(const Graph &graph, const Node &node) {
  for (TensorId id : node.inputs) pin(graph, id);
  for (TensorId id : node.outputs) pin(graph, id);
}

void ChannelGroups::join(const Graph &graph, const Node &node) {
  const NodeView view(graph, node);
  if (has_removable_channels(view))
    join_weighted(view);
  else if (channel_flow_of(view) != ChannelFlow::mixed && node.outputs.size() == 1)
    join_separate(view);
  else
    pin(graph, node);
}

void ChannelGroups::join_weighted(const NodeView &node) {
  const WeightMap map = weight_map(node);
  if (map.order != WeightOrder::output_last) return;
  const int64_t multiplier = map.outputs / map.channels;
  for (int64_t output = 0; output < map.outputs; ++output)
    unite(of(node.node().outputs[0], output), of(node.node().inputs[0], output / multiplier));
}

void ChannelGroups::join_separate(const NodeView &node) {
  for (size_t index = 0; index < node.input_count(); ++index)
    if (node.has_input(index)) join_input(node, index);
}

void ChannelGroups::join_input(const NodeView &node, size_t input) {
  const Tensor &from = node.input(input), &to = node.output();
  const int64_t inputs = channel_count(from), outputs = channel_count(to);
  const TensorId id = node.node().inputs[input], output = node.node().outputs[0];
  if (from.is_constant()) {
    // Channels of constants are cut out with those of the output: one value a channel, or one for all.
    if ((inputs != outputs && inputs != 1) || from.type == ElementType::int4) pin(node.graph(), output);
  } else if (inputs == 1 && from.elements() < to.elements()) {
    pin(node.graph(), id);
  } else if (inputs % outputs == 0 || outputs % inputs == 0) {
    for (int64_t i = 0; i < std::max(inputs, outputs); ++i) unite(of(id, i % inputs), of(output, i % outputs));
  } else {
    pin(node.graph(), id);
    pin(node.graph(), output);
  }
}

bool has_removable_channels(const NodeView &node) {
  return has_accumulator_bounds(node) && node.input(0).type == ElementType::int8 &&
         node.output().type == ElementType::int8 && !node.input(0).is_constant() &&
         (!node.has_input(2) || node.input(2).type == ElementType::int32) && weight_map(node).joins_channels();
}

}  // namespace whit
