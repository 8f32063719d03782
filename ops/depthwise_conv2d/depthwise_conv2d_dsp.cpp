// SPDX-License-Identifier: Apache-2.0
// Facts of depthwise_conv2d's DSP kernel: steps through memory for each pair of layouts, when rows and columns change
// places, packed constants, overlap.
#define WHIT_HOST
#include "ops/depthwise_conv2d/depthwise_conv2d_dsp.hpp"

#include <algorithm>
#include <limits>

#include "ops/depthwise_conv2d/depthwise_conv2d.dsp.kernel.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d.hpp"
#include "ops/depthwise_conv2d/depthwise_walk.hpp"
#include "ops/dsp_requantize.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::depthwise_conv2d_dsp {

namespace {

constexpr int64_t slots = 8;  // rows of input that scratch holds

bool is_planar(const Tensor &tensor) { return tensor.layout == Layout::planar; }

// Rows of outputs that are computed in one go.
int64_t batch_of(const DepthwiseWalk &walk) { return (slots - 3) / walk.rows.stride + 1; }

double row_cycles(const WindowAxis &columns, bool together) {
  const double groups = static_cast<double>(columns.output / 4), pairs = static_cast<double>((columns.output % 4 + 1) / 2);
  const double four = columns.stride == 1 ? 62 : 75, two = columns.stride == 1 ? 42 : 48;
  return 20 + groups * four + pairs * two + static_cast<double>(columns.input) * (together ? 3.5 : 4.5);
}

double walk_cycles(const DepthwiseWalk &walk) {
  const double batches = static_cast<double>((walk.rows.output + batch_of(walk) - 1) / batch_of(walk));
  return static_cast<double>(walk.rows.output) * row_cycles(walk.columns, walk.input.column == 1) +
         batches * (100 + 5 * static_cast<double>(walk.columns.input));
}

bool has_kernel(const DepthwiseWalk &walk) { return walk.columns.stride <= 2; }

DepthwiseWalk walk_of(const NodeView &node) {
  const DepthwiseWalk straight = straight_walk(node), exchanged = exchanged_walk(node);
  if (!has_kernel(straight)) return exchanged;
  return has_kernel(exchanged) && walk_cycles(exchanged) < walk_cycles(straight) ? exchanged : straight;
}

// Pairs of columns in a slot: what is read in fours and what is written.
int64_t slot_pairs(const DepthwiseWalk &walk) {
  const WindowAxis &columns = walk.columns;
  const int64_t read = columns.stride == 1 ? columns.output / 2 + 2 : columns.output + 2;
  return std::max(read, (columns.padding + columns.input + 1) / 2);
}

std::optional<DspRequantize> requantize_of(const NodeView &node) {
  return dsp_requantize(node, channel_multipliers(node));
}

std::vector<int32_t> packed_channels(const DspRequantize &requantize) {
  std::vector<int32_t> packed;
  for (const DspChannel &channel : requantize.channels) {
    packed.insert(packed.end(), {channel.bias, channel.multiplier});
    if (requantize.form == DspRequantizeForm::exact) packed.insert(packed.end(), {channel.rounding, channel.shift});
  }
  return packed;
}

std::string function_of(const DepthwiseWalk &walk, DspRequantizeForm form) {
  const bool steps = form == DspRequantizeForm::steps;
  return fmt::format("depthwise_conv2d_dsp<whit::Read{}{}, {}, whit::depthwise_rows_{}_{}_{}>",
                     walk.input.column == 1 ? "" : "Apart", walk.columns.padding % 2 == 0 ? "Even" : "Odd",
                     steps ? 2 : 4, walk.columns.stride,
                     steps ? "steps" : "exact", walk.output.column == 1 ? "together" : "apart");
}

// In planes walked row by row: the first plane byte that is read after a batch of rows has been written, against the
// end of what it wrote.
int64_t planar_delta(const DepthwiseWalk &walk, int64_t channels) {
  const int64_t input_plane = walk.rows.input * walk.columns.input, output_plane = walk.rows.output * walk.columns.output;
  const int64_t batch = batch_of(walk);
  int64_t delta = std::numeric_limits<int64_t>::max();
  for (int64_t channel = 0; channel < channels; ++channel)
    for (int64_t row = 0; row < walk.rows.output; row += batch) {
      const int64_t end = std::min(row + batch, walk.rows.output);
      const int64_t widened = std::clamp<int64_t>((end - 1) * walk.rows.stride - walk.rows.padding + 3, 0, walk.rows.input);
      const bool last = end == walk.rows.output;
      const int64_t needed = last ? (channel + 1) * input_plane : channel * input_plane + widened * walk.columns.input;
      delta = std::min(delta, needed - channel * output_plane - end * walk.columns.output);
    }
  return delta;
}

}  // namespace

bool fits(const NodeView &node) {
  const Window window = window_of(node.attributes());
  return is_depthwise_3x3(node) && window.stride_height <= 5 && window.stride_width <= 5 &&
         (window.stride_width <= 2 || window.stride_height <= 2) && requantize_of(node).has_value();
}

KernelCall call(const NodeView &node) {
  const DepthwiseWalk walk = walk_of(node);
  const auto requantize = requantize_of(node);
  internal_check(requantize.has_value(), "a DSP kernel was chosen that does not fit");
  DepthwiseConv2dDspParameters p{};
  set_walk(p, node, walk);
  p.pairs = static_cast<int16_t>(slot_pairs(walk));
  return {.function = function_of(walk, requantize->form),
          .parameters = parameters_from(p),
          .constants = {{"weights", ElementType::int8, bytes_of(walked_weights(node, walk, *requantize))},
                        {"channels", ElementType::int32, bytes_of(packed_channels(*requantize))}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument(), scratch_argument()}};
}

Cost cost(const NodeView &node) {
  const double channels = static_cast<double>(node.output().shape[3]);
  const DepthwiseWalk walk = walk_of(node);
  // Few forms in an image are worth more than the last percent of a layer: each form is half a kilobyte of code.
  const double variety = walk.output.column == 1 ? 1.0 : 1.03;
  return {.cycles = channels * (80 + walk_cycles(walk)) * variety, .constant_bytes = channels * 17, .code_bytes = 2500};
}

std::vector<LayoutChoice> layouts(const NodeView &) {
  return {{{Layout::planar}, {Layout::planar}},
          {{Layout::channel_last}, {Layout::planar}},
          {{Layout::planar}, {Layout::channel_last}},
          {{Layout::channel_last}, {Layout::channel_last}}};
}

int64_t scratch(const NodeView &node) { return slots * 4 * slot_pairs(walk_of(node)); }

std::vector<Overlap> overlap(const NodeView &node) {
  const int64_t channels = node.output().shape[3];
  if (channels != node.input(0).shape[3]) return {};
  const DepthwiseWalk walk = walk_of(node);
  if (is_planar(node.input(0)) != is_planar(node.output())) return {};
  if (is_planar(node.input(0)) && !walk.exchanged) return {{.input = 0, .at_most = planar_delta(walk, channels)}};
  return stays_in_place(walk) ? std::vector<Overlap>{{.input = 0, .exactly = {0}}} : std::vector<Overlap>{};
}

}  // namespace whit::depthwise_conv2d_dsp
