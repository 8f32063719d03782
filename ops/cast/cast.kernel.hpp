// SPDX-License-Identifier: Apache-2.0
// cast, portable: out[i] is in[i] as another type. Reals lose their fraction; integers keep the bits that fit; a boolean
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

// By way of 64 bits, so that numbers which a narrow type cannot hold wrap the same way everywhere.
template <typename To>
struct Convert<To, float> {
  WHIT_INLINE To of(float value) {
    const float limit = 9.0e18F;
    return static_cast<To>(static_cast<int64_t>(value > limit ? limit : (value > -limit ? value : -limit)));
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

template <typename From>
struct CastToBoolean {
  typedef CastParameters Parameters;
  typedef From Input;
  typedef uint8_t Output;
  WHIT_INLINE uint8_t apply(const Parameters &, From value) { return value != static_cast<From>(0) ? 1 : 0; }
};

}  // namespace whit

#endif
