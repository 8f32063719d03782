// SPDX-License-Identifier: Apache-2.0
// lstm, portable: a layer of long short-term memory over a sequence, from the hidden and cell state that the last run
// left. Weights lie unit by unit, four rows each: input, forget, cell and output gate. Rules: docs/semantics.md, "lstm".
#ifndef WHIT_OPS_LSTM_KERNEL_HPP
#define WHIT_OPS_LSTM_KERNEL_HPP

#include "device/core/float_math.hpp"
#include "device/core/requantize.hpp"
#include "device/core/sigmoid_table.hpp"

namespace whit {

// From a step of the sequence to the next, and from a batch to the next, data and outputs lie so many steps apart.
#define WHIT_LSTM_SIZE(FIELD)                                                                     \
  FIELD(int16_t, batches) FIELD(int16_t, steps) FIELD(int16_t, inputs) FIELD(int16_t, units)      \
  FIELD(int32_t, step_distance) FIELD(int32_t, batch_distance)

#define WHIT_LSTM_INTEGER_FIELDS(FIELD)                                                            \
  WHIT_LSTM_SIZE(FIELD)                                                                            \
  FIELD(int16_t, hidden_zero) FIELD(int16_t, hidden_low) FIELD(int16_t, hidden_high)               \
  FIELD(int16_t, cell_low) FIELD(int16_t, cell_high)                                               \
  FIELD(int32_t, forget_multiplier) FIELD(int32_t, input_multiplier) FIELD(int32_t, hidden_multiplier) \
  FIELD(int32_t, tanh_multiplier) FIELD(int8_t, forget_shift) FIELD(int8_t, input_shift)           \
  FIELD(int8_t, hidden_shift) FIELD(int8_t, tanh_shift)
WHIT_PARAMETERS(LstmIntegerParameters, WHIT_LSTM_INTEGER_FIELDS)

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
  for (int16_t i = 0; i < count; ++i) sum += data[i] * load(weights + i);
  return sum;
}

WHIT_INLINE int64_t lstm_sum(int64_t sum, const int16_t *data, const int8_t *weights, int16_t count) {
  for (int16_t i = 0; i < count; ++i) sum += static_cast<int32_t>(data[i]) * load(weights + i);
  return sum;
}

WHIT_INLINE int16_t saturate_int16(int32_t value) { return static_cast<int16_t>(clamp(value, INT16_MIN, INT16_MAX)); }

WHIT_INLINE int32_t lstm_requantize(int32_t sum, int32_t multiplier, int8_t shift) {
  return saturate_int16(requantize(sum, multiplier, shift));
}

// Of 64 bits with the multiplier rounded to 16, as everywhere (docs/semantics.md, "conv2d").
WHIT_INLINE int32_t lstm_requantize(int64_t sum, int32_t multiplier, int8_t shift) {
  const int32_t narrow = multiplier < 0x7FFF0000 ? (multiplier + (int32_t{1} << 15)) >> 16 : 0x7FFF;
  const int8_t right = static_cast<int8_t>(15 - shift);
  return saturate_int16(static_cast<int32_t>((sum * narrow + (int64_t{1} << (right - 1))) >> right));
}

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

// A cell's next value from its gates and its last one.
WHIT_INLINE int16_t lstm_next_cell(const LstmIntegerParameters &p, int16_t cell, int16_t input, int16_t forget, int16_t update) {
  const int32_t kept = lstm_requantize(static_cast<int32_t>(forget) * cell, p.forget_multiplier, p.forget_shift);
  const int32_t added = lstm_requantize(static_cast<int32_t>(input) * update, p.input_multiplier, p.input_shift);
  return static_cast<int16_t>(clamp(kept + added, p.cell_low, p.cell_high));
}

WHIT_INLINE int16_t lstm_tanh_of_cell(const LstmIntegerParameters &p, const int16_t *table, int16_t cell) {
  const int32_t half = p.tanh_shift > 0 ? int32_t{1} << (p.tanh_shift - 1) : 0;
  return tanh_of_argument(table, (cell * p.tanh_multiplier + half) >> p.tanh_shift);
}

// Data is int8_t with sums of 32 bits, or int16_t with 64. `multipliers` and `shifts`: a pair for each gate.
template <typename Data, typename Sum>
WHIT_KERNEL void lstm_integer(const LstmIntegerParameters *parameters, const int16_t *table, const Data *input,
                              const int8_t *input_weights, const int8_t *recurrent_weights, const Sum *bias,
                              const int32_t *multipliers, const int8_t *shifts, Data *hidden, int16_t *cell, Data *output) {
  WHIT_LOAD_PARAMETERS(LstmIntegerParameters, p, parameters);
  for (int16_t batch = 0; batch < p.batches; ++batch, hidden += p.units, cell += p.units)
    for (int16_t step = 0; step < p.steps; ++step) {
      const ptrdiff_t place = static_cast<ptrdiff_t>(batch * p.batch_distance + step * p.step_distance);
      const Data *in = input + place * p.inputs;
      Data *out = output + place * p.units;
      LstmUnit<int8_t, Sum> unit = {input_weights, recurrent_weights, bias};
      for (int16_t i = 0; i < p.units; ++i) {
        const int16_t input_gate = logistic_of_argument(table, lstm_gate(p, unit, in, hidden, multipliers, shifts));
        const int16_t forget = logistic_of_argument(table, lstm_gate(p, unit, in, hidden, multipliers + 2, shifts + 2));
        const int16_t update = tanh_of_argument(table, lstm_gate(p, unit, in, hidden, multipliers + 4, shifts + 4));
        const int16_t shown = logistic_of_argument(table, lstm_gate(p, unit, in, hidden, multipliers + 6, shifts + 6));
        cell[i] = lstm_next_cell(p, cell[i], input_gate, forget, update);
        const int32_t product = static_cast<int32_t>(lstm_tanh_of_cell(p, table, cell[i])) * shown;
        const int32_t value = requantize(product, p.hidden_multiplier, p.hidden_shift) + p.hidden_zero;
        out[i] = static_cast<Data>(clamp(value, p.hidden_low, p.hidden_high));
      }
      memcpy(hidden, out, static_cast<size_t>(p.units) * sizeof(Data));
    }
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

WHIT_KERNEL void lstm_float(const LstmFloatParameters *parameters, const float *input, const float *input_weights,
                            const float *recurrent_weights, const float *bias, float *hidden, float *cell, float *output) {
  WHIT_LOAD_PARAMETERS(LstmFloatParameters, p, parameters);
  for (int16_t batch = 0; batch < p.batches; ++batch, hidden += p.units, cell += p.units)
    for (int16_t step = 0; step < p.steps; ++step) {
      const ptrdiff_t place = static_cast<ptrdiff_t>(batch * p.batch_distance + step * p.step_distance);
      const float *in = input + place * p.inputs;
      float *out = output + place * p.units;
      LstmUnit<float, float> unit = {input_weights, recurrent_weights, bias};
      for (int16_t i = 0; i < p.units; ++i) {
        const float input_gate = logistic_float(lstm_float_gate(p, unit, in, hidden));
        const float forget = logistic_float(lstm_float_gate(p, unit, in, hidden));
        const float update = tanh_float(lstm_float_gate(p, unit, in, hidden));
        const float shown = logistic_float(lstm_float_gate(p, unit, in, hidden));
        cell[i] = clamp_float(forget * cell[i] + input_gate * update, -p.cell_clip, p.cell_clip);
        out[i] = tanh_float(cell[i]) * shown;
      }
      memcpy(hidden, out, static_cast<size_t>(p.units) * sizeof(float));
    }
}

}  // namespace whit

#endif
