// SPDX-License-Identifier: Apache-2.0
// Phases of a transposed convolution, and the facts of the DSP kernel that is made of them: conv2d's own, phase by phase.
#define WHIT_HOST
#include "ops/transpose_conv2d/transpose_conv2d_phases.hpp"

#include <algorithm>
#include <optional>

#include "ops/conv2d/conv2d_columns.hpp"
#include "ops/conv2d/conv2d_dsp.hpp"
#include "ops/conv2d/conv2d_int16_dsp.hpp"
#include "ops/transpose_conv2d/transpose_conv2d_phases.dsp.kernel.hpp"
#include "ops/window.hpp"

namespace whit {

namespace {

struct Strides {
  int64_t height = 1, width = 1;
};

Strides strides_of(const NodeView &node) {
  return {node.attributes().integer("stride_height", 1), node.attributes().integer("stride_width", 1)};
}

// One axis of a phase: its outputs `first`, `first` + stride ...; its taps from the one that meets the earliest data on,
// each a stride before the other; how many of them lie before the data at its first output.
struct PhaseAxis {
  int64_t first = 0, outputs = 0, taps = 0, earliest_tap = 0, padding = 0;
};

PhaseAxis phase_axis(int64_t phase, int64_t stride, int64_t kernel, int64_t padding, int64_t outputs) {
  PhaseAxis axis{.first = ((phase - padding) % stride + stride) % stride};
  axis.outputs = axis.first < outputs ? (outputs - axis.first + stride - 1) / stride : 0;
  axis.taps = phase < kernel ? (kernel - phase + stride - 1) / stride : 0;
  axis.earliest_tap = phase + stride * (axis.taps - 1);
  axis.padding = axis.taps - 1 - (axis.first + padding) / stride;
  return axis;
}

// The weights that a phase sees, O x its taps x C.
Bytes phase_weights(const Tensor &weights, const PhaseAxis &rows, const PhaseAxis &columns, Strides strides) {
  const int64_t height = weights.shape[1], width = weights.shape[2];
  const int64_t bytes = weights.shape[3] * bits_of(weights.type) / 8;
  Bytes chosen;
  for (int64_t output = 0; output < weights.shape[0]; ++output)
    for (int64_t row = 0; row < rows.taps; ++row)
      for (int64_t column = 0; column < columns.taps; ++column) {
        const int64_t y = rows.earliest_tap - row * strides.height, x = columns.earliest_tap - column * strides.width;
        const auto begin = weights.constant->begin() + ((output * height + y) * width + x) * bytes;
        chosen.insert(chosen.end(), begin, begin + bytes);
      }
  return chosen;
}

TransposePhase phase_of(const NodeView &node, const PhaseAxis &rows, const PhaseAxis &columns, Strides strides) {
  const Tensor &weights = node.input(1);
  Tensor output = node.output(), phase_weight = weights;
  output.shape = {1, rows.outputs, columns.outputs, output.shape[3]};
  phase_weight.shape = {weights.shape[0], rows.taps, columns.taps, weights.shape[3]};
  phase_weight.constant = std::make_shared<const Bytes>(phase_weights(weights, rows, columns, strides));
  Tensor data = node.input(0);
  data.shape[0] = 1;
  TransposePhase phase{.first_row = rows.first, .first_column = columns.first};
  Node conv{.op = "conv2d", .origin = node.node().origin};
  for (const Tensor &tensor : {data, phase_weight}) conv.inputs.push_back(phase.graph.add_tensor(tensor));
  if (node.has_input(2)) conv.inputs.push_back(phase.graph.add_tensor(node.input(2)));
  conv.outputs.push_back(phase.graph.add_tensor(output));
  set_window(conv.attributes, {.padding_top = rows.padding, .padding_left = columns.padding});
  conv.attributes.set("activation", node.attributes().text("activation", "none"));
  phase.graph.nodes.push_back(std::move(conv));
  return phase;
}

}  // namespace

std::vector<TransposePhase> transpose_phases(const NodeView &node) {
  const Strides strides = strides_of(node);
  const Shape &window = node.input(1).shape, &output = node.output().shape;
  std::vector<TransposePhase> phases;
  if (window[1] < strides.height || window[2] < strides.width) return {};
  for (int64_t y = 0; y < strides.height; ++y)
    for (int64_t x = 0; x < strides.width; ++x) {
      const PhaseAxis rows = phase_axis(y, strides.height, window[1], node.attributes().integer("padding_top"), output[1]);
      const PhaseAxis columns = phase_axis(x, strides.width, window[2], node.attributes().integer("padding_left"), output[2]);
      if (rows.outputs == 0 || columns.outputs == 0) continue;
      if (rows.padding < 0 || columns.padding < 0) return {};
      phases.push_back(phase_of(node, rows, columns, strides));
    }
  return phases;
}

namespace transpose_conv2d_phases_facts {

namespace {

bool is_int8(const NodeView &node) { return node.input(0).type == ElementType::int8; }

bool phase_fits(const NodeView &phase) {
  return is_int8(phase) ? conv2d_dsp::fits(phase) : conv2d_int16_dsp_facts::fits(phase);
}

Conv2dColumns columns_of(const NodeView &phase) {
  return is_int8(phase) ? conv2d_columns_int8(phase) : conv2d_columns_int16(phase);
}

// What a phase's convolution is called by: all phases share one form.
std::string form_of(const Conv2dColumns &columns) { return columns.fill + ", " + columns.matmul; }

TransposeConv2dPhase device_phase(const Conv2dDspParameters &conv, int64_t output_begin) {
  return {.output_height = conv.output_height, .output_width = conv.output_width, .kernel_height = conv.kernel_height,
          .kernel_width = conv.kernel_width, .padding_top = conv.padding_top, .padding_left = conv.padding_left,
          .column_pairs = conv.column_pairs, .chunk = conv.chunk, .block_bytes = conv.block_bytes,
          .stream_bytes = conv.stream_bytes, .output_begin = static_cast<int32_t>(output_begin)};
}

TransposeConv2dPhasesParameters parameters_of(const NodeView &node, const Conv2dDspParameters &conv, size_t phases) {
  const auto pixel_bytes = static_cast<int32_t>(node.output().shape[3] * bits_of(node.output().type) / 8);
  TransposeConv2dPhasesParameters p{};
  p.input_height = conv.input_height;
  p.input_width = conv.input_width;
  p.input_channels = conv.input_channels;
  p.input_zero = conv.input_zero;
  p.first_rows = conv.first_rows;
  p.phases = static_cast<int16_t>(phases);
  const Strides strides = strides_of(node);
  p.row_pixels = static_cast<int32_t>(strides.height * node.output().shape[2] / strides.width);
  p.pixel_bytes = static_cast<int32_t>(strides.width) * pixel_bytes;
  p.channel_bytes = conv.channel_bytes;
  return p;
}

}  // namespace

bool fits(const NodeView &node) {
  constexpr int64_t most_phases = 64;
  const Strides strides = strides_of(node);
  if (strides.height * strides.width > most_phases || strides.height * node.output().shape[2] % strides.width != 0) return false;
  if (!node.input(1).is_constant() || node.input(1).type != ElementType::int8) return false;
  const std::vector<TransposePhase> phases = transpose_phases(node);
  if (phases.empty() || !std::ranges::all_of(phases, [](const TransposePhase &phase) { return phase_fits(phase.node()); })) return false;
  const std::string form = form_of(columns_of(phases.front().node()));
  return std::ranges::all_of(phases, [&](const TransposePhase &phase) { return form_of(columns_of(phase.node())) == form; });
}

KernelCall call(const NodeView &node) {
  const std::vector<TransposePhase> phases = transpose_phases(node);
  internal_check(!phases.empty(), "a DSP kernel was chosen that does not fit");
  const int64_t pixel_bytes = node.output().shape[3] * bits_of(node.output().type) / 8;
  std::vector<int32_t> table;
  Bytes streams;
  Conv2dColumns columns;
  for (const TransposePhase &phase : phases) {
    columns = columns_of(phase.node());
    const int64_t begin = (phase.first_row * node.output().shape[2] + phase.first_column) * pixel_bytes;
    device_phase(columns.parameters, begin).each_field([&](const char *, int32_t value) { table.push_back(value); });
    streams.insert(streams.end(), columns.stream.begin(), columns.stream.end());
  }
  return {.function = fmt::format("transpose_conv2d_phases_dsp<{}>", form_of(columns)),
          .parameters = parameters_from(parameters_of(node, columns.parameters, phases.size())),
          .constants = {{"phases", ElementType::int32, bytes_of(table)}, {"rows", ElementType::int32, std::move(streams)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument(), scratch_argument()}};
}

Cost cost(const NodeView &node) {
  Cost sum{.code_bytes = 3800};
  for (const TransposePhase &phase : transpose_phases(node)) {
    const NodeView conv = phase.node();
    const Cost cost = is_int8(conv) ? conv2d_dsp::cost(conv) : conv2d_int16_dsp_facts::cost(conv);
    sum.cycles += cost.cycles;
    sum.constant_bytes += cost.constant_bytes;
  }
  return sum;
}

int64_t scratch(const NodeView &node) {
  int64_t most = 0;
  for (const TransposePhase &phase : transpose_phases(node))
    most = std::max(most, is_int8(node) ? conv2d_dsp::scratch(phase.node()) : conv2d_int16_dsp_facts::scratch(phase.node()));
  return most;
}

}  // namespace transpose_conv2d_phases_facts

}  // namespace whit
