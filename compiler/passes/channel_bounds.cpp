// SPDX-License-Identifier: Apache-2.0
// A function that is monotone in each of its arguments has its extremes at the corners of the box they range over, so
// the kernel itself, run on each corner, gives the bounds: no operator's arithmetic is repeated here.
#include "compiler/passes/channel_bounds.hpp"

#include <algorithm>

#include "ops/accumulator_bounds.hpp"
#include "ops/evaluate.hpp"

namespace whit {

namespace {

constexpr size_t most_computed_inputs = 4;  // 2^4 corners

// The values of an int8 tensor whose channels hold one end of their intervals.
Bytes filled(const Tensor &tensor, const std::vector<Interval> &channels, bool high) {
  Bytes bytes(static_cast<size_t>(tensor.bytes()));
  for (size_t index = 0; index < bytes.size(); ++index) {
    const Interval &interval = channels[index % channels.size()];
    bytes[index] = static_cast<uint8_t>(high ? interval.high : interval.low);
  }
  return bytes;
}

class Corners {
 public:
  Corners(const NodeView &node, const ChannelBounds &bounds) : node_(node), bounds_(bounds) {
    for (size_t index = 0; index < node.input_count(); ++index)
      if (node.has_input(index) && !node.input(index).is_constant()) computed_.push_back(index);
  }

  // Whether the corners can be run and say something.
  bool apply() const {
    if (computed_.empty() || computed_.size() > most_computed_inputs || node_.output_count() != 1) return false;
    for (size_t index : computed_)
      if (node_.input(index).type != ElementType::int8) return false;
    return node_.output().type == ElementType::int8 && portable_kernel(node_) != nullptr;
  }

  std::vector<Interval> run() const {
    const PreparedNode prepared(node_);
    std::vector<Interval> result(static_cast<size_t>(channel_count(node_.output())), {127, -128});
    for (size_t corner = 0; corner < size_t{1} << computed_.size(); ++corner) {
      const Bytes output = run_corner(prepared, corner);
      for (size_t index = 0; index < output.size(); ++index) {
        Interval &interval = result[index % result.size()];
        const int64_t value = static_cast<int8_t>(output[index]);
        interval = {std::min(interval.low, value), std::max(interval.high, value)};
      }
    }
    return result;
  }

  // Without monotony only channels that depend on single values are known.
  void forget_ranges(std::vector<Interval> &result) const {
    for (size_t channel = 0; channel < result.size(); ++channel)
      for (size_t index : computed_) {
        const std::vector<Interval> &input = bounds_of(index);
        if (!input[channel % input.size()].single()) result[channel] = stored_range(ElementType::int8);
      }
  }

 private:
  const std::vector<Interval> &bounds_of(size_t input) const {
    return bounds_[static_cast<size_t>(node_.node().inputs[input])];
  }

  // Bit i of `corner`: whether the i-th computed input is at its high end.
  Bytes run_corner(const PreparedNode &prepared, size_t corner) const {
    std::vector<Bytes> inputs(node_.input_count());
    std::vector<void *> addresses(node_.input_count());
    for (size_t index = 0; index < inputs.size(); ++index) {
      if (!node_.has_input(index)) continue;
      if (node_.input(index).is_constant()) inputs[index] = *node_.input(index).constant;
    }
    for (size_t i = 0; i < computed_.size(); ++i)
      inputs[computed_[i]] = filled(node_.input(computed_[i]), bounds_of(computed_[i]), (corner >> i & 1) == 1);
    for (size_t index = 0; index < inputs.size(); ++index)
      addresses[index] = node_.has_input(index) ? inputs[index].data() : nullptr;
    Bytes output(static_cast<size_t>(node_.output().bytes()));
    void *const outputs[] = {output.data()};
    prepared.run(addresses, outputs);
    return output;
  }

  const NodeView &node_;
  const ChannelBounds &bounds_;
  std::vector<size_t> computed_;
};

std::vector<Interval> anything(const Tensor &tensor) {
  return std::vector<Interval>(static_cast<size_t>(channel_count(tensor)), stored_range(tensor.type));
}

std::vector<Interval> weighted_sum_bounds(const NodeView &node, const ChannelBounds &bounds) {
  const std::vector<Interval> &data = bounds[static_cast<size_t>(node.node().inputs[0])];
  const bool channels_known = !data.empty() && weight_map(node).joins_channels();
  return requantized_bounds(node, channels_known ? accumulator_bounds(node, data) : accumulator_bounds(node));
}

std::vector<Interval> separate_bounds(const NodeView &node, const ChannelBounds &bounds) {
  const Corners corners(node, bounds);
  if (!corners.apply()) return anything(node.output());
  std::vector<Interval> result = corners.run();
  if (channel_flow_of(node) == ChannelFlow::separate) corners.forget_ranges(result);
  return result;
}

}  // namespace

int64_t channel_count(const Tensor &tensor) { return tensor.shape.empty() ? 1 : tensor.shape.back(); }

ChannelBounds channel_bounds(const Graph &graph) {
  ChannelBounds bounds(graph.tensors.size());
  for (size_t index = 0; index < bounds.size(); ++index)
    if (!graph.tensors[index].is_constant()) bounds[index] = anything(graph.tensors[index]);
  for (const Node &each : graph.nodes) {
    const NodeView node(graph, each);
    if (each.outputs.size() != 1 || node.output().variable) continue;
    std::vector<Interval> &output = bounds[static_cast<size_t>(each.outputs[0])];
    if (has_accumulator_bounds(node))
      output = weighted_sum_bounds(node, bounds);
    else if (channel_flow_of(node) != ChannelFlow::mixed)
      output = separate_bounds(node, bounds);
  }
  return bounds;
}

}  // namespace whit
