// SPDX-License-Identifier: Apache-2.0
// lstm, portable: a layer of long short-term memory over a sequence, from the hidden and cell state that the last run
// left. Weights lie unit by unit, four rows each: input, forget, cell and output gate. Rules: docs/semantics.md, "lstm".
#ifndef WHIT_OPS_LSTM_KERNEL_HPP
#define WHIT_OPS_LSTM_KERNEL_HPP

#include "device/core/float_math.hpp"
#include "device/core/lstm.hpp"
#include "device/core/requantize_sum.hpp"

namespace whit {

#define WHIT_LSTM_FLOAT_FIELDS(FIELD) WHIT_LSTM_SIZE(FIELD) FIELD(float, cell_clip)
WHIT_PARAMETERS(LstmFloatParameters, WHIT_LSTM_FLOAT_FIELDS)

// The weights of the next unit: both kinds have four rows, biases and factors a pair for each gate.
template <typename Weight, typename Sum>
struct LstmUnit {
  const Weight *input_weights;
  const Weight *recurrent_weights;
  const Sum *bias;  // of the input's sum, of the recurrent one
};

// Products of bytes fit `int` on every chip.
WHIT_INLINE int32_t lstm_sum(int32_t sum, const int8_t *data, const int8_t *weights, int16_t count) {
  for (int16_t i = 0; i < count; ++i) sum = wrapping_sum(sum, data[i] * load(weights + i));
  return sum;
}

WHIT_INLINE int64_t lstm_sum(int64_t sum, const int16_t *data, const int8_t *weights, int16_t count) {
  for (int16_t i = 0; i < count; ++i) sum = wrapping_sum(sum, static_cast<int64_t>(static_cast<int32_t>(data[i]) * load(weights + i)));
  return sum;
}

WHIT_INLINE int16_t saturate_int16(int32_t value) { return static_cast<int16_t>(clamp(value, INT16_MIN, INT16_MAX)); }

template <typename Sum>
WHIT_INLINE int32_t lstm_requantize(Sum sum, int32_t multiplier, int8_t shift) {
  return saturate_int16(requantize_sum(sum, multiplier, shift));
}

// How products come to another scale.
struct LstmRequantize {
  WHIT_INLINE int32_t apply(int32_t product, int32_t multiplier, int8_t shift) { return requantize(product, multiplier, shift); }
  WHIT_INLINE int16_t narrow(int32_t value) { return saturate_int16(value); }
};

// The argument of a unit's next gate, in 1/12288ths; moves on to the gate after it.
template <typename Data, typename Sum>
WHIT_INLINE int32_t lstm_gate(const LstmIntegerParameters &p, LstmUnit<int8_t, Sum> &unit, const Data *input,
                              const Data *hidden, const int32_t *multipliers, const int8_t *shifts) {
  const Sum of_input = lstm_sum(load(unit.bias), input, unit.input_weights, p.inputs);
  const Sum of_hidden = lstm_sum(load(unit.bias + 1), hidden, unit.recurrent_weights, p.units);
  unit.input_weights += p.inputs;
  unit.recurrent_weights += p.units;
  unit.bias += 2;
  const int32_t sum = lstm_requantize(of_input, load(multipliers), load(shifts)) +
                      lstm_requantize(of_hidden, load(multipliers + 1), load(shifts + 1));
  return saturate_int16(sum) * int32_t{3};
}

// Data is int8_t with sums of 32 bits, or int16_t with 64. `multipliers` and `shifts`: a pair for each gate.
template <typename Data, typename Sum>
struct LstmInteger {
  const LstmIntegerParameters &p;
  const int16_t *table;
  LstmUnit<int8_t, Sum> first;
  const int32_t *multipliers;
  const int8_t *shifts;

