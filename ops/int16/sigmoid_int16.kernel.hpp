// SPDX-License-Identifier: Apache-2.0
// logistic, tanh and leaky_relu on 16 bits, portable. The first two read one table of 1 / (1 + e^-x) in steps of 1/24,
// whose entries are unsigned, and interpolate. Rules: docs/semantics.md, "Activations".
#ifndef WHIT_OPS_SIGMOID_INT16_KERNEL_HPP
#define WHIT_OPS_SIGMOID_INT16_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/unary.hpp"

namespace whit {

#define WHIT_SIGMOID_INT16_FIELDS(FIELD) FIELD(int32_t, count) FIELD(int32_t, multiplier) FIELD(int8_t, left_shift)
WHIT_PARAMETERS(SigmoidInt16Parameters, WHIT_SIGMOID_INT16_FIELDS)

#define WHIT_LEAKY_RELU_INT16_FIELDS(FIELD)                                                          \
  FIELD(int32_t, count) FIELD(int32_t, multiplier) FIELD(int32_t, alpha_multiplier) FIELD(int8_t, shift) \
  FIELD(int8_t, alpha_shift) FIELD(int8_t, alpha_is_negative)
WHIT_PARAMETERS(LeakyReluInt16Parameters, WHIT_LEAKY_RELU_INT16_FIELDS)

// The argument in 1/12288ths, |argument| cut into a table index and `bits` bits between two entries; the interpolated
// entry with as many more bits. `at_end` stands for everything behind the table.
template <int bits>
WHIT_INLINE int32_t interpolated(const int16_t *table, int32_t argument, int32_t at_end) {
  const uint32_t size = static_cast<uint32_t>(argument < 0 ? -argument : argument);
  const uint32_t index = size >> bits;
  if (index >= 255) return at_end;
  const int32_t lower = static_cast<uint16_t>(load(table + index)), upper = static_cast<uint16_t>(load(table + index + 1));
  return lower * (int32_t{1} << bits) + static_cast<int32_t>(size & ((1U << bits) - 1)) * (upper - lower);
}

WHIT_INLINE int32_t sigmoid_argument(const SigmoidInt16Parameters &p, int16_t value) {
  const int32_t half = p.left_shift > 0 ? int32_t{1} << (p.left_shift - 1) : 0;
  return (value * p.multiplier + half) >> p.left_shift;
}

// The output has 15 fraction bits.
WHIT_KERNEL void logistic_int16(const SigmoidInt16Parameters *parameters, const int16_t *table, const int16_t *input,
                                int16_t *output) {
  WHIT_LOAD_PARAMETERS(SigmoidInt16Parameters, p, parameters);
  for (int32_t i = 0; i < p.count; ++i) {
    const int32_t argument = sigmoid_argument(p, input[i]);
    const int32_t of_size = interpolated<9>(table, argument, int32_t{0x7FFF} << 10), half = int32_t{1} << 9;
    output[i] = static_cast<int16_t>((argument >= 0 ? of_size + half : (int32_t{1} << 25) - of_size + half - 1) >> 10);
  }
}

// tanh(x) = 2 logistic(2x) - 1, the doubled argument by reading the table twice as fast.
WHIT_KERNEL void tanh_int16(const SigmoidInt16Parameters *parameters, const int16_t *table, const int16_t *input,
                            int16_t *output) {
  WHIT_LOAD_PARAMETERS(SigmoidInt16Parameters, p, parameters);
  for (int32_t i = 0; i < p.count; ++i) {
    const int32_t argument = sigmoid_argument(p, input[i]);
    const int32_t of_size = interpolated<8>(table, argument, int32_t{0xFFFF} << 8);
    const int32_t middle = int32_t{1} << 23, half = int32_t{1} << 7;
    output[i] = static_cast<int16_t>((argument >= 0 ? of_size - middle + half : middle - of_size + half - 1) >> 8);
  }
}

struct LeakyReluInt16 {
  typedef LeakyReluInt16Parameters Parameters;
  typedef int16_t Input;
  typedef int16_t Output;
  WHIT_INLINE int16_t apply(const Parameters &p, int16_t value) {
    int32_t scaled;
    if (value >= 0) {
      scaled = requantize(value, p.multiplier, p.shift);
    } else {
      scaled = requantize(value, p.alpha_multiplier, p.alpha_shift);
      if (p.alpha_is_negative != 0) scaled = -scaled;
    }
    return static_cast<int16_t>(clamp(scaled, INT16_MIN, INT16_MAX));
  }
};

}  // namespace whit

#endif
