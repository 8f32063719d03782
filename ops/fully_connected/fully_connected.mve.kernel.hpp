// SPDX-License-Identifier: Apache-2.0
// fully_connected for cores with Helium: four outputs at a time, whose weights come 16 of each in turn, padded to multiples of
// 16 and of four outputs. The loop's last round takes the lanes that are left of `depth` alone.
#ifndef WHIT_OPS_FULLY_CONNECTED_MVE_KERNEL_HPP
#define WHIT_OPS_FULLY_CONNECTED_MVE_KERNEL_HPP

#include "device/core/vectors.mve.hpp"

namespace whit {

#define WHIT_FULLY_CONNECTED_MVE_FIELDS(FIELD)                                 \
  FIELD(int32_t, rows) FIELD(int32_t, depth) FIELD(int32_t, outputs)           \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(FullyConnectedMveParameters, WHIT_FULLY_CONNECTED_MVE_FIELDS)

#if defined(__ARM_FEATURE_MVE)

WHIT_INLINE int32x4_t four_products(const int8_t *data, const int8_t *&weights, int32_t depth) {
  int32_t a = 0, b = 0, c = 0, d = 0;
  __asm__ volatile(
      "dlstp.8 lr, %[depth]\n"
      "1:\n\t"
      "vldrb.8 q0, [%[data]], #16\n\t"
      "vldrb.8 q1, [%[weights]], #16\n\tvmladava.s8 %[a], q0, q1\n\t"
      "vldrb.8 q2, [%[weights]], #16\n\tvmladava.s8 %[b], q0, q2\n\t"
      "vldrb.8 q1, [%[weights]], #16\n\tvmladava.s8 %[c], q0, q1\n\t"
      "vldrb.8 q2, [%[weights]], #16\n\tvmladava.s8 %[d], q0, q2\n\t"
      "letp lr, 1b"
      : [data] "+&r"(data), [weights] "+&r"(weights), [a] "+&Te"(a), [b] "+&Te"(b), [c] "+&Te"(c), [d] "+&Te"(d)
      : [depth] "r"(depth)
      : "lr", "q0", "q1", "q2", "memory");
  return four_lanes(a, b, c, d);
}

template <typename Form>
WHIT_KERNEL void fully_connected_mve(const FullyConnectedMveParameters *parameters, const int8_t *input, const int8_t *weights,
                                     const int32_t *records, int8_t *output) {
  const FullyConnectedMveParameters &p = *parameters;
  const OutputRange range = {p.output_zero, p.output_low, p.output_high};
  for (int32_t row = 0; row < p.rows; ++row, input += p.depth, output += p.outputs) {
    const int8_t *row_weights = weights;
    const int32_t *record = records;
    for (int32_t first = 0; first < p.outputs; first += 4, record += Form::words)
      store_bytes(output + first, Form::clamped(four_products(input, row_weights, p.depth), record, range), p.outputs - first);
  }
}

#endif

}  // namespace whit

#endif
