// SPDX-License-Identifier: Apache-2.0
// Boxes of elements as boxes of bytes.
#define WHIT_HOST
#include "ops/copy/move_rows.hpp"

#include <algorithm>

#include "ops/copy/move_rows.kernel.hpp"

namespace whit {

namespace {

int64_t width_of(const NodeView &node) { return bits_of(node.output().type) / 8; }

int64_t row_bytes(const NodeView &node, const Reading &reading) { return reading.box.back().extent * width_of(node); }

}  // namespace

std::vector<LayoutChoice> each_layout(const NodeView &) {
  std::vector<LayoutChoice> choices;
  for (Layout output : {Layout::channel_last, Layout::planar})
    for (Layout input : {Layout::channel_last, Layout::planar}) choices.push_back({{input}, {output}});
  return choices;
}

bool moves_rows(const NodeView &node, const Reading &reading) {
  constexpr int64_t word = 4, worth_moving = 16;
  if (node.input(0).type != node.output().type || bits_of(node.output().type) < 8 || !walkable(reading.box)) return false;
  const int64_t row = row_bytes(node, reading), width = width_of(node);
  return reading.box.back().strides[0] == 1 && row >= worth_moving && row % word == 0 && reading.begin * width % word == 0 &&
         std::all_of(reading.box.begin(), reading.box.end() - 1,
                     [&](const StridedAxis &axis) { return axis.strides[0] * width % word == 0; });
}

KernelCall move_rows_call(const NodeView &node, const Reading &reading) {
  std::vector<StridedAxis> box = reading.box;
  for (StridedAxis &axis : box) axis.strides[0] *= width_of(node);
  box.back() = {row_bytes(node, reading), {1}};
  return {.function = "move_rows",
          .parameters = parameters_from(MoveRowsParameters{static_cast<int32_t>(reading.begin * width_of(node))}),
          .constants = {box_constant(box)},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(0), output_argument()}};
}

void host_move_rows(std::span<void *const> arguments) { host_call<move_rows>(arguments); }

Cost move_rows_cost(const NodeView &node, const Reading &reading) {
  constexpr double cycles_per_byte = 0.7, cycles_per_row = 60;
  const auto bytes = static_cast<double>(node.output().bytes());
  return {.cycles = cycles_per_byte * bytes + cycles_per_row * bytes / static_cast<double>(row_bytes(node, reading)), .code_bytes = 180};
}

}  // namespace whit
