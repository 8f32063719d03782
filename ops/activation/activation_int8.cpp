// SPDX-License-Identifier: Apache-2.0
// leaky_relu, hard_swish, logistic and tanh of one stored int8 integer, in the integer arithmetic of TensorFlow Lite's
// reference: docs/semantics.md, "Activations". The host fills tables with them.
#include <algorithm>
#include <cmath>

#include "device/core/fixed_point.hpp"
#include "ops/activation/activation.hpp"
#include "ops/activation_range.hpp"
#include "ops/quantized_multiplier.hpp"

namespace whit {

namespace {

int32_t centred(const NodeView &node, int32_t stored) {
  return stored - static_cast<int32_t>(node.input(0).quantization.zero_point());
}

// Adds the output's zero point and keeps the sum within int8.
int32_t stored_output(const NodeView &node, int32_t value) {
  return std::clamp<int32_t>(value + static_cast<int32_t>(node.output().quantization.zero_point()), -128, 127);
}

int32_t scaled_by(int32_t value, double factor) {
  const QuantizedMultiplier multiplier = quantize_multiplier(factor);
  return requantize(value, multiplier.multiplier, multiplier.shift);
}

int16_t saturate(int64_t value) { return static_cast<int16_t>(std::clamp<int64_t>(value, INT16_MIN, INT16_MAX)); }

// The high half of 2ab in 16 bits, rounded to nearest (halves up, as `doubling_high_multiply`).
int16_t rounded_high_multiply(int16_t a, int16_t b) {
  const int32_t product = static_cast<int32_t>(a) * b;
  const int32_t nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
  return saturate((product + nudge) / (1 << 15));
}

// The same, rounded towards zero.
int16_t truncated_high_multiply(int16_t a, int16_t b) {
  return saturate(static_cast<int32_t>(a) * b / (1 << 15));
}

// A factor as 16-bit multiplier and exponent: value * factor ~ high_multiply(value, multiplier) * 2^exponent.
struct NarrowMultiplier {
  int16_t multiplier = 0;
  int32_t exponent = 0;
};

NarrowMultiplier narrow_multiplier(double factor) {
  const QuantizedMultiplier wide = quantize_multiplier(factor);
  return {saturate((int64_t{wide.multiplier} + (1 << 15)) >> 16), wide.shift};
}

// The scale of the input with seven more bits.
double hard_swish_step(const NodeView &node) { return node.input(0).quantization.scale() / 128.0; }

double hard_swish_output_factor(const NodeView &node) {
  return hard_swish_step(node) / node.output().quantization.scale();
}

// Where hard_swish's gate stands for x = value / 128 input steps: -32768 at -3, 32767 at 3 and beyond.
int16_t hard_swish_gate(int16_t value, NarrowMultiplier factor) {
  if (factor.exponent > 0) value = saturate(int64_t{value} << std::min(factor.exponent - 1, 31));
  value = rounded_high_multiply(value, factor.multiplier);
  if (factor.exponent > 0) value = saturate(int64_t{value} << 1);
  if (factor.exponent < 0) value = static_cast<int16_t>(divide_by_power_of_two(value, -factor.exponent));
  return value;
}

// x as Q4.27; where |x| >= 15, and the function at its limit, only the sign counts.
struct Argument4 {
  int32_t value = 0;
  bool at_limit = false;
};

Argument4 argument_of(const NodeView &node, int32_t stored) {
  constexpr int integer_bits = 4;
  const QuantizedMultiplier multiplier =
      quantize_multiplier(static_cast<double>(node.input(0).quantization.scale()) * (1 << (31 - integer_bits)));
  const double limit = std::floor(std::ldexp((1 << integer_bits) - 1, 31 - integer_bits - multiplier.shift));
  const int32_t value = centred(node, stored);
  if (std::abs(value) >= limit) return {.value = value, .at_limit = true};
  return {.value = requantize(value, multiplier.multiplier, multiplier.shift)};
}

}  // namespace

int32_t leaky_relu_int8(const NodeView &node, int32_t stored) {
  const double input_scale = node.input(0).quantization.scale(), output_scale = node.output().quantization.scale();
  const int32_t value = centred(node, stored);
  if (value >= 0) return stored_output(node, scaled_by(value, input_scale / output_scale));
  const double factor = input_scale * node.attributes().real("alpha") / output_scale;
  const int32_t scaled = scaled_by(value, std::abs(factor));
  return stored_output(node, factor < 0 ? -scaled : scaled);
}

bool hard_swish_scales_fit(const NodeView &node) {
  return narrow_multiplier(hard_swish_output_factor(node)).exponent <= 0;
}

int32_t hard_swish_int8(const NodeView &node, int32_t stored) {
  const NarrowMultiplier to_output = narrow_multiplier(hard_swish_output_factor(node));
  const NarrowMultiplier to_gate = narrow_multiplier(hard_swish_step(node) / (3.0 / 32768));
  const auto value = static_cast<int16_t>(centred(node, stored) * (1 << 7));
  const auto gate = static_cast<int16_t>((hard_swish_gate(value, to_gate) + (1 << 15)) >> 1);  // [0, 1]
  const int16_t product = truncated_high_multiply(gate, rounded_high_multiply(value, to_output.multiplier));
  return stored_output(node, divide_by_power_of_two(product, -to_output.exponent));
}

int32_t logistic_int8(const NodeView &node, int32_t stored) {
  const Argument4 x = argument_of(node, stored);
  if (x.at_limit) return x.value <= 0 ? -128 : 127;
  if (x.value == 0) return 0;
  const int32_t of_size = one_over_one_plus_x(exp_on_negative_values(-std::abs(x.value), 27));
  const int32_t result = x.value > 0 ? of_size : INT32_MAX - of_size;
  return std::clamp(divide_by_power_of_two(result, 31 - 8) - 128, -128, 127);
}

int32_t tanh_int8(const NodeView &node, int32_t stored) {
  const Argument4 x = argument_of(node, stored);
  if (x.at_limit) return x.value <= 0 ? -128 : 127;
  if (x.value == 0) return 0;
  const int32_t of_size = one_minus_x_over_one_plus_x(exp_on_negative_values(-std::abs(x.value), 26));
  const int32_t result = x.value > 0 ? of_size : -of_size;
  return std::clamp(divide_by_power_of_two(result, 31 - 7), -128, 127);
}

}  // namespace whit
