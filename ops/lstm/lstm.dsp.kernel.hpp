// SPDX-License-Identifier: Apache-2.0
// lstm on int8 for cores with DSP instructions: the four gates of a unit at once, two rows of weights in the lanes of a
// word as in device/core/matmul.dsp.hpp, zeros filling up rows to eights. Four values by four gates take 19 cycles on a
// Cortex-M4. Sums and products are
// bounded (the host has checked), so that one multiplication with rounding and one shift bring them to another scale.
#ifndef WHIT_OPS_LSTM_DSP_KERNEL_HPP
#define WHIT_OPS_LSTM_DSP_KERNEL_HPP

#include "device/core/lstm.hpp"
#include "device/core/requantize.dsp.hpp"
#include "device/core/widen.dsp.hpp"

namespace whit {

#if defined(__ARM_FEATURE_DSP)

// Products of two 16-bit numbers, to a scale that is at least twice as coarse.
struct LstmDspRequantize {
  WHIT_INLINE int32_t apply(int32_t product, int32_t multiplier, int8_t shift) { return requantize_down(product, multiplier, shift); }
  WHIT_INLINE int16_t narrow(int32_t value) { return static_cast<int16_t>(saturate<16>(value)); }
};

// The sums of the gates of a unit: of a pair of gates 256 times the first plus the second, and the second.
struct FourGates {
  int32_t input_forget, forget, update_shown, shown;
};

// Four widened values, 0 and 2 times the first and third word of weights, 1 and 3 times the others. One asm block because
// a compiler loads ahead until it spills.
template <int index>
WHIT_INLINE void add_four_products(FourGates &sums, const uint32_t *values, const int32_t *weights) {
  uint32_t even, odd, first, second, third, fourth;
  __asm__("ldr %4, [%10, %12]\n\t"
          "ldr %5, [%10, %12+4]\n\t"
          "ldr %6, [%11, %13]\n\t"
          "ldr %7, [%11, %13+4]\n\t"
          "ldr %8, [%11, %13+8]\n\t"
          "ldr %9, [%11, %13+12]\n\t"
          "smlad %0, %6, %4, %0\n\t"
          "smlad %2, %8, %4, %2\n\t"
          "sxtb16 %6, %6\n\t"
          "sxtb16 %8, %8\n\t"
          "smlad %0, %7, %5, %0\n\t"
          "smlad %2, %9, %5, %2\n\t"
          "sxtb16 %7, %7\n\t"
          "sxtb16 %9, %9\n\t"
          "smlad %1, %6, %4, %1\n\t"
          "smlad %3, %8, %4, %3\n\t"
          "smlad %1, %7, %5, %1\n\t"
          "smlad %3, %9, %5, %3"
          : "+r"(sums.input_forget), "+r"(sums.forget), "+r"(sums.update_shown), "+r"(sums.shown), "=&r"(even), "=&r"(odd),
            "=&r"(first), "=&r"(second), "=&r"(third), "=&r"(fourth)
          : "r"(values), "r"(weights), "i"(8 * index), "i"(16 * index), "m"(*reinterpret_cast<const uint32_t(*)[4]>(values)));
}

// The sums over values by eights; moves on to the weights that follow.
WHIT_INLINE FourGates four_gates(const int32_t *&weights, const uint32_t *values, int32_t eights) {
  FourGates sums = {0, 0, 0, 0};
  for (; eights != 0; --eights, values += 4, weights += 8) {
    add_four_products<0>(sums, values, weights);
    add_four_products<1>(sums, values, weights);
  }
  return sums;
}

WHIT_INLINE int32_t first_of_pair(int32_t both, int32_t second) {
  return static_cast<int32_t>(static_cast<uint32_t>(both) - static_cast<uint32_t>(second)) >> 8;
}

// `factor`: multiplier, shift to the left, shift to the right, half of what that one divides by.
WHIT_INLINE int32_t requantized_gate(int32_t sum, const int32_t *factor) {
  int32_t high = multiply_high(static_cast<int32_t>(static_cast<uint32_t>(sum) << factor[1]), factor[0]);
  if (factor[2] != 0) high += high >> 31;
  return saturate<16>((high + factor[3]) >> factor[2]);
}

// The argument of a gate from the sums over the input and over the hidden values, each with its bias and factor.
WHIT_INLINE int32_t gate_argument(int32_t of_input, int32_t of_hidden, const int32_t *bias, const int32_t *factors) {
  const int32_t first = requantized_gate(of_input + bias[0], factors), second = requantized_gate(of_hidden + bias[1], factors + 4);
  return saturate<16>(first + second) * 3;
}

// Not inlined, so that the code of a unit stays within the 1 KB that common flash accelerators cache.
WHIT_KERNEL int16_t logistic_gate(const int16_t *table, int32_t argument) { return logistic_of_argument(table, argument); }
WHIT_KERNEL int16_t tanh_gate(const int16_t *table, int32_t argument) { return tanh_of_argument(table, argument); }

struct LstmDsp {
  const LstmIntegerParameters &p;
  const int16_t *table;
  const int32_t *weights, *bias, *factors;
  uint32_t *values;

  WHIT_INLINE void step(const LstmDsp &layer, const int8_t *input, const int8_t *hidden, int16_t *cell, int8_t *output) {
    const int32_t *weights = layer.weights, *bias = layer.bias, *factors = layer.factors;
    const int32_t input_eights = (layer.p.inputs + 7) / 8, hidden_eights = (layer.p.units + 7) / 8;
    uint32_t *const hidden_values = layer.values + 4 * input_eights;
    widen_values(layer.values, input, layer.p.inputs);
    widen_values(hidden_values, hidden, layer.p.units);
    for (int16_t i = 0; i < layer.p.units; ++i, bias += 8) {
      const FourGates a = four_gates(weights, layer.values, input_eights), b = four_gates(weights, hidden_values, hidden_eights);
      const int32_t a_input = first_of_pair(a.input_forget, a.forget), b_input = first_of_pair(b.input_forget, b.forget);
      const int32_t a_update = first_of_pair(a.update_shown, a.shown), b_update = first_of_pair(b.update_shown, b.shown);
      LstmGates gates;
      gates.input = logistic_gate(layer.table, gate_argument(a_input, b_input, bias, factors));
      gates.forget = logistic_gate(layer.table, gate_argument(a.forget, b.forget, bias + 2, factors + 8));
      gates.update = tanh_gate(layer.table, gate_argument(a_update, b_update, bias + 4, factors + 16));
      gates.shown = logistic_gate(layer.table, gate_argument(a.shown, b.shown, bias + 6, factors + 24));
      cell[i] = lstm_next_cell<LstmDspRequantize>(layer.p, gates, cell[i]);
      const int16_t tanh_of_cell = tanh_gate(layer.table, lstm_tanh_argument(layer.p, cell[i]));
      output[i] = static_cast<int8_t>(lstm_shown<LstmDspRequantize>(layer.p, tanh_of_cell, gates.shown));
    }
  }
};

// `weights`: unit by unit, lanes of the input's rows, then of the recurrent ones; `bias` as in the portable kernel.
WHIT_KERNEL void lstm_int8_dsp(const LstmIntegerParameters *parameters, const int16_t *table, const int8_t *input,
                               const int32_t *weights, const int32_t *bias, const int32_t *factors, int8_t *hidden,
                               int16_t *cell, int8_t *output, int32_t *scratch) {
  const LstmDsp layer = {*parameters, table, weights, bias, factors, reinterpret_cast<uint32_t *>(scratch)};
  lstm_sequence(layer, input, hidden, cell, output);
}

#endif

}  // namespace whit

#endif
