// SPDX-License-Identifier: Apache-2.0
// How DSP kernels come back from a sum of 16-bit data times 8-bit weights to 16 bits: one multiplication and saturation.
//
// The reference is y = clamp((sum * n + 2^(r-1)) >> r) with a factor n of 15 bits and r = 15 - shift
// (device/core/requantize_sum.hpp). Where the sum fits 32 bits and 16 <= r <= 32, that is high_half(sum * m + 2^31) with
// m = n * 2^(32-r) < 2^31, which SMMULR computes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ops/kernel.hpp"

namespace whit {

struct Int16DspRequantize {
  bool positive = false;  // negative outputs become 0 (ReLU), else all of int16 is let through
  std::vector<int32_t> biases{}, multipliers{};  // one an output channel
};

// Nothing where some channel's sum may leave 32 bits or its factor is outside [2^-18, 1/2), where the model's bias has 32
// bits (another rule), and where the activation clips otherwise. The node is one that weighted_sum_int16_kernel fits.
std::optional<Int16DspRequantize> int16_dsp_requantize(const NodeView &node);

}  // namespace whit
