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

#if defined(__ARM_FP) && defined(__thumb2__)

// Multiplications and additions of four sums in separate instructions, the products in s12 to s15.
#define WHIT_FOUR_PRODUCTS(value, first, second, third, fourth) \
  "vmul.f32 s12, " #value ", " #first "\n\t"                    \
  "vmul.f32 s13, " #value ", " #second "\n\t"                   \
  "vmul.f32 s14, " #value ", " #third "\n\t"                    \
  "vmul.f32 s15, " #value ", " #fourth "\n\t"
#define WHIT_ADD_FOUR(name)                             \
  "vadd.f32 %[" #name "1], %[" #name "1], s12\n\t"      \
  "vadd.f32 %[" #name "2], %[" #name "2], s13\n\t"      \
  "vadd.f32 %[" #name "3], %[" #name "3], s14\n\t"      \
  "vadd.f32 %[" #name "4], %[" #name "4], s15\n\t"
#define WHIT_FOUR_SUMS(name, sums) \
  [name##1] "+t"(sums.first), [name##2] "+t"(sums.second), [name##3] "+t"(sums.third), [name##4] "+t"(sums.fourth)
#define WHIT_FLOAT_CLOBBERS \
  "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15", "cc", "memory"

// Four weights at each of two times `pairs` values, for one pixel or two: loads of several words at once, which compilers do not
// make, take half the time. `pairs` > 0.
WHIT_INLINE void add_value_pairs(FourFloats &near, const float *&data, const float *&weights, int32_t pairs) {
  __asm__(
      "1:\n\t"
      "vldmia %[weights]!, {s0-s7}\n\t"
      "vldmia %[data]!, {s8-s9}\n\t"
      WHIT_FOUR_PRODUCTS(s8, s0, s1, s2, s3) "subs %[pairs], %[pairs], #1\n\t" WHIT_ADD_FOUR(near)
      WHIT_FOUR_PRODUCTS(s9, s4, s5, s6, s7) WHIT_ADD_FOUR(near)
      "bne 1b"
      : WHIT_FOUR_SUMS(near, near), [data] "+r"(data), [weights] "+r"(weights), [pairs] "+r"(pairs)
      :
      : WHIT_FLOAT_CLOBBERS);
}

WHIT_INLINE void add_value_pairs(FourFloats &near, FourFloats &next, const float *&data, const float *next_data, const float *&weights,
                                 int32_t pairs) {
  __asm__(
      "1:\n\t"
      "vldmia %[weights]!, {s0-s7}\n\t"
      "vldmia %[data]!, {s8-s9}\n\t"
      "vldmia %[next_data]!, {s10-s11}\n\t"
      WHIT_FOUR_PRODUCTS(s8, s0, s1, s2, s3) "subs %[pairs], %[pairs], #1\n\t" WHIT_ADD_FOUR(near)
      WHIT_FOUR_PRODUCTS(s10, s0, s1, s2, s3) WHIT_ADD_FOUR(next)
      WHIT_FOUR_PRODUCTS(s9, s4, s5, s6, s7) WHIT_ADD_FOUR(near)
      WHIT_FOUR_PRODUCTS(s11, s4, s5, s6, s7) WHIT_ADD_FOUR(next)
      "bne 1b"
      : WHIT_FOUR_SUMS(near, near), WHIT_FOUR_SUMS(next, next), [data] "+r"(data), [next_data] "+r"(next_data),
        [weights] "+r"(weights), [pairs] "+r"(pairs)
      :
      : WHIT_FLOAT_CLOBBERS);
}

// Each weight times a value of its own.
WHIT_INLINE FourFloats add_products(FourFloats sums, const float *weights, const float *values) {
  __asm__(
      "vldmia %[weights], {s0-s3}\n\t"
      "vldmia %[values], {s4-s7}\n\t"
      "vmul.f32 s12, s4, s0\n\t"
      "vmul.f32 s13, s5, s1\n\t"
      "vmul.f32 s14, s6, s2\n\t"
      "vmul.f32 s15, s7, s3\n\t"
      WHIT_ADD_FOUR(sum)
      : WHIT_FOUR_SUMS(sum, sums)
      : [weights] "r"(weights), [values] "r"(values)
      : WHIT_FLOAT_CLOBBERS);
  return sums;
}

#else

WHIT_INLINE void add_value_pairs(FourFloats &near, const float *&data, const float *&weights, int32_t pairs) {
  for (; pairs > 0; --pairs, data += 2, weights += 8) {
    near = add_products(near, load_four(weights), data[0]);
    near = add_products(near, load_four(weights + 4), data[1]);
  }
}

WHIT_INLINE void add_value_pairs(FourFloats &near, FourFloats &next, const float *&data, const float *next_data, const float *&weights,
                                 int32_t pairs) {
  for (; pairs > 0; --pairs, data += 2, next_data += 2, weights += 8) {
    const FourFloats first = load_four(weights), second = load_four(weights + 4);
    near = add_products(near, first, data[0]);
    next = add_products(next, first, next_data[0]);
    near = add_products(near, second, data[1]);
    next = add_products(next, second, next_data[1]);
  }
}

// Each weight times a value of its own.
WHIT_INLINE FourFloats add_products(FourFloats sums, const float *weights, const float *values) {
  sums.first += values[0] * load(weights);
  sums.second += values[1] * load(weights + 1);
  sums.third += values[2] * load(weights + 2);
  sums.fourth += values[3] * load(weights + 3);
  return sums;
}

#endif

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
