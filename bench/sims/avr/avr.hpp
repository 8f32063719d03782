// SPDX-License-Identifier: GPL-3.0-or-later
// An AVR microcontroller, emulated by simavr one instruction at a time. Cycles are simavr's own, which are those of the
// data sheet. Interrupts and peripherals that need time do not run.
#pragma once

#include <memory>

#include "bench/sims/protocol/chip.hpp"
#include "bench/sims/protocol/request.hpp"

namespace whit::sims {

// `request` must outlive the chip. Throws SimError.
std::unique_ptr<Chip> make_avr(const Request &request);

}  // namespace whit::sims
