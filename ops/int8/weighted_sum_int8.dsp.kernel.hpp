// SPDX-License-Identifier: Apache-2.0
// Sums of int8 products for cores with DSP instructions, any window: convolutions that the kernels which widen
// whole columns leave. Two output channels at once.
#ifndef WHIT_OPS_WEIGHTED_SUM_INT8_DSP_KERNEL_HPP
#define WHIT_OPS_WEIGHTED_SUM_INT8_DSP_KERNEL_HPP

#include "device/core/dot.dsp.hpp"
#include "device/core/requantize.hpp"
#include "device/core/tap_walk.dsp.hpp"

namespace whit {

#define WHIT_WEIGHTED_SUM_INT8_DSP_FIELDS(FIELD) \
  WHIT_TAP_WALK(FIELD)                           \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(WeightedSumInt8DspParameters, WHIT_WEIGHTED_SUM_INT8_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

struct WeightedSumInt8Dsp {
  typedef int8_t Data;
  typedef TwoDots Sums;

  const WeightedSumInt8DspParameters &p;
  const int32_t *bias, *multipliers;
  const int8_t *shifts;

  WHIT_INLINE Sums begin(const WeightedSumInt8Dsp &layer, int16_t first, int16_t second) {
    const Sums sums = {layer.bias[first], layer.bias[second]};
    return sums;
  }
  WHIT_INLINE Sums add(const WeightedSumInt8Dsp &layer, Sums sums, const int8_t *data, const int8_t *weights, ptrdiff_t apart) {
    return add_dots(sums, data, -layer.p.input_zero, weights, apart, 0, layer.p.summed);
  }
  WHIT_INLINE int8_t result(const WeightedSumInt8Dsp &layer, int32_t sum, int16_t channel) {
    const int32_t value = requantize(sum, layer.multipliers[channel], layer.shifts[channel]) + layer.p.output_zero;
    return static_cast<int8_t>(clamp(value, layer.p.output_low, layer.p.output_high));
  }
};

WHIT_KERNEL void weighted_sum_int8_dsp(const WeightedSumInt8DspParameters *parameters, const int8_t *input,
                                       const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, int8_t *output) {
  const WeightedSumInt8Dsp layer = {*parameters, bias, multipliers, shifts};
  walk_output_pairs(layer, input, weights, output);
}

#endif

}  // namespace whit

#endif
