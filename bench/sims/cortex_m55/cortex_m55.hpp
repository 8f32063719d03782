// SPDX-License-Identifier: GPL-2.0-or-later
// The Cortex-M55 that QEMU emulates, as a chip of the protocol.
#pragma once

#include <memory>

#include "bench/sims/cortex_m55/emulated_core.hpp"
#include "bench/sims/protocol/chip.hpp"
#include "bench/sims/protocol/request.hpp"

namespace whit::sims {

// Loads the firmware and resets the chip. `core` must stand still before its first block; both must outlive the chip.
// Throws SimError.
std::unique_ptr<Chip> make_cortex_m55(const Request &request, EmulatedCore &core);

}  // namespace whit::sims
