// SPDX-License-Identifier: Apache-2.0
// Packing for device/core/byte_matmul.hpp: weights and the constants of each output channel.
#pragma once

#include <optional>

#include "compiler/base/bytes.hpp"
#include "ops/op_def.hpp"

namespace whit {

struct ByteMatmulConstants {
  Bytes weights{};
  Bytes constants{};
};

// Weights plus 128, two channels in turns, where every channel reads all data (order output_first); as they are, channel
// by channel, in depthwise ones; in a channel window column by window column, where the weights have four axes. Nothing where the
// kernels cannot count the channels, or requantise exactly: sums below 2^22, shifts of 1 to 14 bits to the right, outputs
// clamped as int8 is.
std::optional<ByteMatmulConstants> byte_matmul_constants(const NodeView &node,
                                                         const std::vector<QuantizedMultiplier> &multipliers);

// The most values that a channel of byte_matmul can sum.
inline constexpr int64_t most_byte_values = 8 * 255 + 7;

}  // namespace whit
