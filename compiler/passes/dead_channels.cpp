// SPDX-License-Identifier: Apache-2.0
// Removes channels that hold one value for every input (what they add to the next sums goes into its bias) and channels
// whose every reader multiplies them by zero.
//
// First the values each channel can hold are bounded, in the graph's order (channel_bounds.hpp); then need spreads
// backwards from the outputs: a needed output channel of a convolution needs each input channel that it weighs by
// anything but zero, unless that channel is constant and can be folded. What nobody needs goes, group by group.
//
// A constant can be folded where every position of the output sees all of the filter's taps. Where the window pads,
// border positions would see fewer, so there only the zero point, which adds nothing anywhere, can be folded.
#include <algorithm>

#include "compiler/passes/channel_bounds.hpp"
#include "compiler/passes/channel_groups.hpp"
#include "compiler/passes/channel_removal.hpp"
#include "ops/accumulator_bounds.hpp"

namespace whit {

namespace {

constexpr int64_t most_channels = int64_t{1} << 22;  // in all tensors together; no microcontroller holds more values

class DeadChannels {
 public:
  explicit DeadChannels(const Graph &graph)
      : graph_(graph), bounds_(channel_bounds(graph)), groups_(graph), needed_(groups_.count()) {
    for (const Node &node : graph.nodes) foldable_.push_back(foldable_channels(NodeView(graph, node)));
    for (size_t group = 0; group < needed_.size(); ++group) needed_[group] = groups_.pinned(group);
    do spread();
    while (revive());
  }

  const ChannelBounds &bounds() const { return bounds_; }

  KeptChannels kept() const {
    KeptChannels kept(graph_.tensors.size());
    for (size_t index = 0; index < kept.size(); ++index)
      for (size_t channel = 0; channel < bounds_[index].size(); ++channel)
        kept[index].push_back(needed_[group_of(static_cast<TensorId>(index), static_cast<int64_t>(channel))]);
    return kept;
  }

 private:
  size_t group_of(TensorId tensor, int64_t channel) const { return groups_.of(tensor, channel); }

  // By data channel: whether its value can go into the node's bias. Empty for nodes that do not read across channels.
  std::vector<bool> foldable_channels(const NodeView &node) const {
    if (!has_removable_channels(node) || weight_map(node).order != WeightOrder::output_first) return {};
    const std::vector<Interval> &data = bounds_[static_cast<size_t>(node.node().inputs[0])];
    const int64_t zero_point = node.input(0).quantization.zero_point();
    const bool only_zero = pads(node) || !biases_fit(node, data);
    std::vector<bool> foldable;
    for (const Interval &channel : data)
      foldable.push_back(channel.single() && (!only_zero || channel.low == zero_point));
    return foldable;
  }

  // Whether every bias stays within 32 bits, whichever of the constant channels are folded into it: the bounds of the
  // sum where each of them may count or not, and nothing else does.
  static bool biases_fit(const NodeView &node, std::vector<Interval> data) {
    const int64_t zero_point = node.input(0).quantization.zero_point();
    for (Interval &channel : data)
      channel = channel.single() ? Interval{std::min(channel.low, zero_point), std::max(channel.low, zero_point)}
                                 : Interval{zero_point, zero_point};
    for (const Interval &bias : accumulator_bounds(node, data))
      if (!stored_range(ElementType::int32).holds(bias.low) || !stored_range(ElementType::int32).holds(bias.high))
        return false;
    return true;
  }

  // Carries need from outputs to inputs until nothing new is needed.
  void spread() {
    bool changed = true;
    while (changed) {
      changed = false;
      for (size_t node = graph_.nodes.size(); node-- > 0;)
        if (!foldable_[node].empty()) changed |= spread_through(node);
    }
  }

  bool spread_through(size_t index) {
    const Node &node = graph_.nodes[index];
    const NodeView view(graph_, node);
    const WeightMap map = weight_map(view);
    const Bytes &weights = *view.input(1).constant;
    bool changed = false;
    for (int64_t weight = 0; weight < map.weights(); ++weight) {
      const int64_t channel = map.channel_of(weight);
      if (weights[static_cast<size_t>(weight)] == 0 || foldable_[index][static_cast<size_t>(channel)]) continue;
      if (!needed_[group_of(node.outputs[0], map.output_of(weight))]) continue;
      const size_t group = group_of(node.inputs[0], channel);
      changed |= !needed_[group];
      needed_[group] = true;
    }
    return changed;
  }

  // A tensor keeps at least one channel. Whether one had to be brought back, whose own inputs are needed in turn.
  bool revive() {
    bool revived = false;
    for (size_t index = 0; index < graph_.tensors.size(); ++index) {
      const auto id = static_cast<TensorId>(index);
      bool any = bounds_[index].empty();
      for (size_t channel = 0; channel < bounds_[index].size(); ++channel)
        any = any || needed_[group_of(id, static_cast<int64_t>(channel))];
      if (any) continue;
      needed_[group_of(id, 0)] = true;
      revived = true;
    }
    return revived;
  }

  const Graph &graph_;
  ChannelBounds bounds_;
  ChannelGroups groups_;
  std::vector<bool> needed_;                 // by group
  std::vector<std::vector<bool>> foldable_;  // by node, then data channel
};

bool is_small(const Graph &graph) {
  int64_t channels = 0;
  for (const Tensor &tensor : graph.tensors)
    if (!tensor.is_constant()) channels += channel_count(tensor);
  return channels <= most_channels;
}

}  // namespace

bool dead_channels(Graph &graph) {
  if (!is_small(graph)) return false;
  const DeadChannels dead(graph);
  const KeptChannels kept = dead.kept();
  bool any = false;
  for (const std::vector<bool> &tensor : kept)
    for (bool channel : tensor) any = any || !channel;
  if (any) remove_channels(graph, kept, dead.bounds());
  return any;
}

}  // namespace whit
