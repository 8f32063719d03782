// SPDX-License-Identifier: Apache-2.0
// svdf, portable: each filter remembers its last `memory` sums over the features and weighs them; `rank` filters make one
// output. Feature weights are [filter][feature], time weights and state [filter][memory], the newest last.
// Rules: docs/semantics.md, "svdf".
#ifndef WHIT_OPS_SVDF_KERNEL_HPP
#define WHIT_OPS_SVDF_KERNEL_HPP

#include "device/core/svdf.hpp"

namespace whit {

#define WHIT_SVDF_FLOAT_FIELDS(FIELD) WHIT_SVDF_SIZE(FIELD) FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(SvdfFloatParameters, WHIT_SVDF_FLOAT_FIELDS)

// A filter forgets its oldest value; the place of the newest is what comes back.
template <typename State>
WHIT_INLINE State *forget_oldest(State *state, int16_t memory) {
  for (int16_t i = 1; i < memory; ++i) state[i - 1] = state[i];
  return state + (memory - 1);
}

WHIT_INLINE int32_t svdf_feature_sum(const SvdfInt8Parameters &p, const int8_t *input, const int8_t *weights) {
  int32_t sum = 0;
  for (int16_t i = 0; i < p.features; ++i) sum += (input[i] - p.input_zero) * load(weights + i);
  return sum;
}

// The state's values that a filter weighs. Sums wrap at 32 bits.
template <typename State>
WHIT_INLINE uint32_t svdf_time_sum(const SvdfInt8Parameters &p, const State *state, const State *weights) {
  uint32_t sum = 0;
  for (int16_t i = 0; i < p.memory; ++i)
    sum += static_cast<uint32_t>((static_cast<int32_t>(state[i]) - p.state_zero) * load(weights + i));
  return sum;
}

// A filter's next state, int8_t or int16_t. With its zero point it wraps, as in the reference.
template <typename State>
WHIT_INLINE State svdf_newest(const SvdfInt8Parameters &p, int32_t feature_sum) {
  const int32_t highest = sizeof(State) == 1 ? INT8_MAX : INT16_MAX;
  const int32_t newest = clamp(requantize(feature_sum, p.feature_multiplier, p.feature_shift), -highest - 1, highest);
  return static_cast<State>(newest + p.state_zero);
}

// State is int8_t or int16_t, and so are the time weights.
template <typename State>
WHIT_KERNEL void svdf_int8(const SvdfInt8Parameters *parameters, const int8_t *input, const int8_t *feature_weights,
                           const State *time_weights, const int32_t *bias, State *state, int8_t *output) {
  WHIT_LOAD_PARAMETERS(SvdfInt8Parameters, p, parameters);
  for (int16_t batch = 0; batch < p.batches; ++batch, input += p.features) {
    const int8_t *feature_weight = feature_weights;
    const State *time_weight = time_weights;
    for (int16_t unit = 0; unit < p.units; ++unit) {
      uint32_t sum = static_cast<uint32_t>(load(bias + unit));
      for (int16_t filter = 0; filter < p.rank; ++filter) {
        *forget_oldest(state, p.memory) = svdf_newest<State>(p, svdf_feature_sum(p, input, feature_weight));
        sum += svdf_time_sum(p, state, time_weight);
        feature_weight += p.features;
        time_weight += p.memory;
        state += p.memory;
      }
      *output++ = svdf_output(p, sum);
    }
  }
}

WHIT_INLINE float svdf_sum(const float *values, const float *weights, int16_t count) {
  float sum = 0.0F;
  for (int16_t i = 0; i < count; ++i) sum += values[i] * load(weights + i);
  return sum;
}

WHIT_KERNEL void svdf_float(const SvdfFloatParameters *parameters, const float *input, const float *feature_weights,
                            const float *time_weights, const float *bias, float *state, float *output) {
  WHIT_LOAD_PARAMETERS(SvdfFloatParameters, p, parameters);
  for (int16_t batch = 0; batch < p.batches; ++batch, input += p.features) {
    const float *feature_weight = feature_weights, *time_weight = time_weights;
    for (int16_t unit = 0; unit < p.units; ++unit) {
      float sum = load(bias + unit);
      for (int16_t filter = 0; filter < p.rank; ++filter) {
        *forget_oldest(state, p.memory) = svdf_sum(input, feature_weight, p.features);
        sum += svdf_sum(state, time_weight, p.memory);
        feature_weight += p.features;
        time_weight += p.memory;
        state += p.memory;
      }
      *output++ = clamp_float(sum, p.output_low, p.output_high);
    }
  }
}

}  // namespace whit

#endif
