// SPDX-License-Identifier: Apache-2.0
// From a 32-bit accumulator back to a narrow type: docs/semantics.md, "Requantisation".
#ifndef WHIT_DEVICE_CORE_REQUANTIZE_HPP
#define WHIT_DEVICE_CORE_REQUANTIZE_HPP

#include "device/core/core.hpp"

namespace whit {

WHIT_INLINE int32_t clamp(int32_t value, int32_t low, int32_t high) {
  return value < low ? low : (value > high ? high : value);
}

WHIT_INLINE float clamp_float(float value, float low, float high) {
  return value < low ? low : (value > high ? high : value);
}

// The 64-bit product by four multiplications of 16-bit halves, for cores with a 32-bit multiplier but no wide one: of
// a * b + 2^30 only the bits from 2^16 on are formed, which is exact since nothing below carries into them.
WHIT_INLINE int32_t doubling_high_multiply_by_halves(int32_t a, int32_t b) {
  const int16_t a_high = static_cast<int16_t>(a >> 16), b_high = static_cast<int16_t>(b >> 16);
  const uint16_t a_low = static_cast<uint16_t>(a), b_low = static_cast<uint16_t>(b);
  const int32_t middle = static_cast<int32_t>(a_high) * b_low, other_middle = static_cast<int32_t>(b_high) * a_low;
  const uint32_t low = static_cast<uint32_t>(a_low) * b_low;
  const uint32_t carry = static_cast<uint32_t>(static_cast<uint16_t>(middle)) + static_cast<uint16_t>(other_middle) +
                         static_cast<uint16_t>(low >> 16) + 0x4000U;
  const int32_t high = static_cast<int32_t>(a_high) * b_high + static_cast<int32_t>(static_cast<int16_t>(middle >> 16)) +
                       static_cast<int16_t>(other_middle >> 16) + static_cast<int16_t>(carry >> 16);
  return static_cast<int32_t>(static_cast<uint32_t>(high) << 1) + static_cast<int32_t>((carry >> 15) & 1U);
}

#if defined(__AVR__)
// a (r22-r25, least byte first) times the byte `b`, added to five bytes of the product of which the last is new.
#define WHIT_LONG_ROW(b, first, second, third, fourth, fifth)                                                 \
  "clr " fifth "\n mul r24, " b "\n movw r30, r0\n mul r22, " b "\n add " first ", r0\n adc " second ", r1\n"     \
  "adc " third ", r30\n adc " fourth ", r31\n adc " fifth ", r26\n mul r25, " b "\n movw r30, r0\n"              \
  "mul r23, " b "\n add " second ", r0\n adc " third ", r1\n adc " fourth ", r30\n adc " fifth ", r31\n"

// The high half of 2*a*b, rounded to nearest, but for the overflow. The product is formed without signs; then each
// negative factor takes the other one off the upper half. Bit 31 is shifted in and bit 30 rounds. The lowest bytes make
// way for the highest: bytes 3 to 7 end in r17, r27, r14, r15, r16. About 135 cycles.
static __attribute__((naked, noinline, unused)) int32_t doubling_high_product(int32_t, int32_t) {
  __asm__ volatile(
      "push r14\n push r15\n push r16\n push r17\n clr r26\n"
      "mul r22, r18\n movw r14, r0\n mul r24, r18\n movw r16, r0\n clr r27\n mul r25, r18\n movw r30, r0\n"
      "mul r23, r18\n add r15, r0\n adc r16, r1\n adc r17, r30\n adc r27, r31\n"
      WHIT_LONG_ROW("r19", "r15", "r16", "r17", "r27", "r14")
      WHIT_LONG_ROW("r20", "r16", "r17", "r27", "r14", "r15")
      WHIT_LONG_ROW("r21", "r17", "r27", "r14", "r15", "r16")
      "sbrs r25, 7\n rjmp 1f\n sub r27, r18\n sbc r14, r19\n sbc r15, r20\n sbc r16, r21\n"
      "1: sbrs r21, 7\n rjmp 2f\n sub r27, r22\n sbc r14, r23\n sbc r15, r24\n sbc r16, r25\n"
      "2: lsl r17\n rol r27\n rol r14\n rol r15\n rol r16\n"
      "lsl r17\n adc r27, r26\n adc r14, r26\n adc r15, r26\n adc r16, r26\n"
      "mov r22, r27\n mov r23, r14\n mov r24, r15\n mov r25, r16\n clr r1\n"
      "pop r17\n pop r16\n pop r15\n pop r14\n ret\n");
}
#endif

// The high half of 2*a*b, rounded to nearest (halves up); the one overflow saturates. Taking the upper word of a
// doubled product keeps small cores from shifting 64 bits.
WHIT_INLINE int32_t doubling_high_multiply(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
#if defined(__ARM_ARCH_6M__)
  return doubling_high_multiply_by_halves(a, b);
#elif defined(__AVR__)
  return doubling_high_product(a, b);
#else
  const int64_t product = static_cast<int64_t>(a) * b;
  return static_cast<int32_t>((product * 2 + (int64_t{1} << 31)) >> 32);
#endif
}

// value / 2^exponent, rounded to nearest, halves away from zero. 0 <= exponent <= 31.
#if defined(__AVR__)
// Whole bytes first, since a shift takes a step for each bit. The least bit left before the last step is the half; a
// negative value less one has it set only beyond the half. -2^31 less one wraps, but is right where it is a multiple.
WHIT_KERNEL int32_t divide_by_power_of_two(int32_t value, int32_t exponent) {
  if (exponent == 0 || value == INT32_MIN) return value >> exponent;
  if (value < 0) --value;
  uint8_t left = static_cast<uint8_t>(exponent - 1);
  for (; left >= 8; left = static_cast<uint8_t>(left - 8)) value >>= 8;
  for (; left != 0; --left) value >>= 1;
  return (value >> 1) + static_cast<uint8_t>(static_cast<uint8_t>(value) & 1U);
}
#else
WHIT_INLINE int32_t divide_by_power_of_two(int32_t value, int32_t exponent) {
  const int32_t mask = static_cast<int32_t>((uint32_t{1} << exponent) - 1U);
  const int32_t remainder = value & mask;
  const int32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return (value >> exponent) + (remainder > threshold ? 1 : 0);
}
#endif

// value * multiplier * 2^(shift - 31); shift > 0 goes left (wrapping, as the reference does), shift < 0 right.
WHIT_INLINE int32_t requantize(int32_t value, int32_t multiplier, int32_t shift) {
  const int32_t left = shift > 0 ? shift : 0;
  const int32_t right = shift > 0 ? 0 : -shift;
  const int32_t shifted = static_cast<int32_t>(static_cast<uint32_t>(value) << left);
  return divide_by_power_of_two(doubling_high_multiply(shifted, multiplier), right);
}

}  // namespace whit

#endif
