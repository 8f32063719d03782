// SPDX-License-Identifier: Apache-2.0
// Nodes get constants of their own, since others may share the old ones; tensors shrink last, because the maps of
// weights to channels are read off the old shapes.
#include "compiler/passes/channel_removal.hpp"

#include <algorithm>

#include "compiler/passes/channel_groups.hpp"
#include "ops/accumulator_bounds.hpp"

namespace whit {

namespace {

int64_t count_of(const std::vector<bool> &kept) { return std::count(kept.begin(), kept.end(), true); }

bool any_removed(const std::vector<bool> &kept) { return std::find(kept.begin(), kept.end(), false) != kept.end(); }

std::vector<bool> inverted(std::vector<bool> flags) {
  flags.flip();
  return flags;
}

template <typename T>
std::vector<T> selected(const std::vector<T> &values, const std::vector<bool> &kept) {
  std::vector<T> result;
  for (size_t index = 0; index < values.size(); ++index)
    if (kept[index % kept.size()]) result.push_back(values[index]);
  return result;
}

Quantization selected(Quantization quantization, const std::vector<bool> &kept) {
  if (!quantization.per_axis()) return quantization;
  quantization.scales = selected(quantization.scales, kept);
  quantization.zero_points = selected(quantization.zero_points, kept);
  return quantization;
}

class NodeCut {
 public:
  NodeCut(Graph &graph, Node &node, const KeptChannels &kept, const ChannelBounds &bounds)
      : graph_(graph), node_(node), inputs_(kept[static_cast<size_t>(node.inputs[0])]),
        outputs_(kept[static_cast<size_t>(node.outputs[0])]), bounds_(bounds[static_cast<size_t>(node.inputs[0])]) {}

  void cut_weights_and_bias() {
    const NodeView view(graph_, node_);
    const std::vector<int64_t> folded = constant_contributions(view, inverted(inputs_), bounds_);
    const Bytes weights = cut_weights(view);
    const Shape shape = weight_shape(view);
    const Tensor old_weights = view.input(1);
    const Tensor old_bias = view.has_input(2) ? view.input(2) : missing_bias(view);
    const std::vector<int64_t> added = selected(folded, outputs_);
    const bool bias_needed = view.has_input(2) || std::any_of(added.begin(), added.end(), [](int64_t sum) { return sum; });
    node_.inputs[1] = graph_.add_constant(old_weights.name, old_weights.type, shape, weights,
                                          selected(old_weights.quantization, outputs_));
    if (!bias_needed) return;
    node_.inputs.resize(3);
    node_.inputs[2] = graph_.add_constant(old_bias.name, ElementType::int32, {count_of(outputs_)},
                                          cut_bias(old_bias, folded), selected(old_bias.quantization, outputs_));
  }

  // Inputs of an operator that keeps channels apart: constants with one value a channel.
  void cut_constants() {
    for (TensorId &id : node_.inputs) {
      if (id == no_tensor || !graph_.tensor(id).is_constant()) continue;
      const Tensor constant = graph_.tensor(id);
      if (channel_count(constant) != static_cast<int64_t>(outputs_.size())) continue;
      Shape shape = constant.shape;
      if (!shape.empty()) shape.back() = count_of(outputs_);
      id = graph_.add_constant(constant.name, constant.type, shape, cut_elements(constant),
                               selected_last_axis(constant));
    }
  }

 private:
  Bytes cut_weights(const NodeView &view) const {
    const WeightMap map = weight_map(view);
    const Bytes &weights = *view.input(1).constant;
    Bytes result;
    for (int64_t index = 0; index < map.weights(); ++index)
      if (outputs_[static_cast<size_t>(map.output_of(index))] && inputs_[static_cast<size_t>(map.channel_of(index))])
        result.push_back(weights[static_cast<size_t>(index)]);
    return result;
  }

