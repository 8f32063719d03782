// SPDX-License-Identifier: Apache-2.0
// Comparisons and logic on a pair of elements, portable: booleans of one byte, 0 or 1. Operations of
// device/core/pair.hpp. Rules: docs/semantics.md, "Comparisons and logic".
#ifndef WHIT_OPS_ELEMENTWISE_COMPARISON_KERNEL_HPP
#define WHIT_OPS_ELEMENTWISE_COMPARISON_KERNEL_HPP

#include "device/core/pair.hpp"
#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_COMPARISON_FIELDS(FIELD) FIELD(int32_t, count)
WHIT_PARAMETERS(ComparisonParameters, WHIT_COMPARISON_FIELDS)

#define WHIT_QUANTIZED_COMPARISON_FIELDS(FIELD)                                    \
  FIELD(int32_t, count) FIELD(int32_t, first_multiplier) FIELD(int32_t, second_multiplier) \
  FIELD(int16_t, first_zero) FIELD(int16_t, second_zero) FIELD(int8_t, first_shift) FIELD(int8_t, second_shift)
WHIT_PARAMETERS(QuantizedComparisonParameters, WHIT_QUANTIZED_COMPARISON_FIELDS)

#define WHIT_RELATION(Name, sign)                               \
  struct Name {                                                 \
    template <typename T>                                       \
    WHIT_INLINE bool holds(T a, T b) {                          \
      return a sign b;                                          \
    }                                                           \
  };
WHIT_RELATION(Equal, ==)
WHIT_RELATION(NotEqual, !=)
WHIT_RELATION(Less, <)
WHIT_RELATION(LessEqual, <=)
WHIT_RELATION(Greater, >)
WHIT_RELATION(GreaterEqual, >=)
#undef WHIT_RELATION

template <typename T, typename Relation>
struct Compare {
  typedef ComparisonParameters Parameters;
  typedef T Element;
  typedef uint8_t Output;
  WHIT_INLINE uint8_t apply(const Parameters &, T first, T second) { return Relation::holds(first, second) ? 1 : 0; }
};

enum { comparison_left_shift = 8 };

// Both operands with eight more bits on their own scales.
template <typename T, typename Relation>
struct CompareQuantized {
  typedef QuantizedComparisonParameters Parameters;
  typedef T Element;
  typedef uint8_t Output;
  WHIT_INLINE int32_t real(int32_t stored, int16_t zero, int32_t multiplier, int8_t shift) {
    return requantize((stored - zero) * (1 << comparison_left_shift), multiplier, shift);
  }
  WHIT_INLINE uint8_t apply(const Parameters &p, T first, T second) {
    const int32_t a = real(first, p.first_zero, p.first_multiplier, p.first_shift);
    const int32_t b = real(second, p.second_zero, p.second_multiplier, p.second_shift);
    return Relation::holds(a, b) ? 1 : 0;
  }
};

struct LogicalAnd {
  typedef ComparisonParameters Parameters;
  typedef uint8_t Element;
  typedef uint8_t Output;
  WHIT_INLINE uint8_t apply(const Parameters &, uint8_t a, uint8_t b) { return a != 0 && b != 0 ? 1 : 0; }
};

struct LogicalOr {
  typedef ComparisonParameters Parameters;
  typedef uint8_t Element;
  typedef uint8_t Output;
  WHIT_INLINE uint8_t apply(const Parameters &, uint8_t a, uint8_t b) { return a != 0 || b != 0 ? 1 : 0; }
};

}  // namespace whit

#endif
