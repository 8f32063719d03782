// SPDX-License-Identifier: Apache-2.0
// frexp gives a significand in [0.5, 1), which is rounded to 31 bits.
#include "ops/quantized_multiplier.hpp"

#include <cmath>

namespace whit {

namespace {

UserError too_far_apart(double factor, const char *supported) {
  return UserError({"", fmt::format("two scales are a factor of {:g} apart", factor), supported, "check the model's scales, or convert it again"});
}

}  // namespace

QuantizedMultiplier quantize_multiplier(double real) {
  if (real == 0.0) return {};
  int shift = 0;
  const double significand = std::frexp(real, &shift);
  int64_t multiplier = std::llround(significand * static_cast<double>(int64_t{1} << 31));
  if (multiplier == int64_t{1} << 31) {
    multiplier /= 2;
    ++shift;
  }
  if (shift < -31) return {};
  if (shift > 30) throw too_far_apart(real, "factors below 2^30");
  return {static_cast<int32_t>(multiplier), shift};
}

void check_wide_factor(QuantizedMultiplier factor) {
  if (factor.shift > 14) throw too_far_apart(std::ldexp(factor.multiplier, factor.shift - 31), "factors below 2^14 for sums of 64 bits");
}

std::vector<QuantizedMultiplier> channel_multipliers(const Tensor &input, const Tensor &weights, const Tensor &output,
                                                     int64_t channels) {
  const std::vector<float> &scales = weights.quantization.scales;
  internal_check(scales.size() == 1 || static_cast<int64_t>(scales.size()) == channels,
                 "{} weight scales for {} channels", scales.size(), channels);
  std::vector<QuantizedMultiplier> multipliers;
  for (int64_t channel = 0; channel < channels; ++channel) {
    const double weight_scale = scales.size() == 1 ? scales[0] : scales[static_cast<size_t>(channel)];
    multipliers.push_back(quantize_multiplier(static_cast<double>(input.quantization.scale()) * weight_scale /
                                              static_cast<double>(output.quantization.scale())));
  }
  return multipliers;
}

std::vector<int32_t> multipliers_of(const std::vector<QuantizedMultiplier> &values) {
  std::vector<int32_t> multipliers;
  for (const QuantizedMultiplier &value : values) multipliers.push_back(value.multiplier);
  return multipliers;
}

std::vector<int8_t> shifts_of(const std::vector<QuantizedMultiplier> &values) {
  std::vector<int8_t> shifts;
  for (const QuantizedMultiplier &value : values) shifts.push_back(static_cast<int8_t>(value.shift));
  return shifts;
}

}  // namespace whit
