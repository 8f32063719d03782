// SPDX-License-Identifier: Apache-2.0
// batch_matmul, portable: out[b][i][j] = sum over k of first[b][i][k] * second[b][k][j], either matrix also transposed;
// leading axes broadcast. Rules: docs/semantics.md, "batch_matmul".
#ifndef WHIT_OPS_BATCH_MATMUL_KERNEL_HPP
#define WHIT_OPS_BATCH_MATMUL_KERNEL_HPP

#include "device/core/requantize_sum.hpp"
#include "device/core/source.hpp"

namespace whit {

// Steps in elements, along the rows, columns and summed axis of each matrix.
#define WHIT_MATMUL_SIZE(FIELD)                                                              \
  FIELD(int32_t, batches) FIELD(int32_t, rows) FIELD(int32_t, depth) FIELD(int32_t, columns) \
  FIELD(int32_t, first_row) FIELD(int32_t, first_depth) FIELD(int32_t, second_depth) FIELD(int32_t, second_column)

#define WHIT_FLOAT_MATMUL_FIELDS(FIELD) WHIT_MATMUL_SIZE(FIELD)
WHIT_PARAMETERS(FloatMatmulParameters, WHIT_FLOAT_MATMUL_FIELDS)

#define WHIT_INTEGER_MATMUL_FIELDS(FIELD)                                                            \
  WHIT_MATMUL_SIZE(FIELD) FIELD(int32_t, multiplier) FIELD(int16_t, shift) FIELD(int16_t, first_zero) \
  FIELD(int16_t, second_zero) FIELD(int16_t, output_zero)
WHIT_PARAMETERS(IntegerMatmulParameters, WHIT_INTEGER_MATMUL_FIELDS)

struct FloatMatmul {
  typedef FloatMatmulParameters Parameters;
  typedef float Element;
  typedef float Sum;
  WHIT_INLINE float product(const Parameters &, float a, float b) { return a * b; }
  WHIT_INLINE float finish(const Parameters &, float sum) { return sum; }
};

struct Int8Matmul {
  typedef IntegerMatmulParameters Parameters;
  typedef int8_t Element;
  typedef int32_t Sum;
  WHIT_INLINE int32_t product(const Parameters &p, int8_t a, int8_t b) {
    return (static_cast<int32_t>(a) - p.first_zero) * (static_cast<int32_t>(b) - p.second_zero);
  }
  WHIT_INLINE int8_t finish(const Parameters &p, int32_t sum) {
    return static_cast<int8_t>(clamp(requantize(sum, p.multiplier, p.shift) + p.output_zero, -128, 127));
  }
};

struct Int16Matmul {
  typedef IntegerMatmulParameters Parameters;
  typedef int16_t Element;
  typedef int64_t Sum;
  WHIT_INLINE int32_t product(const Parameters &, int16_t a, int16_t b) { return static_cast<int32_t>(a) * b; }
  WHIT_INLINE int16_t finish(const Parameters &p, int64_t sum) {
    return static_cast<int16_t>(clamp(requantize_sum(sum, p.multiplier, static_cast<int8_t>(p.shift)), -32768, 32767));
  }
};

// `begins`: where each batch's matrices begin, the first's and the second's.
template <typename Operation, typename First, typename Second>
WHIT_KERNEL void batch_matmul(const typename Operation::Parameters *parameters, const int32_t *begins,
                              const typename Operation::Element *first, const typename Operation::Element *second,
                              typename Operation::Element *output) {
  WHIT_LOAD_PARAMETERS(typename Operation::Parameters, p, parameters);
  for (int32_t batch = 0; batch < p.batches; ++batch)
    for (int32_t i = 0; i < p.rows; ++i)
      for (int32_t j = 0; j < p.columns; ++j) {
        const typename Operation::Element *a = first + load(begins + 2 * batch) + static_cast<ptrdiff_t>(i) * p.first_row;
        const typename Operation::Element *b =
            second + load(begins + 2 * batch + 1) + static_cast<ptrdiff_t>(j) * p.second_column;
        typename Operation::Sum sum = 0;
        for (int32_t k = 0; k < p.depth; ++k, a += p.first_depth, b += p.second_depth)
          sum += Operation::product(p, First::read(a), Second::read(b));
        *output++ = Operation::finish(p, sum);
      }
}

}  // namespace whit

#endif
