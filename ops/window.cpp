// SPDX-License-Identifier: Apache-2.0
// Arithmetic of the sliding window.
#include "ops/window.hpp"

#include <algorithm>

namespace whit {

namespace {

constexpr int64_t longest_axis = 32767;  // device kernels count positions in 16 bits

struct WindowField {
  const char *name;
  int64_t Window::*member;
  int64_t least;
};

constexpr WindowField window_fields[] = {
    {"stride_height", &Window::stride_height, 1},     {"stride_width", &Window::stride_width, 1},
    {"dilation_height", &Window::dilation_height, 1}, {"dilation_width", &Window::dilation_width, 1},
    {"padding_top", &Window::padding_top, 0},         {"padding_bottom", &Window::padding_bottom, 0},
    {"padding_left", &Window::padding_left, 0},       {"padding_right", &Window::padding_right, 0},
};

}  // namespace

Window window_of(const Attributes &attributes) {
  Window window;
  for (const WindowField &field : window_fields) window.*field.member = attributes.integer(field.name, field.least);
  return window;
}

void set_window(Attributes &attributes, const Window &window) {
  for (const WindowField &field : window_fields)
    if (window.*field.member != field.least || attributes.has(field.name))
      attributes.set(field.name, window.*field.member);
}

int64_t window_output(int64_t input, int64_t kernel, int64_t stride, int64_t dilation, int64_t padding) {
  const int64_t reach = (kernel - 1) * dilation + 1;
  const int64_t room = input + padding - reach;
  return room < 0 ? 0 : room / stride + 1;
}

std::pair<int64_t, int64_t> window_output_size(const NodeView &node, const Shape &input, int64_t kernel_height,
                                               int64_t kernel_width) {
  const Window window = window_of(node.attributes());
  for (const WindowField &field : window_fields)
    if (window.*field.member < field.least || window.*field.member > longest_axis)
      throw UserError({node.place(), fmt::format("{} is {}", field.name, window.*field.member),
                       fmt::format("{} to {}", field.least, longest_axis), "the model file may be damaged"});
  if (std::max({input[1] + window.padding_top + window.padding_bottom,
                input[2] + window.padding_left + window.padding_right, kernel_height, kernel_width}) > longest_axis)
    throw UserError({node.place(), "an axis with its padding is longer than 32767", "axes up to 32767", ""});
  const int64_t height = window_output(input[1], kernel_height, window.stride_height, window.dilation_height,
                                       window.padding_top + window.padding_bottom);
  const int64_t width = window_output(input[2], kernel_width, window.stride_width, window.dilation_width,
                                      window.padding_left + window.padding_right);
  if (height <= 0 || width <= 0)
    throw UserError({node.place(),
                     fmt::format("a {}x{} window does not fit into {}", kernel_height, kernel_width, text_of(input)),
                     "windows no larger than the padded input", "the model file may be damaged"});
  return {height, width};
}

std::pair<int64_t, int64_t> same_padding(int64_t input, int64_t kernel, int64_t stride, int64_t dilation) {
  const int64_t output = (input + stride - 1) / stride;
  const int64_t total = std::max<int64_t>(0, (output - 1) * stride + (kernel - 1) * dilation + 1 - input);
  return {total / 2, total - total / 2};
}

}  // namespace whit
