// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// One request, read and checked: the firmware, the chip it runs on, what to feed it and what to measure. The meaning
// of each member stands in bench/sims/README.md.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bench/sims/protocol/elf_image.hpp"
#include "bench/sims/protocol/function_map.hpp"

namespace whit::sims {

enum class RegionKind { flash, ram };

struct Region {
  std::string name;
  RegionKind kind = RegionKind::ram;
  uint32_t base = 0;
  uint32_t size = 0;               // bytes
  uint32_t wait_states = 0;        // stall cycles of a fetch or load that misses
  uint32_t granule = 0;            // bytes that one flash access brings; a power of two
  uint32_t instruction_lines = 0;  // granules that the instruction side keeps
  uint32_t data_lines = 0;         // granules that the data side keeps
  bool prefetch = false;           // the next granule in sequence arrives in time

  bool contains(uint32_t address, uint64_t bytes) const {
    return address >= base && uint64_t{address} + bytes <= uint64_t{base} + size;
  }
};

// `bytes` of each sample go from a file to memory before a run, or from memory to a file after it.
struct Transfer {
  uint32_t address = 0;
  uint32_t bytes = 0;
  std::string file;
};

struct Dump {
  std::optional<size_t> marker;  // none: where measuring ends
  uint32_t sample = 0;
  uint32_t address = 0;
  uint32_t bytes = 0;
};

struct StackRegion {
  uint32_t base = 0;
  uint32_t size = 0;
};

struct Request {
  ElfImage image;
  nlohmann::json core;  // read by the simulator, each has its own
  std::vector<Region> memory;
  std::optional<uint32_t> stop;     // none: one sample, which ends where measuring ends
  std::optional<uint32_t> vectors;  // where the vector table lies; none: where the flash begins
  uint32_t measure_from = 0;
  std::optional<uint32_t> measure_to;  // none: the return address found on arrival at `measure_from`
  std::vector<uint32_t> markers;
  bool peripherals = false;  // answer for them; without, touching them is an error
  bool profile = false;  // count by function too
  FunctionMap functions;  // empty without `profile`
  std::vector<Transfer> inputs;
  std::vector<Transfer> outputs;
  uint32_t samples = 1;
  uint32_t count_samples = 1;
  std::vector<Dump> dumps;
  uint64_t instruction_limit = 0;  // a sample
  std::optional<StackRegion> stack;
};

// Reads the firmware too, since addresses may name its symbols. `machine` is the ELF machine that the simulator runs.
// Throws SimError: `bad_request`, `bad_firmware`, `unknown_symbol`.
Request read_request(const nlohmann::json &json, uint16_t machine);

// Where a Cortex-M finds its vectors and a RISC-V core its first instruction: where the request says, else where the flash
// begins; where the firmware leaves that place to a boot loader, where its lowest bytes in flash lie. Throws `bad_request`.
uint32_t firmware_start(const Request &request);

}  // namespace whit::sims
