// SPDX-License-Identifier: GPL-2.0-or-later
// whit-check-silicon IMAGES [WORD]: replays the published firmware that published.json lists, from the folder IMAGES that
// holds the checked-out result repositories, on the boards of compiler/targets, and prints modelled against published
// cycles. With a WORD, only images whose path holds it. Exit code 1 when one lies outside its chip's bound.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "bench/sims/cortex_m/cortex_m.hpp"
#include "bench/sims/protocol/files.hpp"
#include "bench/sims/silicon/replay.hpp"

namespace whit::sims {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr size_t largest_image = 16u << 20;

json read_json(const fs::path &path) {
  std::ifstream stream(path);
  if (!stream) throw SimError("bad_file", path.string() + ": cannot be read");
  return json::parse(stream);
}

uint32_t number(const json &value) { return static_cast<uint32_t>(std::stoul(value.get<std::string>(), nullptr, 16)); }

// `changes`: where the measured board was set up otherwise than the board file's.
Region region_of(json memory, const json &changes) {
  memory.update(changes);
  return {.name = memory.at("name"), .kind = RegionKind::flash, .base = memory.at("base"), .size = memory.at("size"),
          .wait_states = memory.value("wait_states", 0u), .granule = memory.value("granule", 8u),
          .instruction_lines = memory.value("instruction_lines", 1u), .data_lines = memory.value("data_lines", 1u),
          .prefetch = memory.value("prefetch", false)};
}

ChipPeripherals peripherals_of(const json &chip) {
  ChipPeripherals peripherals;
  peripherals.uart = number(chip.at("uart"));
  peripherals.uart_vector = chip.at("uart_vector");
  for (const json &entry : chip.at("other_uarts")) peripherals.other_uarts.push_back(number(entry));
  for (const json &entry : chip.at("followers"))
    peripherals.followers.push_back({number(entry.at(0)), number(entry.at(1)), number(entry.at(2)), entry.at(3)});
  return peripherals;
}

ReplayChip read_chip(const json &chip, const fs::path &targets) {
  const json board = read_json(targets / "boards" / (chip.at("board").get<std::string>() + ".json"));
  const json core = read_json(targets / "cores" / (board.at("core").get<std::string>() + ".json"));
  ReplayChip result{.machine = cortex_m_machine(core.at("simulator").at("core")), .memory = {region_of(board.at("memories").at(0), chip.value("flash", json::object()))},
                    .peripherals = peripherals_of(chip)};
  for (const json &ram : chip.at("ram"))
    result.memory.push_back({.name = "ram", .kind = RegionKind::ram, .base = number(ram.at(0)), .size = number(ram.at(1))});
  return result;
}

// False when it lies outside the bound.
bool check(const json &program, const json &chip, const fs::path &images, const fs::path &targets) {
  const std::string path = program.at("image");
  if (!fs::exists(images / path)) {
    fmt::print("| {} | no such file |\n", path);
    return false;
  }
  const std::string task = program.at("task");
  const std::map<std::string, uint32_t> input_bytes = {{"kws", 490}, {"ic", 3072}, {"vww", 27648}, {"ad", 2560}};
  const double published = chip.at("clock_hz").get<double>() / program.at("inferences_per_second").get<double>();
  const std::string name = fmt::format("{} {} {} {}", chip.value("name", chip.at("board").get<std::string>()), program.at("submitter").get<std::string>(),
                                       program.at("round").get<std::string>(), task);
  try {
    const Counts counts = replay(read_chip(chip, targets), read_file((images / path).string(), "bad_file", largest_image), input_bytes.at(task));
    const double error = 100 * (static_cast<double>(counts.board_cycles) / published - 1);
    const bool within = std::abs(error) <= chip.at("bound_percent").get<double>();
    fmt::print("| {} | {:.3f} | {:.3f} | {:.3f} | {:.3f} | {:+.1f} % |{}\n", name, static_cast<double>(counts.instructions) / 1e6,
               static_cast<double>(counts.cycles) / 1e6, static_cast<double>(counts.board_cycles) / 1e6, published / 1e6, error,
               within ? "" : " outside the bound");
    std::cout.flush();
    return within;
  } catch (const SimError &error) {
    fmt::print("| {} | {}: {} at {:#x} |\n", name, error.kind(), error.what(), error.pc().value_or(0));
    return false;
  }
}

int run(const fs::path &images, const std::string &word) {
  const fs::path source = WHIT_SIMS_SOURCE_DIR;
  const json published = read_json(source / "silicon/published.json");
  fmt::print("| board, engine, round, task | instructions, millions | cycles | board cycles | published | error |\n|---|---|---|---|---|---|\n");
  bool all = true;
  for (const json &program : published.at("programs"))
    if (program.at("image").get<std::string>().find(word) != std::string::npos)
      all &= check(program, published.at("chips").at(program.at("chip").get<std::string>()), images, source / "../../compiler/targets");
  return all ? 0 : 1;
}

}  // namespace
}  // namespace whit::sims

int main(int count, char **arguments) {
  if (count < 2 || count > 3) {
    std::cerr << "usage: whit-check-silicon IMAGES [WORD]\nIMAGES holds checkouts of the MLPerf Tiny result repositories, such as tiny_results_v1.2\n";
    return 1;
  }
  try {
    return whit::sims::run(arguments[1], count == 3 ? arguments[2] : "");
  } catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
