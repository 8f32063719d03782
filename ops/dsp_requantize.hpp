// SPDX-License-Identifier: Apache-2.0
// How DSP kernels come back from a sum to int8 in two or five instructions, and the proof that they are exact.
//
// Let x be the sum of products and bias of one output channel. The reference is y(x) = clamp(zero + round(x * m / 2^31)
// / 2^s) with its two roundings (docs/semantics.md, "Requantisation"): a staircase that rises by one at integers
// x_k = min { x : y(x) >= k }. Two forms compute it from sum = 256 x + bias:
//
// - steps: y = saturate8(high_half(sum * multiplier + 2^31) >> 9), high_half being the upper word of 64 bits. Also a
//   staircase, with rises where sum * multiplier >= k * 2^41 - 2^31. It is the reference if multiplier and bias put
//   every rise between 256 (x_k - 1) + bias and 256 x_k + bias; since 256 grains lie between two values of x there is
//   nearly always such a pair, and it is searched for here, over the values of x that the weights permit.
// - exact: y = saturate8((high_half(2 x m + 2^31) + rounding - (x < 0)) >> s), rounding = zero * 2^s + 2^(s-1). This is
//   the reference itself, written so that both roundings fall into the accumulating multiply.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ops/accumulator_bounds.hpp"
#include "ops/activation_range.hpp"
#include "ops/quantized_multiplier.hpp"

namespace whit {

enum class DspRequantizeForm { steps, exact };

// Constants of one output channel. `vanishes`: the output does not depend on the input, weights must be taken as zero.
struct DspChannel {
  int32_t bias = 0;        // to be added to 256 times the sum of the raw products
  int32_t multiplier = 0;  // of either form
  int32_t rounding = 0;    // exact only
  int32_t shift = 0;       // exact only
  bool vanishes = false;
};

// What is to be computed in one output channel: the values that x can take, and the part of it that is added to the
// sum of the raw products (bias, and the input's zero point times the weights).
struct DspChannelTask {
  Interval range{};
  int64_t offset = 0;
  QuantizedMultiplier multiplier{};
};

struct DspRequantize {
  DspRequantizeForm form = DspRequantizeForm::steps;
  std::vector<DspChannel> channels{};
};

// The cheapest form that is exact in every channel, for outputs clamped to [range.low, range.high]. Nothing where no
// form is: scale factors of a half and more, sums of 2^22 and more, clamps inside the range of int8.
std::optional<DspRequantize> dsp_requantize(const std::vector<DspChannelTask> &tasks, int32_t output_zero,
                                            IntegerRange range);
// The same for a node with weights (ops/accumulator_bounds.hpp), its factors given.
std::optional<DspRequantize> dsp_requantize(const NodeView &node, const std::vector<QuantizedMultiplier> &multipliers);

// The exact form only, for cores that have other instructions for it.
std::optional<DspRequantize> exact_requantize(const NodeView &node,
                                              const std::vector<QuantizedMultiplier> &multipliers);

}  // namespace whit
