// SPDX-License-Identifier: Apache-2.0
// cumsum, portable: sums of all values up to each along one axis. Data and output: outer x length x inner. Rules:
// docs/semantics.md, "Reductions".
#ifndef WHIT_OPS_CUMSUM_KERNEL_HPP
#define WHIT_OPS_CUMSUM_KERNEL_HPP

#include "device/core/requantize_sum.hpp"

namespace whit {

#define WHIT_CUMSUM_SHAPE(FIELD)                                                                       \
  FIELD(int32_t, outer) FIELD(int32_t, length) FIELD(int32_t, inner) FIELD(int8_t, exclusive) FIELD(int8_t, reverse)
WHIT_PARAMETERS(CumsumParameters, WHIT_CUMSUM_SHAPE)

#define WHIT_QUANTIZED_CUMSUM_FIELDS(FIELD)                                                     \
  WHIT_CUMSUM_SHAPE(FIELD) FIELD(int8_t, left_shift) FIELD(int8_t, input_shift) FIELD(int8_t, output_shift) \
  FIELD(int32_t, input_multiplier) FIELD(int32_t, output_multiplier) FIELD(int16_t, input_zero) FIELD(int16_t, output_zero)
WHIT_PARAMETERS(QuantizedCumsumParameters, WHIT_QUANTIZED_CUMSUM_FIELDS)

struct FloatRunning {
  typedef CumsumParameters Parameters;
  typedef float Element;
  typedef float Sum;
  WHIT_INLINE float start(const Parameters &) { return 0.0F; }
  WHIT_INLINE float take(const Parameters &, float sum, float value) { return sum + value; }
  WHIT_INLINE float finish(const Parameters &, float sum) { return sum; }
};

struct QuantizedRunning {
  typedef QuantizedCumsumParameters Parameters;
  typedef int8_t Element;
  typedef int32_t Sum;
  WHIT_INLINE int32_t scaled(const Parameters &p, int32_t stored) {
    return requantize((stored - p.input_zero) * (int32_t{1} << p.left_shift), p.input_multiplier, p.input_shift);
  }
  // As the reference has it, a sum starts with what a stored 0 stands for, and wraps at 32 bits.
  WHIT_INLINE int32_t start(const Parameters &p) { return scaled(p, 0); }
  WHIT_INLINE int32_t take(const Parameters &p, int32_t sum, int8_t value) { return wrapping_sum(sum, scaled(p, value)); }
  WHIT_INLINE int8_t finish(const Parameters &p, int32_t sum) {
    return static_cast<int8_t>(clamp(requantize(sum, p.output_multiplier, p.output_shift) + p.output_zero, -128, 127));
  }
};

template <typename Operation>
WHIT_KERNEL void cumsum(const typename Operation::Parameters *parameters, const typename Operation::Element *input,
                        typename Operation::Element *output) {
  WHIT_LOAD_PARAMETERS(typename Operation::Parameters, p, parameters);
  const ptrdiff_t inner = p.inner, block = inner * p.length;
  const ptrdiff_t first = p.reverse != 0 ? block - inner : 0, step = p.reverse != 0 ? -inner : inner;
  for (int32_t outer = 0; outer < p.outer; ++outer, input += block, output += block)
    for (ptrdiff_t column = 0; column < inner; ++column) {
      ptrdiff_t place = first + column;
      typename Operation::Sum sum = Operation::start(p);
      for (int32_t i = 0; i < p.length; ++i, place += step) {
        const typename Operation::Sum before = sum;
        sum = Operation::take(p, sum, input[place]);
        output[place] = Operation::finish(p, p.exclusive != 0 ? before : sum);
      }
    }
}

}  // namespace whit

#endif
