// SPDX-License-Identifier: Apache-2.0
// Real scale factors as integer multiplier and shift: docs/semantics.md, "Requantisation".
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/graph.hpp"

namespace whit {

// value * real ~ value * multiplier * 2^(shift - 31), 2^30 <= multiplier < 2^31 (or 0 for a vanishing factor).
struct QuantizedMultiplier {
  int32_t multiplier = 0;
  int32_t shift = 0;
};

// `real` is not negative. Factors under 2^-32 become zero; those of 2^30 and more are a UserError.
QuantizedMultiplier quantize_multiplier(double real);

// UserError unless sums of 64 bits can be taken by it to 16: factors below 2^14.
void check_wide_factor(QuantizedMultiplier factor);

// One multiplier an output channel of conv-like operators: input scale * weight scale / output scale, in double.
// A per-tensor weight scale is repeated `channels` times.
std::vector<QuantizedMultiplier> channel_multipliers(const Tensor &input, const Tensor &weights, const Tensor &output,
                                                     int64_t channels);

std::vector<int32_t> multipliers_of(const std::vector<QuantizedMultiplier> &values);
std::vector<int8_t> shifts_of(const std::vector<QuantizedMultiplier> &values);

}  // namespace whit
