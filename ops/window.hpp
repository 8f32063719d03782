// SPDX-License-Identifier: Apache-2.0
// The sliding window that conv2d, depthwise_conv2d and the pools share: its attributes, its output size, its checks.
//
// Padding is always explicit here; importers turn SAME and VALID into four numbers (`same_padding`).
#pragma once

#include <cstdint>

#include "compiler/ir/graph.hpp"
#include "ops/attribute_rule.hpp"

namespace whit {

struct Window {
  int64_t stride_height = 1, stride_width = 1;
  int64_t dilation_height = 1, dilation_width = 1;
  int64_t padding_top = 0, padding_bottom = 0, padding_left = 0, padding_right = 0;

  bool operator==(const Window &) const = default;
};

inline constexpr AttributeRules<8> window_rules{{{"stride_height"}, {"stride_width"}, {"dilation_height"},
                                                 {"dilation_width"}, {"padding_top"}, {"padding_bottom"},
                                                 {"padding_left"}, {"padding_right"}}};

// Reads "stride_height" ... "padding_right" (strides and dilations 1, paddings 0 where absent).
Window window_of(const Attributes &attributes);
// Writes those that differ from the defaults.
void set_window(Attributes &attributes, const Window &window);

// Output length along one axis; kernel and input lengths in elements. Zero or less when the window does not fit.
int64_t window_output(int64_t input, int64_t kernel, int64_t stride, int64_t dilation, int64_t padding);
// Height and width after the window has slid over `input` (N x H x W x C). UserError when sizes make no sense.
std::pair<int64_t, int64_t> window_output_size(const NodeView &node, const Shape &input, int64_t kernel_height,
                                               int64_t kernel_width);

// Begin and end padding of TensorFlow's SAME rule: ceil(input / stride) outputs, the odd element at the end.
std::pair<int64_t, int64_t> same_padding(int64_t input, int64_t kernel, int64_t stride, int64_t dilation);

}  // namespace whit
