// SPDX-License-Identifier: Apache-2.0
// The values of one pixel times the weights of all output channels, for cores that only multiply bytes and read
// constants from program memory: requantised and stored.
//
// Values and weights are stored plus 128, so that products are unsigned and a sum needs no sign extension: 10 cycles a
// product on AVR. With u = x + 128 and v = w + 128, sum w x = sum u v - 128 sum u - 128 sum w; the middle term is known
// once for a pixel (`start`), the last one for a channel. Sums are kept modulo 2^24, which is enough as |x| < 2^22.
//
// Requantisation is exact and has one rounding: with R = zero * 2^s + 2^(s - 1) - (x < 0),
//   (high(x, m) + R) >> s = floor((2 x m + 2^31 + R 2^32) / 2^(32 + s)) = floor((x' m + K - (x < 0) 2^32) / 2^(32 + s))
// where x' = 2 x + 2^23 is unsigned. K is a multiple of 2^16.
// The last division is a multiplication by q = 2^(8 - s), or 2^(16 - s) where s > 8, and a choice of bytes.
// The constants of a channel, byte by byte, least first: what is added to the sum (3), m (4), K / 2^16 (5), 1 if s > 8
// else 0 (1), q (1).
#ifndef WHIT_DEVICE_CORE_BYTE_MATMUL_HPP
#define WHIT_DEVICE_CORE_BYTE_MATMUL_HPP

#include "device/core/requantize.hpp"

