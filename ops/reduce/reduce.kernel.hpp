// SPDX-License-Identifier: Apache-2.0
// reduce_max, reduce_min and sum, portable, over any axes: for each output value a walk over the values behind it.
// An Operation names its Parameters, Element and Sum, and has start(), take(sum, element) and finish(parameters, sum).
// Rules: docs/semantics.md, "Reductions".
#ifndef WHIT_OPS_REDUCE_KERNEL_HPP
#define WHIT_OPS_REDUCE_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/strided.hpp"

namespace whit {

#define WHIT_REDUCE_FIELDS(FIELD) FIELD(int32_t, count)  // of the values behind each output
WHIT_PARAMETERS(ReduceParameters, WHIT_REDUCE_FIELDS)

#define WHIT_QUANTIZED_REDUCE_FIELDS(FIELD)                                                              \
  FIELD(int32_t, zero_sum) FIELD(int32_t, multiplier) FIELD(int16_t, shift) FIELD(int16_t, output_zero) \
  FIELD(int16_t, low) FIELD(int16_t, high)
WHIT_PARAMETERS(QuantizedReduceParameters, WHIT_QUANTIZED_REDUCE_FIELDS)

template <typename T, bool largest>
struct Extreme {
  typedef ReduceParameters Parameters;
  typedef T Element;
  typedef T Sum;
  WHIT_INLINE T start(T first) { return first; }
  WHIT_INLINE T take(T best, T value) { return (largest ? value > best : value < best) ? value : best; }
  WHIT_INLINE T finish(const Parameters &, T best) { return best; }
};

// 1 where every value is other than 0.
struct AllTrue {
  typedef ReduceParameters Parameters;
  typedef uint8_t Element;
  typedef uint8_t Sum;
  WHIT_INLINE uint8_t start(uint8_t) { return 1; }
  WHIT_INLINE uint8_t take(uint8_t all, uint8_t value) { return value != 0 ? all : uint8_t{0}; }
  WHIT_INLINE uint8_t finish(const Parameters &, uint8_t all) { return all; }
};

struct FloatTotal {
  typedef ReduceParameters Parameters;
  typedef float Element;
  typedef float Sum;
  WHIT_INLINE float start(float) { return 0.0F; }
  WHIT_INLINE float take(float sum, float value) { return sum + value; }
  WHIT_INLINE float finish(const Parameters &, float sum) { return sum; }
};

struct FloatAverage : FloatTotal {
  WHIT_INLINE float finish(const Parameters &p, float sum) { return sum / static_cast<float>(p.count); }
};

template <typename T>
struct QuantizedTotal {
  typedef QuantizedReduceParameters Parameters;
  typedef T Element;
  typedef int32_t Sum;
  WHIT_INLINE int32_t start(T) { return 0; }
  WHIT_INLINE int32_t take(int32_t sum, T value) { return sum + value; }
  WHIT_INLINE T finish(const Parameters &p, int32_t sum) {
    const int32_t scaled = requantize(sum - p.zero_sum, p.multiplier, p.shift);
    return static_cast<T>(clamp(scaled + p.output_zero, p.low, p.high));
  }
};

// `kept`: the output in order with the input's strides; `reduced`: the axes that go, with the input's strides.
template <typename Operation>
WHIT_KERNEL void reduce(const typename Operation::Parameters *parameters, const int32_t *kept, const int32_t *reduced,
                        const typename Operation::Element *input, typename Operation::Element *output) {
  WHIT_LOAD_PARAMETERS(typename Operation::Parameters, p, parameters);
  StridedWalk<1> outer(kept);
  do {
    for (int32_t column = 0; column < outer.row_length(); ++column) {
      const typename Operation::Element *data = input + outer.offset(0) + column * outer.row_stride(0);
      typename Operation::Sum sum = Operation::start(*data);
      StridedWalk<1> inner(reduced);
      do {
        const typename Operation::Element *in = data + inner.offset(0);
        for (int32_t i = 0; i < inner.row_length(); ++i, in += inner.row_stride(0)) sum = Operation::take(sum, *in);
      } while (inner.next_row());
      *output++ = Operation::finish(p, sum);
    }
  } while (outer.next_row());
}

}  // namespace whit

#endif