  WHIT_INLINE void step(const LstmInteger &layer, const Data *input, const Data *hidden, int16_t *cell, Data *output) {
    LstmUnit<int8_t, Sum> unit = layer.first;
    for (int16_t i = 0; i < layer.p.units; ++i) {
      LstmGates gates;
      gates.input = logistic_of_argument(layer.table, lstm_gate(layer.p, unit, input, hidden, layer.multipliers, layer.shifts));
      gates.forget = logistic_of_argument(layer.table, lstm_gate(layer.p, unit, input, hidden, layer.multipliers + 2, layer.shifts + 2));
      gates.update = tanh_of_argument(layer.table, lstm_gate(layer.p, unit, input, hidden, layer.multipliers + 4, layer.shifts + 4));
      gates.shown = logistic_of_argument(layer.table, lstm_gate(layer.p, unit, input, hidden, layer.multipliers + 6, layer.shifts + 6));
      cell[i] = lstm_next_cell<LstmRequantize>(layer.p, gates, cell[i]);
      const int16_t tanh_of_cell = tanh_of_argument(layer.table, lstm_tanh_argument(layer.p, cell[i]));
      output[i] = static_cast<Data>(lstm_shown<LstmRequantize>(layer.p, tanh_of_cell, gates.shown));
    }
  }
};

template <typename Data, typename Sum>
WHIT_KERNEL void lstm_integer(const LstmIntegerParameters *parameters, const int16_t *table, const Data *input,
                              const int8_t *input_weights, const int8_t *recurrent_weights, const Sum *bias,
                              const int32_t *multipliers, const int8_t *shifts, Data *hidden, int16_t *cell, Data *output) {
  WHIT_LOAD_PARAMETERS(LstmIntegerParameters, p, parameters);
  const LstmInteger<Data, Sum> layer = {p, table, {input_weights, recurrent_weights, bias}, multipliers, shifts};
  lstm_sequence(layer, input, hidden, cell, output);
}

WHIT_INLINE float lstm_float_sum(const float *data, const float *weights, int16_t count) {
  float sum = 0.0F;
  for (int16_t i = 0; i < count; ++i) sum += data[i] * load(weights + i);
  return sum;
}

WHIT_INLINE float lstm_float_gate(const LstmFloatParameters &p, LstmUnit<float, float> &unit, const float *input,
                                  const float *hidden) {
  const float of_input = lstm_float_sum(input, unit.input_weights, p.inputs) + load(unit.bias);
  const float of_hidden = lstm_float_sum(hidden, unit.recurrent_weights, p.units);
  unit.input_weights += p.inputs;
  unit.recurrent_weights += p.units;
  ++unit.bias;
  return of_input + of_hidden;
}

struct LstmFloat {
  const LstmFloatParameters &p;
  LstmUnit<float, float> first;

  WHIT_INLINE void step(const LstmFloat &layer, const float *input, const float *hidden, float *cell, float *output) {
    LstmUnit<float, float> unit = layer.first;
    for (int16_t i = 0; i < layer.p.units; ++i) {
      const float input_gate = logistic_float(lstm_float_gate(layer.p, unit, input, hidden));
      const float forget = logistic_float(lstm_float_gate(layer.p, unit, input, hidden));
      const float update = tanh_float(lstm_float_gate(layer.p, unit, input, hidden));
      const float shown = logistic_float(lstm_float_gate(layer.p, unit, input, hidden));
      cell[i] = clamp_float(forget * cell[i] + input_gate * update, -layer.p.cell_clip, layer.p.cell_clip);
      output[i] = tanh_float(cell[i]) * shown;
    }
  }
};

WHIT_KERNEL void lstm_float(const LstmFloatParameters *parameters, const float *input, const float *input_weights,
                            const float *recurrent_weights, const float *bias, float *hidden, float *cell, float *output) {
  WHIT_LOAD_PARAMETERS(LstmFloatParameters, p, parameters);
  const LstmFloat layer = {p, {input_weights, recurrent_weights, bias}};
  lstm_sequence(layer, input, hidden, cell, output);
}

}  // namespace whit

#endif
