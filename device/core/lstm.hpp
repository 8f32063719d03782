// SPDX-License-Identifier: Apache-2.0
// What the kernels of lstm share: the way through the sequence, and on integers a unit's next cell and output from its
// four gates. Rules: docs/semantics.md, "lstm".
#ifndef WHIT_DEVICE_CORE_LSTM_HPP
#define WHIT_DEVICE_CORE_LSTM_HPP

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

// Batch by batch, step by step. Layer: `p`, its sizes; `step(layer, input, hidden, cell, output)`, the outputs of all
// units at one step, with their cells; the hidden values are overwritten by these outputs afterwards.
template <typename Layer, typename Data, typename Cell>
WHIT_INLINE void lstm_sequence(const Layer &layer, const Data *input, Data *hidden, Cell *cell, Data *output) {
  for (int16_t batch = 0; batch < layer.p.batches; ++batch, hidden += layer.p.units, cell += layer.p.units)
    for (int16_t step = 0; step < layer.p.steps; ++step) {
      const ptrdiff_t place = static_cast<ptrdiff_t>(batch * layer.p.batch_distance + step * layer.p.step_distance);
      Data *out = output + place * layer.p.units;
      Layer::step(layer, input + place * layer.p.inputs, hidden, cell, out);
      memcpy(hidden, out, static_cast<size_t>(layer.p.units) * sizeof(Data));
    }
}

// A unit's gates, in 15 fraction bits: what of the input and of the past goes into the cell, what comes in, and how much
// of the cell is shown.
struct LstmGates {
  int16_t input, forget, update, shown;
};

// Requantize: how a product of 16-bit numbers comes to another scale, apply(product, multiplier, shift), and the nearest
// number of 16 bits.
template <typename Requantize>
WHIT_INLINE int16_t lstm_next_cell(const LstmIntegerParameters &p, const LstmGates &gates, int16_t cell) {
  const int32_t kept = Requantize::apply(static_cast<int32_t>(gates.forget) * cell, p.forget_multiplier, p.forget_shift);
  const int32_t added = Requantize::apply(static_cast<int32_t>(gates.input) * gates.update, p.input_multiplier, p.input_shift);
  const int32_t sum = static_cast<int32_t>(Requantize::narrow(kept)) + Requantize::narrow(added);  // not in an `int` of 16 bits
  return static_cast<int16_t>(clamp(sum, p.cell_low, p.cell_high));
}

WHIT_INLINE int32_t lstm_tanh_argument(const LstmIntegerParameters &p, int16_t cell) {
  const int32_t half = p.tanh_shift > 0 ? int32_t{1} << (p.tanh_shift - 1) : 0;
  return (cell * p.tanh_multiplier + half) >> p.tanh_shift;
}

// What the unit shows of its cell.
template <typename Requantize>
WHIT_INLINE int32_t lstm_shown(const LstmIntegerParameters &p, int16_t tanh_of_cell, int16_t shown) {
  const int32_t product = static_cast<int32_t>(tanh_of_cell) * shown;
  const int32_t value = Requantize::apply(product, p.hidden_multiplier, p.hidden_shift) + p.hidden_zero;
  return clamp(value, p.hidden_low, p.hidden_high);
}

}  // namespace whit

#endif
