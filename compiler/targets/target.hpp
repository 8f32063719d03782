// SPDX-License-Identifier: Apache-2.0
// A target as read from its data files: a board with its core and toolchain. docs/guide/add_a_target.md names each
// field; nothing here or elsewhere knows a chip by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "ops/features.hpp"

namespace whit {

enum class MemoryKind { flash, ram };

struct Memory {
  std::string name{};
  MemoryKind kind = MemoryKind::ram;
  uint64_t base = 0;
  uint64_t size = 0;      // bytes
  nlohmann::json data{};  // the whole entry, as the simulators read it
};

struct Toolchain {
  std::string name{};
  std::string compiler{};                     // program name, found on PATH
  std::vector<std::string> debian_packages{};  // what to install when it is missing
  std::vector<std::string> compile_flags{};
  std::vector<std::string> link_flags{};
  std::string startup{};  // which start-up code of bench/harness
};

struct Core {
  std::string name{};
  std::string summary{};
  std::vector<std::string> compiler_flags{};
  Features features{};
  int64_t alignment = 4;              // of the model's memory, bytes
  uint64_t memory_page = 4096;        // bytes; the simulator's memories begin at multiples of it
  std::optional<int64_t> constants_reach{};  // bytes from the flash's begin that pointers to constants reach; none: all
  nlohmann::json simulator{};         // {program, core}: which simulator, and what it is told of the core
  std::optional<std::string> cycles_error{};  // how far modelled cycles are from silicon; a board may say it of itself
  Toolchain toolchain{};
};

struct Target {
  std::string name{};
  std::string summary{};
  Core core{};
  std::optional<double> clock_hz{};
  std::vector<Memory> memories{};
  std::string memories_source{};
  std::optional<double> supply_volts{};
  // What the chip draws while it computes, and while it waits for the next run with its RAM kept. Each has the source of
  // its figure; what no source tells is left out.
  std::optional<double> active_milliwatts{};
  std::optional<double> active_power_error_percent{};
  std::string active_power_source{};
  std::optional<double> sleep_milliwatts{};
  std::string sleep_power_source{};

  // The main memory of that kind (the first), or null: a PC has none worth naming.
  const Memory *memory(MemoryKind kind) const;
};

// Names of all built-in targets, in alphabetical order.
std::vector<std::string> target_names();
bool is_target_name(const std::string &name);
// A built-in target by name, or one from a board file when `name` ends in ".json". UserError when there is none, with
// the names there are.
Target load_target(const std::string &name);
// Parses a board file's text. UserError with `place` when it is not JSON or lacks a field.
Target parse_target(std::string_view text, const std::string &name, const std::string &place);

}  // namespace whit
