// SPDX-License-Identifier: Apache-2.0
// lstm: inputs data (batch x steps x inputs, or steps x batch x inputs where "time_major" is 1); weights units x inputs of
// the input, forget, cell and output gate; recurrent weights units x units of the same; their biases; hidden and cell state
// (batch x units, variables, also the last two outputs). Attribute "cell_clip" (real): the cells' largest size, 0 for none.
#pragma once

#include "device/core/lstm.hpp"
#include "ops/op_def.hpp"

namespace whit {

struct LstmSize {
  int64_t batches = 0, steps = 0, inputs = 0, units = 0;
};

LstmSize lstm_size(const NodeView &node);

inline constexpr size_t lstm_gate_count = 4;

// What the integer kernels share. Data of int8 with sums of 32 bits:
bool lstm_is_int8(const NodeView &node);
LstmIntegerParameters lstm_integer_parameters(const NodeView &node);
// By unit and gate: of the input's sum, of the recurrent one, with what the zero points add.
std::vector<int32_t> lstm_biases(const NodeView &node);
// By gate: from the input's sums and from the recurrent ones to the gates' scale.
std::vector<QuantizedMultiplier> lstm_gate_multipliers(const NodeView &node);

namespace lstm_input {
inline constexpr size_t data = 0, weights = 1, recurrent = 5, bias = 9, hidden = 13, cell = 14;
}

}  // namespace whit
