// SPDX-License-Identifier: Apache-2.0
// cast, portable: out[i] is in[i] as another type. Reals lose their fraction and end at the type's limits; integers keep the bits that fit; a boolean
// is whether a value differs from 0. Rules: docs/semantics.md, "Changes of type".
#ifndef WHIT_OPS_CAST_KERNEL_HPP
#define WHIT_OPS_CAST_KERNEL_HPP

#include "device/core/unary.hpp"

namespace whit {

#define WHIT_CAST_FIELDS(FIELD) FIELD(int32_t, count)
WHIT_PARAMETERS(CastParameters, WHIT_CAST_FIELDS)

template <typename To, typename From>
struct Convert {
  WHIT_INLINE To of(From value) { return static_cast<To>(value); }
};

// Limited to what the type holds; not-a-number is 0.
template <typename To>
struct Convert<To, float> {
  WHIT_INLINE To of(float value) {
    const bool has_sign = static_cast<To>(-1) < static_cast<To>(1);
    const uint64_t reach = uint64_t{1} << (8 * sizeof(To) - (has_sign ? 1 : 0));
    const float limit = static_cast<float>(reach);
    if (value >= limit) return static_cast<To>(reach - 1);
    if (value <= (has_sign ? -limit : 0.0F)) return static_cast<To>(has_sign ? reach : 0);
    return value == value ? static_cast<To>(value) : static_cast<To>(0);
  }
};

template <>
struct Convert<float, float> {
  WHIT_INLINE float of(float value) { return value; }
};

template <typename From, typename To>
struct Cast {
  typedef CastParameters Parameters;
  typedef From Input;
  typedef To Output;
  WHIT_INLINE To apply(const Parameters &, From value) { return Convert<To, From>::of(value); }
};

// 32 bits without sign, kept as int32_t.
struct CastFromUnsigned {
  typedef CastParameters Parameters;
  typedef int32_t Input;
  typedef float Output;
  WHIT_INLINE float apply(const Parameters &, int32_t value) { return static_cast<float>(static_cast<uint32_t>(value)); }
};

struct CastToUnsigned {
  typedef CastParameters Parameters;
  typedef float Input;
  typedef int32_t Output;
  WHIT_INLINE int32_t apply(const Parameters &, float value) { return static_cast<int32_t>(Convert<uint32_t, float>::of(value)); }
};

template <typename From>
struct CastToBoolean {
  typedef CastParameters Parameters;
  typedef From Input;
  typedef uint8_t Output;
  WHIT_INLINE uint8_t apply(const Parameters &, From value) { return value != static_cast<From>(0) ? 1 : 0; }
};

}  // namespace whit

#endif
