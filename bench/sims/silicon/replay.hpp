// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a published benchmark image, unmodified: starts it, loads an input over its UART, asks for one inference and counts
// what runs between the two reads of its timer.
#pragma once

#include <string>
#include <vector>

#include "bench/sims/protocol/chip.hpp"
#include "bench/sims/silicon/board_peripherals.hpp"
#include "bench/sims/unicorn/machine.hpp"

namespace whit::sims {

struct ReplayChip {
  Machine machine{};
  std::vector<Region> memory{};  // the flash, which holds the image and stands at address 0 too, first
  ChipPeripherals peripherals{};
};

// `input_bytes`: of the model's input, filled with noise. Throws SimError.
Counts replay(const ReplayChip &chip, const std::vector<uint8_t> &image, uint32_t input_bytes);

}  // namespace whit::sims
