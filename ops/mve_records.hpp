// SPDX-License-Identifier: Apache-2.0
// Constants of output channels for device/core/vectors.mve.hpp.
#pragma once

#include <vector>

#include "ops/kernel.hpp"
#include "ops/quantized_multiplier.hpp"

namespace whit {

// Whether Helium kernels requantise by these factors: none shifts to the left.
bool mve_requantizes(const std::vector<QuantizedMultiplier> &multipliers);

// The records of a node with int8 weights, channel by channel in `order` (-1: none, zeros), four a record; and the form they
// have: the steps where they are proven for all channels, else the exact one.
struct MveRecords {
  const char *form = nullptr;  // name of the device's type
  KernelConstant constant{};
};

MveRecords mve_records(const NodeView &node, const std::vector<QuantizedMultiplier> &multipliers, const std::vector<int64_t> &order);

// 0, 1, ... up to a multiple of four; -1 from `channels` on.
std::vector<int64_t> channels_in_fours(int64_t channels);


}  // namespace whit