  Shape weight_shape(const NodeView &view) const {
    const WeightMap map = weight_map(view);
    Shape shape = view.input(1).shape;
    if (map.order == WeightOrder::output_first) {
      shape.back() = shape.back() / map.channels * count_of(inputs_);
      shape.front() = count_of(outputs_);
    } else {
      shape.back() = count_of(outputs_);
    }
    return shape;
  }

  // Zeros, with the scale of the sums.
  static Tensor missing_bias(const NodeView &view) {
    Tensor bias{.name = "bias", .type = ElementType::int32, .shape = {channel_count(view.output())}};
    bias.quantization = view.input(1).quantization;
    for (float &scale : bias.quantization.scales) scale *= view.input(0).quantization.scale();
    if (bias.quantization.per_axis()) bias.quantization.axis = 0;
    bias.constant = std::make_shared<const Bytes>(Bytes(static_cast<size_t>(bias.bytes())));
    return bias;
  }

  Bytes cut_bias(const Tensor &bias, const std::vector<int64_t> &folded) const {
    std::vector<int32_t> values = values_of<int32_t>(*bias.constant);
    for (size_t output = 0; output < values.size(); ++output)
      if (outputs_[output]) values[output] = static_cast<int32_t>(values[output] + folded[output]);
    return bytes_of(selected(values, outputs_));
  }

  Bytes cut_elements(const Tensor &constant) const {
    const auto width = static_cast<size_t>(bits_of(constant.type) / 8);
    const Bytes &bytes = *constant.constant;
    Bytes result;
    for (size_t index = 0; index * width < bytes.size(); ++index)
      if (outputs_[index % outputs_.size()])
        result.insert(result.end(), bytes.begin() + static_cast<ptrdiff_t>(index * width),
                      bytes.begin() + static_cast<ptrdiff_t>((index + 1) * width));
    return result;
  }

  Quantization selected_last_axis(const Tensor &constant) const {
    const bool along_channels = constant.quantization.axis == static_cast<int>(constant.shape.size()) - 1;
    return along_channels ? selected(constant.quantization, outputs_) : constant.quantization;
  }

  Graph &graph_;
  Node &node_;
  const std::vector<bool> &inputs_, &outputs_;
  const std::vector<Interval> &bounds_;
};

bool touches(const Node &node, const KeptChannels &kept) {
  const auto removed = [&](TensorId id) { return id != no_tensor && any_removed(kept[static_cast<size_t>(id)]); };
  return std::any_of(node.inputs.begin(), node.inputs.end(), removed) ||
         std::any_of(node.outputs.begin(), node.outputs.end(), removed);
}

}  // namespace

std::vector<int64_t> constant_contributions(const NodeView &node, const std::vector<bool> &removed,
                                            const std::vector<Interval> &bounds) {
  const WeightMap map = weight_map(node);
  const int64_t zero_point = node.input(0).quantization.zero_point();
  const Bytes &weights = *node.input(1).constant;
  std::vector<int64_t> sums(static_cast<size_t>(map.outputs));
  for (int64_t index = 0; index < map.weights(); ++index) {
    const auto channel = static_cast<size_t>(map.channel_of(index));
    if (!removed[channel] || !bounds[channel].single()) continue;
    sums[static_cast<size_t>(map.output_of(index))] +=
        static_cast<int8_t>(weights[static_cast<size_t>(index)]) * (bounds[channel].low - zero_point);
  }
  return sums;
}

void remove_channels(Graph &graph, const KeptChannels &kept, const ChannelBounds &bounds) {
  for (Node &node : graph.nodes) {
    if (!touches(node, kept)) continue;
    NodeCut cut(graph, node, kept, bounds);
    if (has_removable_channels(NodeView(graph, node)))
      cut.cut_weights_and_bias();
    else
      cut.cut_constants();
  }
  for (size_t index = 0; index < kept.size(); ++index)
    if (any_removed(kept[index])) graph.tensors[index].shape.back() = count_of(kept[index]);
  for (Node &node : graph.nodes)
    if (node.op == "reshape") node.attributes.set("shape", graph.tensor(node.outputs[0]).shape);
}

}  // namespace whit
