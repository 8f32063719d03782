// SPDX-License-Identifier: Apache-2.0
// softmax on int8 by a table of the exponentials of all differences to a row's largest value, which the host has computed
// as the plain kernel does. Rules: docs/semantics.md, "softmax".
#ifndef WHIT_OPS_SOFTMAX_TABLE_KERNEL_HPP
#define WHIT_OPS_SOFTMAX_TABLE_KERNEL_HPP

#include "device/core/softmax.hpp"

namespace whit {

#define WHIT_SOFTMAX_TABLE_FIELDS(FIELD) FIELD(int32_t, rows) FIELD(int32_t, depth)
WHIT_PARAMETERS(SoftmaxTableParameters, WHIT_SOFTMAX_TABLE_FIELDS)

// Exponentials of 0, -1, ... -255 steps in Q0.31.
WHIT_INLINE int32_t tabled_exp(const int32_t *exponentials, int8_t largest, int8_t value) {
  return load(exponentials + static_cast<uint8_t>(largest - value));
}

// Each exponential's share of the sum in 1/256ths; 0 of so large a sum that it leaves less than half of one.
WHIT_INLINE void tabled_shares(const int32_t *exponentials, Reciprocal sum, int8_t largest, const int8_t *row, ptrdiff_t depth,
                               int8_t *output) {
  const int8_t exponent = static_cast<int8_t>(sum.exponent + 23);
  const uint32_t half = uint32_t{1} << (exponent - 1);
  for (ptrdiff_t i = 0; i < depth; ++i) {
    const uint32_t product = static_cast<uint32_t>(doubling_high_multiply(sum.reciprocal, tabled_exp(exponentials, largest, row[i])));
    const uint32_t share = exponent > 31 ? 0 : (product + half) >> exponent;
    output[i] = static_cast<int8_t>(static_cast<int16_t>(share > 255 ? 255 : share) - 128);
  }
}

WHIT_KERNEL void softmax_int8_table(const SoftmaxTableParameters *parameters, const int32_t *exponentials, const int8_t *input,
                                    int8_t *output) {
  WHIT_LOAD_PARAMETERS(SoftmaxTableParameters, p, parameters);
  const uint32_t half = uint32_t{1} << (softmax_sum_integer_bits - 1);
  const ptrdiff_t depth = p.depth;
  for (int32_t row = 0; row < p.rows; ++row, input += depth, output += depth) {
    const int8_t largest = largest_of(input, depth);
    uint32_t sum = 0;
    for (ptrdiff_t i = 0; i < depth; ++i)
      sum += (static_cast<uint32_t>(tabled_exp(exponentials, largest, input[i])) + half) >> softmax_sum_integer_bits;
    tabled_shares(exponentials, reciprocal_of(static_cast<int32_t>(sum), softmax_sum_integer_bits), largest, input, depth, output);
  }
}

}  // namespace whit

#endif
