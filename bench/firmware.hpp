// SPDX-License-Identifier: Apache-2.0
// Any firmware, from any engine, by the same ruler as a model that whit compiled: instructions, cycles, stack, flash, RAM
// and the functions that cost most, between two places in its code. The file is hostile input; the simulator checks it.
#pragma once

#include <filesystem>
#include <string>

#include "bench/measurement.hpp"

namespace whit {

struct FirmwareOptions {
  Target target{};
  std::filesystem::path file{};  // a 32-bit ELF file, or a raw image when `base` is set
  std::string base{};            // address of a raw image's first byte: "0x08000000"
  std::string from{};            // counting begins on the first arrival here: a symbol, "symbol+4" or an address
  std::string to{};              // and ends here; empty: where `from` returns to
  std::string vectors{};         // Cortex-M's vector table; empty: where the flash begins
  bool peripherals = false;      // a stand-in answers for them (bench/harness/README.md)
  DutyOptions duty{};
  std::string name{};            // what reports call it; empty: the file's stem
};

// Resets the chip, runs to `from`, measures to `to`. UserError when the file, a symbol or what the firmware does is at
// fault, and for a target that has no simulator.
Measurement measure_firmware(const FirmwareOptions &options);

}  // namespace whit
