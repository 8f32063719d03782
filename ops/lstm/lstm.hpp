// SPDX-License-Identifier: Apache-2.0
// lstm: inputs data (batch x steps x inputs, or steps x batch x inputs where "time_major" is 1); weights units x inputs of
// the input, forget, cell and output gate; recurrent weights units x units of the same; their biases; hidden and cell state
// (batch x units, variables, also the last two outputs). Attribute "cell_clip" (real): the cells' largest size, 0 for none.
#pragma once

#include "ops/op_def.hpp"

namespace whit {

struct LstmSize {
  int64_t batches = 0, steps = 0, inputs = 0, units = 0;
};

LstmSize lstm_size(const NodeView &node);

namespace lstm_input {
inline constexpr size_t data = 0, weights = 1, recurrent = 5, bias = 9, hidden = 13, cell = 14;
}

}  // namespace whit
