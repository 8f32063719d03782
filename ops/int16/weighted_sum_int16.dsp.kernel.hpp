// SPDX-License-Identifier: Apache-2.0
// Sums of 16-bit data times 8-bit weights for cores with DSP instructions: two output channels at once, four products of
// each by two instructions. Of each stretch of weights whole fours lie as 0, 2, 1, 3, so that a word widens to two pairs
// in the order of the data.
#ifndef WHIT_OPS_WEIGHTED_SUM_INT16_DSP_KERNEL_HPP
#define WHIT_OPS_WEIGHTED_SUM_INT16_DSP_KERNEL_HPP

#include "device/core/instructions.dsp.hpp"
#include "device/core/requantize_sum.hpp"
#include "device/core/tap_walk.dsp.hpp"

namespace whit {

#define WHIT_WEIGHTED_SUM_INT16_DSP_FIELDS(FIELD) \
  WHIT_TAP_WALK(FIELD) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(WeightedSumInt16DspParameters, WHIT_WEIGHTED_SUM_INT16_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

template <typename Sum>
struct WeightedSumInt16Dsp {
  typedef int16_t Data;
  struct Sums {
    Sum first, second;
  };

  const WeightedSumInt16DspParameters &p;
  const Sum *bias;
  const int32_t *multipliers;
  const int8_t *shifts;

  WHIT_INLINE Sums begin(const WeightedSumInt16Dsp &layer, int16_t first, int16_t second) {
    const Sums sums = {layer.bias[first], layer.bias[second]};
    return sums;
  }
  WHIT_INLINE Sums add(const WeightedSumInt16Dsp &layer, Sums sums, const int16_t *data, const int8_t *near, ptrdiff_t apart) {
    int32_t count = layer.p.summed;
    for (; count >= 4; count -= 4, data += 4, near += 4) {
      const uint32_t low = load_word(data), high = load_word(data + 2);
      const uint32_t weights = load_word(near), others = load_word(near + apart);
      sums.first = add_products(add_products(sums.first, low, widen_even(weights)), high, widen_odd(weights));
      sums.second = add_products(add_products(sums.second, low, widen_even(others)), high, widen_odd(others));
    }
    for (; count > 0; --count, ++data, ++near) {
      sums.first += static_cast<int32_t>(*data) * *near;
      sums.second += static_cast<int32_t>(*data) * near[apart];
    }
    return sums;
  }
  WHIT_INLINE int16_t result(const WeightedSumInt16Dsp &layer, Sum sum, int16_t channel) {
    return static_cast<int16_t>(
        clamp(requantize_sum(sum, layer.multipliers[channel], layer.shifts[channel]), layer.p.output_low, layer.p.output_high));
  }
};

template <typename Sum>
WHIT_KERNEL void weighted_sum_int16_dsp(const WeightedSumInt16DspParameters *parameters, const int16_t *input,
                                        const int8_t *weights, const Sum *bias, const int32_t *multipliers,
                                        const int8_t *shifts, int16_t *output) {
  const WeightedSumInt16Dsp<Sum> layer = {*parameters, bias, multipliers, shifts};
  walk_output_pairs(layer, input, weights, output);
}

#endif

}  // namespace whit

#endif
