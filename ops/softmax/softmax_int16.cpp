// SPDX-License-Identifier: Apache-2.0
// The tables of softmax on int16, and its factor. An entry is the function's value there, less half of what the straight
// line to the next entry is above the function in its middle; each value rounded to the output's scale in float32.
#define WHIT_HOST
#include "ops/softmax/softmax_int16.hpp"

#include <algorithm>
#include <cmath>

#include "ops/quantized_multiplier.hpp"
#include "ops/softmax/softmax_int16.kernel.hpp"

namespace whit::softmax_int16_facts {

namespace {

constexpr int entries = 512;
constexpr float range = 65535.0F;

int16_t limited(float value) { return static_cast<int16_t>(std::clamp(value, -32768.0F, 32767.0F)); }

// Of a function on [low, high], in units of 1/32768 (a little more: the scale is 2/65535).
std::vector<int16_t> table_of(float (*function)(float), float low, float high) {
  const float step = (high - low) / entries, half_step = step / 2;
  const float scale = 2.0F / range, lowest = scale * -32768.0F, highest = scale * 32767.0F;
  const float inverse = 65536.0F / (highest - lowest);
  const auto stored = [&](float real) { return std::round(real * inverse); };
  std::vector<int16_t> table;
  for (int index = 0; index < entries; ++index) {
    const float begin = low + static_cast<float>(index) * step;
    const float value = stored(function(begin)), middle = stored(function(begin + half_step));
    const float next = function(low + static_cast<float>(index + 1) * step) * inverse;
    table.push_back(limited(value - std::round((std::round((next + value) / 2) - middle) / 2)));
  }
  table.push_back(limited(stored(function(high))));
  return table;
}

float exponential(float value) { return std::exp(value); }
float reciprocal(float value) { return 1.0F / (1.0F + value); }

std::vector<int16_t> exponentials() {
  const float scale = 10.0F / range;
  return table_of(exponential, scale * -65535.0F, 0.0F);
}

std::vector<int16_t> reciprocals() { return table_of(reciprocal, 0.0F, (1.0F / range) * 65535.0F); }

QuantizedMultiplier factor_of(const NodeView &node) {
  return quantize_multiplier(static_cast<double>(node.input(0).quantization.scale()) *
                             node.attributes().real("beta", 1.0) / (10.0 / 65535.0));
}

}  // namespace

bool fits(const NodeView &node) {
  constexpr int64_t most_values = 65535;  // whose exponentials' sum has 31 bits
  constexpr float output_scale = 1.0F / 32768.0F;
  constexpr int largest_shift = 14;       // of a difference of 16 bits
  const Tensor &input = node.input(0), &output = node.output();
  return input.type == ElementType::int16 && output.type == ElementType::int16 && input.quantization.present() &&
         output.quantization.present() && input.quantization.zero_point() == 0 &&
         output.quantization.zero_point() == 0 &&
         std::abs(output.quantization.scale() - output_scale) <= 0.001F * output_scale &&
         input.shape.back() <= most_values && node.attributes().real("beta", 1.0) > 0 &&
         factor_of(node).shift <= largest_shift;
}

KernelCall call(const NodeView &node) {
  const QuantizedMultiplier factor = factor_of(node);
  const int64_t depth = node.input(0).shape.back();
  const SoftmaxInt16Parameters parameters{static_cast<int32_t>(node.input(0).elements() / depth),
                                          static_cast<int32_t>(depth), factor.multiplier,
                                          static_cast<int16_t>(factor.shift)};
  return {.function = "softmax_int16",
          .parameters = parameters_from(parameters),
          .constants = {{"exponentials", ElementType::int16, bytes_of(exponentials())},
                        {"reciprocals", ElementType::int16, bytes_of(reciprocals())}},
          .arguments = {parameters_argument(), constant_argument(0), constant_argument(1), input_argument(0),
                        output_argument()}};
}

void host(std::span<void *const> arguments) { host_call<softmax_int16>(arguments); }

}  // namespace whit::softmax_int16_facts
