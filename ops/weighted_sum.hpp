// SPDX-License-Identifier: Apache-2.0
// What operators with weights and a bias (conv2d, depthwise_conv2d, fully_connected) share: which types go together,
// and the constants of their integer kernels. Input 0 is data, 1 weights, 2 the optional bias.
#pragma once

#include <algorithm>

#include "ops/activation_range.hpp"
#include "ops/kernel.hpp"
#include "ops/quantized_multiplier.hpp"

namespace whit {

// UserError when a bias is there and has not one value an output channel.
void check_bias(const NodeView &node, int64_t channels);

// Data and output of type int8, constant int8 weights quantised symmetrically with one scale or one a channel,
// constant int32 bias.
bool is_int8_weighted_sum(const NodeView &node, int64_t channels);
// int8 data and output with constant symmetric int4 weights and no bias or a constant one of 32 bits.
bool is_int4_weighted_sum(const NodeView &node, int64_t channels);
// int16 data and output of zero point 0 with constant symmetric int8 weights and no bias or a constant one of 64 bits.
bool is_int16_weighted_sum(const NodeView &node, int64_t channels);
// Whether sums of int8 products over all weights of an output channel (axis 0) and the bias stay within 32 bits.
bool int8_sums_fit(const NodeView &node);
// Everything float32, weights and bias constant.
bool is_float_weighted_sum(const NodeView &node);

// The bias, or zeros where the model has none.
template <typename T>
std::vector<T> bias_of(const NodeView &node, int64_t channels) {
  if (!node.has_input(2)) return std::vector<T>(static_cast<size_t>(channels), T{0});
  return values_of<T>(*node.input(2).constant);
}

// The multipliers of a node whose output's last axis are its output channels, all products in double precision.
std::vector<QuantizedMultiplier> channel_multipliers(const NodeView &node);

// "weights" as they stand, "bias" of that type, "multipliers", "shifts": one of each of the last three an output channel.
template <typename Bias>
std::vector<KernelConstant> integer_constants(const NodeView &node, const std::vector<QuantizedMultiplier> &multipliers) {
  const ElementType type = sizeof(Bias) == sizeof(int64_t) ? ElementType::int64 : ElementType::int32;
  if (type == ElementType::int64) std::ranges::for_each(multipliers, check_wide_factor);
  return {{"weights", node.input(1).type, *node.input(1).constant},
          {"bias", type, bytes_of(bias_of<Bias>(node, static_cast<int64_t>(multipliers.size())))},
          {"multipliers", ElementType::int32, bytes_of(multipliers_of(multipliers))},
          {"shifts", ElementType::int8, bytes_of(shifts_of(multipliers))}};
}
std::vector<KernelConstant> int8_constants(const NodeView &node, const std::vector<QuantizedMultiplier> &multipliers);
// "weights" as they stand and "bias".
std::vector<KernelConstant> float_constants(const NodeView &node, int64_t channels);

// The integer parameters that each of these operators has: zero points and the clamp.
template <typename Parameters>
void set_int8_range(Parameters &parameters, const NodeView &node) {
  const IntegerRange range = integer_activation_range(node);
  parameters.input_zero = static_cast<int16_t>(node.input(0).quantization.zero_point());
  parameters.output_zero = static_cast<int16_t>(node.output().quantization.zero_point());
  parameters.output_low = static_cast<int16_t>(range.low);
  parameters.output_high = static_cast<int16_t>(range.high);
}

// The clamp of a float kernel.
template <typename Parameters>
void set_float_range(Parameters &parameters, const NodeView &node) {
  const RealRange range = real_activation_range(node);
  parameters.output_low = range.low;
  parameters.output_high = range.high;
}

}  // namespace whit
