// SPDX-License-Identifier: Apache-2.0
// Four float sums side by side: none waits for another's addition, and each adds in the order that it has alone.
#ifndef WHIT_DEVICE_CORE_FOUR_FLOATS_HPP
#define WHIT_DEVICE_CORE_FOUR_FLOATS_HPP

#include "device/core/requantize.hpp"

namespace whit {

struct FourFloats {
  float first, second, third, fourth;
};

WHIT_INLINE FourFloats load_four(const float *from) {
  const FourFloats four = {load(from), load(from + 1), load(from + 2), load(from + 3)};
  return four;
}

// The four weights times one value.
WHIT_INLINE FourFloats add_products(FourFloats sums, FourFloats weights, float value) {
  sums.first += value * weights.first;
  sums.second += value * weights.second;
  sums.third += value * weights.third;
  sums.fourth += value * weights.fourth;
  return sums;
}

// Each weight times a value of its own.
WHIT_INLINE FourFloats add_products(FourFloats sums, FourFloats weights, FourFloats values) {
  sums.first += values.first * weights.first;
  sums.second += values.second * weights.second;
  sums.third += values.third * weights.third;
  sums.fourth += values.fourth * weights.fourth;
  return sums;
}

// Bias and fused activation.
WHIT_INLINE FourFloats clamp_four(FourFloats sums, FourFloats bias, float low, float high) {
  const FourFloats four = {clamp_float(sums.first + bias.first, low, high), clamp_float(sums.second + bias.second, low, high),
                           clamp_float(sums.third + bias.third, low, high), clamp_float(sums.fourth + bias.fourth, low, high)};
  return four;
}

// As many of the four as there are.
WHIT_INLINE void store_four(float *to, FourFloats four, int32_t count) {
  to[0] = four.first;
  if (count > 1) to[1] = four.second;
  if (count > 2) to[2] = four.third;
  if (count > 3) to[3] = four.fourth;
}

}  // namespace whit

#endif