namespace whit {

// The asm reads the members at their offsets.
struct ByteMatmul {
  const uint8_t *values;
  const uint8_t *weights;    // those of two channels in turns; both of these are in program memory on AVR
  const uint8_t *constants;
  int8_t *output;
  uint8_t start[3];          // 2^22 - 128 * (sum of the values), modulo 2^24
  uint8_t eights, rest;      // values / 8, values % 8
  uint8_t channels;          // at least 1
};

#if defined(__AVR__)

// Registers: r18-r20 sum, then x'; r4-r10 product; r21 0; r16 weights, r14 constants, r12 output, r11 channels
// left.
#define WHIT_BYTE_ENTER                                                                                       \
  "push r2\n push r3\n push r4\n push r5\n push r6\n push r7\n push r8\n push r9\n push r10\n push r11\n push r12\n push r13\n"   \
  "push r14\n push r15\n push r16\n push r17\n push r28\n push r29\n movw r28, r24\n clr r21\n"               \
  "ldd r16, Y+2\n ldd r17, Y+3\n ldd r14, Y+4\n ldd r15, Y+5\n ldd r12, Y+6\n ldd r13, Y+7\n ldd r11, Y+13\n"
#define WHIT_BYTE_LEAVE                                                                                       \
  "clr r1\n pop r29\n pop r28\n pop r17\n pop r16\n pop r15\n pop r14\n pop r13\n pop r12\n pop r11\n pop r10\n" \
  "pop r9\n pop r8\n pop r7\n pop r6\n pop r5\n pop r4\n pop r3\n pop r2\n ret\n"

// One value times the weights of two channels; the other sum is r2, r3, r25.
#define WHIT_BYTE_PRODUCTS \
  "ld r22, X+\n lpm r23, Z+\n mul r22, r23\n add r18, r0\n adc r19, r1\n adc r20, r21\n" \
  "lpm r23, Z+\n mul r22, r23\n add r2, r0\n adc r3, r1\n adc r25, r21\n"

// x' times the next byte of m, added to four bytes of the product, of which the last is new.
#define WHIT_BYTE_ROW(first, second, third, fourth)                                                           \
  "lpm r23, Z+\n clr " fourth "\n mul r20, r23\n movw r24, r0\n mul r18, r23\n add " first ", r0\n adc " second ", r1\n" \
  "adc " third ", r24\n adc " fourth ", r25\n mul r19, r23\n add " second ", r0\n adc " third ", r1\n adc " fourth ", r21\n"

// From the sum and the channel's constants to the output. Labels 6 and 9 are taken.
#define WHIT_BYTE_FINISH                                                                                      \
  "movw r30, r14\n"                                                                                           \
  "lpm r22, Z+\n add r18, r22\n lpm r22, Z+\n adc r19, r22\n lpm r22, Z+\n adc r20, r22\n"                    \
  "lsl r18\n rol r19\n rol r20\n"                                                                             \
  "lpm r23, Z+\n mul r20, r23\n movw r6, r0\n mul r18, r23\n movw r4, r0\n"                                   \
  "mul r19, r23\n add r5, r0\n adc r6, r1\n adc r7, r21\n"                                                    \
  WHIT_BYTE_ROW("r5", "r6", "r7", "r8") WHIT_BYTE_ROW("r6", "r7", "r8", "r9") WHIT_BYTE_ROW("r7", "r8", "r9", "r10") \
  "lpm r22, Z+\n add r6, r22\n lpm r22, Z+\n adc r7, r22\n lpm r22, Z+\n adc r8, r22\n"                       \
  "lpm r22, Z+\n adc r9, r22\n lpm r22, Z+\n adc r10, r22\n"                                                  \
  "com r20\n lsl r20\n sbc r8, r21\n sbc r9, r21\n sbc r10, r21\n"                                            \
  "lpm r24, Z+\n lpm r22, Z+\n movw r14, r30\n"                                                               \
  "tst r24\n breq 6f\n mov r8, r9\n mov r9, r10\n clr r10\n sbrc r9, 7\n com r10\n"                           \
  "6: mul r8, r22\n mov r23, r1\n mul r9, r22\n clr r24\n clr r25\n add r23, r0\n adc r24, r1\n"              \
  "mov r18, r10\n mulsu r18, r22\n add r24, r0\n adc r25, r1\n"                                               \
  "mov r18, r23\n lsl r18\n sbc r18, r18\n cp r24, r18\n cpc r25, r18\n breq 9f\n"                            \
  "ldi r23, 0x7F\n sbrc r25, 7\n ldi r23, 0x80\n"                                                             \
  "9: movw r26, r12\n st X+, r23\n movw r12, r26\n"

static __attribute__((naked, noinline, unused)) void byte_matmul(const ByteMatmul *) {
  __asm__ volatile(
      WHIT_BYTE_ENTER
      "1:\n" /* two channels */
      "movw r30, r16\n ld r26, Y\n ldd r27, Y+1\n ldd r18, Y+8\n ldd r19, Y+9\n ldd r20, Y+10\n"
      "movw r2, r18\n mov r25, r20\n ldd r24, Y+11\n tst r24\n brne 2f\n rjmp 3f\n"
      "2:\n" WHIT_BYTE_PRODUCTS WHIT_BYTE_PRODUCTS WHIT_BYTE_PRODUCTS WHIT_BYTE_PRODUCTS
      WHIT_BYTE_PRODUCTS WHIT_BYTE_PRODUCTS WHIT_BYTE_PRODUCTS WHIT_BYTE_PRODUCTS
      "dec r24\n breq 3f\n rjmp 2b\n"
      "3: ldd r24, Y+12\n tst r24\n breq 5f\n"
      "4:\n" WHIT_BYTE_PRODUCTS "dec r24\n brne 4b\n"
      "5: movw r16, r30\n push r25\n" WHIT_BYTE_FINISH
      "pop r20\n dec r11\n brne 8f\n rjmp 7f\n 8: movw r18, r2\n" WHIT_BYTE_FINISH
      "dec r11\n breq 7f\n rjmp 1b\n"
      "7:\n" WHIT_BYTE_LEAVE);
}

#else

WHIT_INLINE uint64_t bytes_to_number(const uint8_t *bytes, int count) {
  uint64_t number = 0;
  while (count-- > 0) number = number << 8 | bytes[count];
  return number;
}

WHIT_INLINE int8_t requantize_bytes(uint32_t sum, const uint8_t *constants) {
  const uint64_t x = 2 * (sum + bytes_to_number(constants, 3)) & 0xFFFFFFU;
  const uint64_t product = x * bytes_to_number(constants + 3, 4) + (bytes_to_number(constants + 7, 5) << 16);
  const uint64_t negative = x < 0x800000U ? 1 : 0;
  // The number has 56 bits; its sign is put where that of 64 bits is.
  const int64_t whole = static_cast<int64_t>((product - (negative << 32)) << 8) >> 40;
  const int32_t scaled = static_cast<int32_t>(whole >> (8 * constants[12])) * constants[13];
  return static_cast<int8_t>(clamp(scaled >> 8, -128, 127));
}

WHIT_KERNEL void byte_matmul(const ByteMatmul *run) {
  const uint32_t count = run->eights * 8U + run->rest;
  for (uint8_t channel = 0; channel < run->channels; ++channel) {
    const uint8_t *weights = run->weights + channel / 2 * 2 * count + channel % 2;
    uint32_t sum = static_cast<uint32_t>(bytes_to_number(run->start, 3));
    for (uint32_t index = 0; index < count; ++index) sum += static_cast<uint32_t>(run->values[index]) * weights[2 * index];
    run->output[channel] = requantize_bytes(sum, run->constants + 14 * channel);
  }
}

#endif

// Sums modulo 2^24.
#if defined(__AVR__)
typedef __uint24 ByteSum;
#else
typedef uint32_t ByteSum;
#endif

// Sets `start` from the sum of the values.
WHIT_INLINE void start_from(ByteMatmul &run, ByteSum values) {
  const ByteSum start = static_cast<ByteSum>((ByteSum{1} << 22) - (values << 7));
  run.start[0] = static_cast<uint8_t>(start);
  run.start[1] = static_cast<uint8_t>(start >> 8);
  run.start[2] = static_cast<uint8_t>(start >> 16);
}

// Copies values plus 128; returns their sum.
WHIT_INLINE ByteSum copy_biased(uint8_t *to, const int8_t *from, uint16_t count) {
  ByteSum sum = 0;
  if (count == 0) return sum;
#if defined(__AVR__)
  uint8_t value;
  __asm__ volatile(
      "1: ld %[value], %a[from]+\n subi %[value], 0x80\n st %a[to]+, %[value]\n"
      "add %A[sum], %[value]\n adc %B[sum], __zero_reg__\n adc %C[sum], __zero_reg__\n sbiw %[count], 1\n brne 1b\n"
      : [value] "=&d"(value), [from] "+x"(from), [to] "+z"(to), [sum] "+r"(sum), [count] "+w"(count)
      :
      : "memory");
#else
  for (; count != 0; --count) {
    const uint8_t value = static_cast<uint8_t>(static_cast<uint8_t>(*from++) ^ 0x80U);
    *to++ = value;
    sum += value;
  }
#endif
  return sum;
}

}  // namespace whit

#endif
