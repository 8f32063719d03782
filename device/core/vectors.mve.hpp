// SPDX-License-Identifier: Apache-2.0
// What kernels for Helium share: sums of products of bytes, and the way back from four sums to int8.
//
// Constants of output channels come in records of four channels, in one of two forms (ops/mve_records.hpp chooses):
// - ExactForm: four biases, four multipliers, four shifts (0 or below), as docs/semantics.md, "Requantisation", has them; the
//   bias already holds the data's zero point.
// - StepsForm: four biases, four multipliers, by which out = saturate8(high_half((256 sum + bias) * multiplier + 2^31) >> 9)
//   (ops/dsp_requantize.hpp proves that these are the reference's).
#ifndef WHIT_DEVICE_CORE_VECTORS_MVE_HPP
#define WHIT_DEVICE_CORE_VECTORS_MVE_HPP

#include "device/core/core.hpp"

#if defined(__ARM_FEATURE_MVE)

#include <arm_mve.h>

namespace whit {

struct OutputRange {
  int32_t zero, low, high;
};

WHIT_INLINE int32x4_t within(int32x4_t values, const OutputRange &range) {
  return vminq_s32(vmaxq_s32(values, vdupq_n_s32(range.low)), vdupq_n_s32(range.high));
}

// Four sums of products to four outputs, one a lane. The high product rounds halves up, as it should; the shift does, too,
// so that negative values are lowered by one beforehand where there is a shift.
struct ExactForm {
  static const int32_t words = 12;  // of a record

  // Clamped, unless narrowing with saturation does that.
  static int32x4_t outputs(int32x4_t sums, const int32_t *record, const OutputRange &range) {
    const int32x4_t shifts = vldrwq_s32(record + 8);
    int32x4_t value = vqrdmulhq_s32(vaddq_s32(sums, vldrwq_s32(record)), vldrwq_s32(record + 4));
    value = vqaddq_s32(value, vshrq_n_s32(vandq_s32(value, shifts), 31));
    return within(vaddq_n_s32(vrshlq_s32(value, shifts), range.zero), range);
  }

  static int32x4_t clamped(int32x4_t sums, const int32_t *record, const OutputRange &range) { return outputs(sums, record, range); }
};

struct StepsForm {
  static const int32_t words = 8;

  static int32x4_t outputs(int32x4_t sums, const int32_t *record, const OutputRange &) {
    return vshrq_n_s32(vrmulhq_s32(vmlaq_n_s32(vldrwq_s32(record), sums, 256), vldrwq_s32(record + 4)), 9);
  }

  static int32x4_t clamped(int32x4_t sums, const int32_t *record, const OutputRange &range) {
    return within(outputs(sums, record, range), range);
  }
};

// The lowest byte of each of the first `count` lanes.
WHIT_INLINE void store_bytes(int8_t *output, int32x4_t values, int32_t count) {
  vstrbq_p_s32(output, values, vctp32q(static_cast<uint32_t>(count)));
}

WHIT_INLINE int32x4_t four_lanes(int32_t first, int32_t second, int32_t third, int32_t fourth) {
  int32x4_t lanes;
  __asm__("vmov %q0[2], %q0[0], %1, %2\n\tvmov %q0[3], %q0[1], %3, %4"
          : "=&w"(lanes) : "r"(first), "r"(third), "r"(second), "r"(fourth));
  return lanes;
}

// `count` bytes, 0 or more.
WHIT_INLINE void copy_bytes(int8_t *to, const int8_t *from, int32_t count) {
  __asm__ volatile("wlstp.8 lr, %2, 2f\n1: vldrb.8 q0, [%1], #16\n\tvstrb.8 q0, [%0], #16\n\tletp lr, 1b\n2:"
                   : "+r"(to), "+r"(from) : "r"(count) : "lr", "q0", "memory");
}

WHIT_INLINE void fill_bytes(int8_t *to, int32_t value, int32_t count) {
  __asm__ volatile("vdup.8 q0, %2\n\twlstp.8 lr, %1, 2f\n1: vstrb.8 q0, [%0], #16\n\tletp lr, 1b\n2:"
                   : "+r"(to) : "r"(count), "r"(value) : "lr", "q0", "memory");
}

}  // namespace whit

#endif

#endif
