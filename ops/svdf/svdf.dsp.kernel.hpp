// SPDX-License-Identifier: Apache-2.0
// svdf on int8 for cores with DSP instructions: the sums over the features of two filters at once; the states move on while
// they are weighed, a word at a time. Biases contain what the state's zero point adds.
#ifndef WHIT_OPS_SVDF_DSP_KERNEL_HPP
#define WHIT_OPS_SVDF_DSP_KERNEL_HPP

#include "device/core/dot.dsp.hpp"
#include "device/core/requantize.dsp.hpp"
#include "device/core/svdf.hpp"

namespace whit {

#if defined(__ARM_FEATURE_DSP)

WHIT_INLINE int32_t add_word_of(int32_t sum, uint32_t states, const int16_t *weights) {
  return add_products(sum, states, load_word(weights));
}

WHIT_INLINE int32_t add_word_of(int32_t sum, uint32_t states, const int8_t *weights) {
  const uint32_t four = load_word(weights);
  return add_products(add_products(sum, widen_even(states), widen_even(four)), widen_odd(states), widen_odd(four));
}

// The states move by one place, the newest comes in; their sum times the weights, which wraps at 32 bits.
template <typename State>
WHIT_INLINE uint32_t remember(State *state, State newest, const State *weights, int32_t memory) {
  const int32_t in_word = static_cast<int32_t>(4 / sizeof(State));
  int32_t sum = 0, kept = memory - 1;
  for (; kept >= in_word; kept -= in_word, state += in_word, weights += in_word) {
    const uint32_t word = load_word(state + 1);
    store_word(state, word);
    sum = add_word_of(sum, word, weights);
  }
  if (kept == in_word - 1) {  // with the newest a whole word
    const uint32_t word = load_word(state) >> (8 * sizeof(State)) | static_cast<uint32_t>(newest) << (32 - 8 * sizeof(State));
    store_word(state, word);
    return static_cast<uint32_t>(add_word_of(sum, word, weights));
  }
  uint32_t rest = static_cast<uint32_t>(sum);
  for (; kept >= 0; --kept, ++state, ++weights) {
    *state = kept == 0 ? newest : state[1];
    rest += static_cast<uint32_t>(*state * *weights);
  }
  return rest;
}

// The next state, with its zero point, from a sum over the features.
template <typename State>
WHIT_INLINE State next_state(const SvdfInt8Parameters &p, int32_t feature_sum) {
  const int32_t newest = saturate<8 * sizeof(State)>(requantize_down(feature_sum, p.feature_multiplier, p.feature_shift));
  return static_cast<State>(newest + p.state_zero);
}

// State is int8_t or int16_t, and so are the time weights.
template <typename State>
WHIT_KERNEL void svdf_int8_dsp(const SvdfInt8Parameters *parameters, const int8_t *input, const int8_t *feature_weights,
                               const State *time_weights, const int32_t *bias, State *state, int8_t *output) {
  const SvdfInt8Parameters p = *parameters;
  const int32_t filters = p.units * p.rank, memory = p.memory;
  for (int16_t batch = 0; batch < p.batches; ++batch, input += p.features) {
    const int8_t *feature_weight = feature_weights;
    const State *time_weight = time_weights;
    const int32_t *unit_bias = bias;
    uint32_t sum = static_cast<uint32_t>(*unit_bias);
    int16_t filters_of_unit = p.rank;
    TwoDots dots = {0, 0};
    for (int32_t filter = 0; filter < filters; ++filter, state += memory, time_weight += memory) {
      if (filter % 2 == 0) {
        const TwoDots none = {0, 0};
        dots = add_dots(none, input, -p.input_zero, feature_weight, filter + 1 < filters ? p.features : 0, 0, p.features);
        feature_weight += 2 * p.features;
      } else {
        dots.first = dots.second;
      }
      sum += remember(state, next_state<State>(p, dots.first), time_weight, memory);
      if (--filters_of_unit != 0) continue;
      *output++ = svdf_output(p, sum);
      sum = static_cast<uint32_t>(*++unit_bias);
      filters_of_unit = p.rank;
    }
  }
}

#endif

}  // namespace whit

#endif
