// SPDX-License-Identifier: Apache-2.0
// Facts of depthwise_conv2d's paired kernel: which way it walks, how weights are split, overlap.
#define WHIT_HOST
#include "ops/depthwise_conv2d/depthwise_conv2d_paired.hpp"

#include <cstdlib>

#include "ops/depthwise_conv2d/depthwise_conv2d.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d.paired.kernel.hpp"
#include "ops/depthwise_conv2d/depthwise_walk.hpp"
#include "ops/paired_matmul.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::depthwise_conv2d_paired_facts {

namespace {

constexpr int64_t words_before = 18 + 6;  // in scratch: two sets of weights, room in front of the slots

int64_t pairs_of(const DepthwiseWalk &walk) { return (walk.columns.output + 1) / 2; }

int64_t slot_words(const DepthwiseWalk &walk) { return (pairs_of(walk) - 1) * 2 * walk.columns.stride + 3; }

// Of one channel.
double walk_cycles(const DepthwiseWalk &walk) {
  const double fill = 15.0 * static_cast<double>(slot_words(walk) * walk.rows.input);
  return static_cast<double>(walk.rows.output) * (110 + 150 * static_cast<double>(pairs_of(walk))) + fill;
}

bool has_kernel(const DepthwiseWalk &walk) { return walk.columns.stride <= 2; }

DepthwiseWalk walk_of(const NodeView &node) {
  const DepthwiseWalk straight = straight_walk(node), exchanged = exchanged_walk(node);
  if (!has_kernel(straight)) return exchanged;
  return has_kernel(exchanged) && walk_cycles(exchanged) < walk_cycles(straight) ? exchanged : straight;
}

std::optional<DspRequantize> requantize_of(const NodeView &node) {
  return exact_requantize(node, channel_multipliers(node));
}

// A channel's weights, column by column of the walk, once or in two sets whose sum they are.
using Nine = std::span<const int8_t>;  // row by row of the walk

bool needs_two_sets(Nine weights) {
  for (size_t column = 0; column < 3; ++column)
    if (std::abs(weights[column]) + std::abs(weights[3 + column]) + std::abs(weights[6 + column]) > 255) return true;
  return false;
}

void append_sets(std::vector<int8_t> &packed, Nine weights) {
  const bool two = needs_two_sets(weights);
  for (int set = 0; set < (two ? 2 : 1); ++set)
    for (size_t column = 0; column < 3; ++column)
      for (size_t row = 0; row < 3; ++row) {
        const int8_t weight = weights[row * 3 + column];
        const auto half = static_cast<int8_t>(weight / 2);
        packed.push_back(!two ? weight : set == 0 ? half : static_cast<int8_t>(weight - half));
      }
}

// Whether each pixel of a channel_last input has been read when the output pixel of the same number is written.
bool reads_ahead(const DepthwiseWalk &walk) {
  const int64_t input_width = (walk.exchanged ? walk.rows : walk.columns).input;
  const int64_t output_width = (walk.exchanged ? walk.rows : walk.columns).output;
  for (int64_t row = 0; row < walk.rows.output; ++row) {
    const int64_t read = row * walk.rows.stride - walk.rows.padding + 3;
    for (int64_t column = 0; column < walk.columns.output; ++column) {
      const int64_t pixel = walk.exchanged ? column * output_width + row : row * output_width + column;
      if ((walk.exchanged ? pixel % input_width : pixel / input_width) >= read) return false;
    }
  }
  return true;
}

}  // namespace

bool fits(const NodeView &node) {
  const Window window = window_of(node.attributes());
  return is_depthwise_3x3(node) && (window.stride_width <= 2 || window.stride_height <= 2) && window.padding_top <= 2 &&
         window.padding_left <= 2 && requantize_of(node).has_value();
}

KernelCall call(const NodeView &node) {
  const DepthwiseWalk walk = walk_of(node);
  const auto requantize = requantize_of(node);
  internal_check(requantize.has_value(), "a paired kernel was chosen that does not fit");
  DepthwiseConv2dPairedParameters p{};
  set_walk(p, node, walk);
  p.stride_columns = static_cast<int16_t>(walk.columns.stride);
  const std::vector<int8_t> weights = walked_weights(node, walk, *requantize);
  std::vector<int8_t> packed;
  std::vector<int32_t> channels;
  for (size_t channel = 0; channel < requantize->channels.size(); ++channel) {
    const Nine nine = Nine(weights).subspan(9 * channel, 9);
    append_sets(packed, nine);
    const std::vector<int32_t> words = paired_requantize_words(requantize->channels[channel]);
    channels.insert(channels.end(), words.begin(), words.end());
    channels.push_back(needs_two_sets(nine) ? 2 : 1);
  }
  return {.function = fmt::format("depthwise_conv2d_paired<{}>", walk.columns.stride == 2),
          .parameters = parameters_from(p),
          .constants = {{"weights", ElementType::int8, bytes_of(packed)}, {"channels", ElementType::int32, bytes_of(channels)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument(), scratch_argument()}};
}

// The stride is in the parameters, too: one function serves the host.
void host(std::span<void *const> arguments) {
  const auto *parameters = static_cast<const DepthwiseConv2dPairedParameters *>(arguments[0]);
  if (parameters->stride_columns == 2)
    host_call<depthwise_conv2d_paired<true>>(arguments);
  else
    host_call<depthwise_conv2d_paired<false>>(arguments);
}

Cost cost(const NodeView &node) {
  const double channels = static_cast<double>(node.output().shape[3]);
  return {.cycles = channels * walk_cycles(walk_of(node)), .constant_bytes = channels * 34, .code_bytes = 1800};
}

std::vector<LayoutChoice> layouts(const NodeView &) {
  return {{{Layout::channel_last}, {Layout::channel_last}},
          {{Layout::planar}, {Layout::channel_last}},
          {{Layout::channel_last}, {Layout::planar}},
          {{Layout::planar}, {Layout::planar}}};
}

int64_t scratch(const NodeView &node) { return 4 * (words_before + 3 * slot_words(walk_of(node))); }

std::vector<Overlap> overlap(const NodeView &node) {
  if (node.output().shape[3] != node.input(0).shape[3] || node.input(0).layout != node.output().layout) return {};
  const DepthwiseWalk walk = walk_of(node);
  const bool in_place = runs_planar(node) ? stays_in_place(walk) : reads_ahead(walk);
  return in_place ? std::vector<Overlap>{{.input = 0, .exactly = {0}}} : std::vector<Overlap>{};
}

}  // namespace whit::depthwise_conv2d_paired_facts
