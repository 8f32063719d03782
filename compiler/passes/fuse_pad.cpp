// SPDX-License-Identifier: Apache-2.0
// A pad of rows and columns by zero goes into the window of the convolution that reads it.
//
// Exact because a tap on padding adds w * 0: int8 data is padded by its zero point, float data by 0.0, where w * 0.0 is
// a zero for every finite w and a sum that began at +0.0 stays what it was. Pools count their taps and stay as they are.
#include <cmath>

#include "compiler/passes/rewrite.hpp"
#include "ops/window.hpp"

namespace whit {

namespace {

bool pads_by_zero(const NodeView &pad) {
  const Tensor &input = pad.input(0);
  if (input.type == ElementType::float32) return pad.attributes().real("value") == 0.0;
  const int64_t zero_point = input.quantization.zero_point();
  return input.type == ElementType::int8 && pad.output().quantization == input.quantization &&
         pad.attributes().integer("value", zero_point) == zero_point;
}

bool pads_rows_and_columns_only(const NodeView &pad) {
  const std::vector<int64_t> padding = pad.attributes().integers("padding");
  return padding.size() == 8 && padding[0] == 0 && padding[1] == 0 && padding[6] == 0 && padding[7] == 0;
}

bool weights_are_finite(const Tensor &weights) {
  if (!weights.is_constant()) return false;
  if (weights.type != ElementType::float32) return true;
  for (float weight : values_of<float>(*weights.constant))
    if (!std::isfinite(weight)) return false;
  return true;
}

// Padding so wide that a window could lie in it altogether is left to the pad operator.
bool reaches_data(const Window &window, const Shape &weights) {
  const int64_t rows = (weights[1] - 1) * window.dilation_height, columns = (weights[2] - 1) * window.dilation_width;
  return window.padding_top <= rows && window.padding_bottom <= rows && window.padding_left <= columns &&
         window.padding_right <= columns;
}

bool fuse(Graph &graph, size_t index, const Uses &uses) {
  Node &node = graph.nodes[index];
  if (node.op != "conv2d" && node.op != "depthwise_conv2d") return false;
  const auto before = uses.producer(node.inputs[0]);
  if (!before || graph.nodes[*before].op != "pad") return false;
  const NodeView pad(graph, graph.nodes[*before]);
  const Tensor &weights = graph.tensor(node.inputs[1]);
  if (!pads_by_zero(pad) || !pads_rows_and_columns_only(pad) || !weights_are_finite(weights)) return false;
  if (pad.input(0).variable) return false;
  const std::vector<int64_t> padding = pad.attributes().integers("padding");
  Window window = window_of(node.attributes);
  window.padding_top += padding[2];
  window.padding_bottom += padding[3];
  window.padding_left += padding[4];
  window.padding_right += padding[5];
  if (!reaches_data(window, weights.shape)) return false;
  set_window(node.attributes, window);
  node.inputs[0] = pad.node().inputs[0];
  join_origin(node, pad.node());
  return true;
}

}  // namespace

bool fuse_pad(Graph &graph) { return rewrite_each(graph, fuse); }

}  // namespace whit
