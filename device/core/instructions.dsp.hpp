// SPDX-License-Identifier: Apache-2.0
// The Armv7E-M SIMD instructions that DSP kernels use from C++, one function each, and unaligned access.
//
// A "pair" is a word of two signed 16-bit values. Only compiled for cores that have these instructions.
#ifndef WHIT_DEVICE_CORE_INSTRUCTIONS_DSP_HPP
#define WHIT_DEVICE_CORE_INSTRUCTIONS_DSP_HPP

#include "device/core/core.hpp"

#if defined(__ARM_FEATURE_DSP)

namespace whit {

WHIT_INLINE uint32_t load_word(const void *address) {
  uint32_t word;
  __builtin_memcpy(&word, address, sizeof word);
  return word;
}

WHIT_INLINE void store_word(void *address, uint32_t word) { __builtin_memcpy(address, &word, sizeof word); }

// One word from one.
#define WHIT_OF_ONE_WORD(name, instruction)                \
  WHIT_INLINE uint32_t name(uint32_t word) {               \
    uint32_t result;                                       \
    __asm__(instruction : "=r"(result) : "r"(word));       \
    return result;                                         \
  }

// Bytes 0 and 2 of a word, sign-extended to a pair; bytes 1 and 3; the same of unsigned bytes.
WHIT_OF_ONE_WORD(widen_even, "sxtb16 %0, %1")
WHIT_OF_ONE_WORD(widen_odd, "sxtb16 %0, %1, ror #8")
WHIT_OF_ONE_WORD(widen_even_unsigned, "uxtb16 %0, %1")
WHIT_OF_ONE_WORD(widen_odd_unsigned, "uxtb16 %0, %1, ror #8")

// One word from two.
#define WHIT_OF_TWO_WORDS(name, instruction)                       \
  WHIT_INLINE uint32_t name(uint32_t low, uint32_t high) {         \
    uint32_t result;                                               \
    __asm__(instruction : "=r"(result) : "r"(low), "r"(high));     \
    return result;                                                 \
  }

// A pair, the half of `high` on top: the low halves of both words, the low half under the high half, the high halves.
WHIT_OF_TWO_WORDS(join_low, "pkhbt %0, %1, %2, lsl #16")
WHIT_OF_TWO_WORDS(join_halves, "pkhbt %0, %1, %2")
WHIT_INLINE uint32_t join_high(uint32_t low, uint32_t high) {  // operands as the instruction orders them: g++ allots fewer registers
  uint32_t pair;
  __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(pair) : "r"(high), "r"(low));
  return pair;
}

// The pair `low` plus bytes 0 and 2 of `high`, sign-extended; plus bytes 1 and 3.
WHIT_OF_TWO_WORDS(add_even, "sxtab16 %0, %1, %2")
WHIT_OF_TWO_WORDS(add_odd, "sxtab16 %0, %1, %2, ror #8")

// Adds both products of two pairs.
WHIT_INLINE int32_t add_products(int32_t sum, uint32_t a, uint32_t b) {
  __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
  return sum;
}
WHIT_INLINE int64_t add_products(int64_t sum, uint32_t a, uint32_t b) {
  __asm__("smlald %Q0, %R0, %1, %2" : "+r"(sum) : "r"(a), "r"(b));
  return sum;
}

// Adds the product of one half of each pair, the low (b) or high (t) one.
#define WHIT_ADD_HALF_PRODUCT(halves)                                                        \
  WHIT_INLINE int32_t add_product_##halves(int32_t sum, uint32_t a, uint32_t b) {            \
    __asm__("smla" #halves " %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));                  \
    return sum;                                                                              \
  }
WHIT_ADD_HALF_PRODUCT(bb)
WHIT_ADD_HALF_PRODUCT(bt)
WHIT_ADD_HALF_PRODUCT(tb)
WHIT_ADD_HALF_PRODUCT(tt)
#undef WHIT_ADD_HALF_PRODUCT

// Adds the four bytes of a word as unsigned numbers.
WHIT_INLINE uint32_t add_unsigned_bytes(uint32_t sum, uint32_t bytes) {
  __asm__("usada8 %0, %1, %2, %0" : "+r"(sum) : "r"(bytes), "r"(0));
  return sum;
}

// The larger of each pair of signed bytes; the smaller.
WHIT_INLINE uint32_t larger_bytes(uint32_t a, uint32_t b) {
  uint32_t difference;
  __asm__("ssub8 %1, %0, %2\n\tsel %0, %0, %2" : "+r"(a), "=&r"(difference) : "r"(b) : "cc");
  return a;
}
WHIT_INLINE uint32_t smaller_bytes(uint32_t a, uint32_t b) {
  uint32_t difference;
  __asm__("ssub8 %1, %0, %2\n\tsel %0, %2, %0" : "+r"(a), "=&r"(difference) : "r"(b) : "cc");
  return a;
}

// The upper word of a * b + 2^31.
WHIT_INLINE int32_t multiply_high(int32_t a, int32_t b) {
  int32_t high;
  __asm__("smmulr %0, %1, %2" : "=r"(high) : "r"(a), "r"(b));
  return high;
}

// That word plus `addend`.
WHIT_INLINE int32_t multiply_high_add(int32_t addend, int32_t a, int32_t b) {
  __asm__("smmlar %0, %1, %2, %0" : "+r"(addend) : "r"(a), "r"(b));
  return addend;
}

// The nearest number of that many bits, and the nearest one without sign.
template <int bits>
WHIT_INLINE int32_t saturate(int32_t value) {
  __asm__("ssat %0, %1, %0" : "+r"(value) : "i"(bits));
  return value;
}
template <int bits>
WHIT_INLINE int32_t saturate_unsigned(int32_t value) {
  __asm__("usat %0, %1, %0" : "+r"(value) : "i"(bits));
  return value;
}

// `word` with byte `index` replaced by the lowest of `value`.
template <int index>
WHIT_INLINE uint32_t insert_byte(uint32_t word, int32_t value) {
  __asm__("bfi %0, %1, %2, #8" : "+r"(word) : "r"(value), "i"(8 * index));
  return word;
}

// The same value twice.
WHIT_INLINE uint32_t pair_of(int32_t value) {
  return (static_cast<uint32_t>(value) & 0xFFFFU) | (static_cast<uint32_t>(value) << 16);
}

}  // namespace whit

#endif
#endif
