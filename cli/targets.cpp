// SPDX-License-Identifier: Apache-2.0
// whit targets: what is known of each board, and where from.
#include <iostream>

#include <fmt/ranges.h>

#include "bench/link_script.hpp"
#include "cli/commands.hpp"
#include "compiler/base/table.hpp"
#include "compiler/targets/target.hpp"

namespace whit {

namespace {

std::string size_text(const Memory *memory) { return memory == nullptr ? "-" : with_separators(static_cast<int64_t>(memory->size)); }

ExitCode list_targets() {
  Table table({"target", "core", "features", "MHz", "flash", "RAM", "active mW", "sleep uW"}, 3);
  const auto scaled = [](const std::optional<double> &value, double scale) { return value ? fmt::format("{:g}", *value * scale) : "-"; };
  for (const std::string &name : target_names()) {
    const Target target = load_target(name);
    table.add({name, target.core.name, fmt::format("{}", fmt::join(names_of(target.core.features), " ")),
               scaled(target.clock_hz, 1e-6), size_text(target.memory(MemoryKind::flash)),
               size_text(target.memory(MemoryKind::ram)), scaled(target.active_milliwatts, 1), scaled(target.sleep_milliwatts, 1e3)});
  }
  std::cout << table.text();
  std::cout << "-: not known for sure, so left out; `whit targets NAME` has the sources\n";
  return ExitCode::done;
}

std::string power_text(const std::optional<double> &milliwatts, const std::optional<double> &error_percent, const std::string &source) {
  if (!milliwatts) return source.empty() ? "not known" : source;
  return fmt::format("{:g} mW{} ({})", *milliwatts, error_percent ? fmt::format(" +-{:g} %", *error_percent) : "", source.empty() ? "no source given" : source);
}

// "; 5 wait states, 8 bytes an access" of a flash that makes the core wait.
std::string wait_text(const Memory &memory) {
  const auto number = [&](const char *name, int64_t otherwise) { return memory.data.value(name, otherwise); };
  if (number("wait_states", 0) == 0) return "";
  return fmt::format("; {} wait states, {} bytes an access, {} kept for instructions and {} for data{}", number("wait_states", 0),
                     number("granule", 8), number("instruction_lines", 1), number("data_lines", 1),
                     memory.data.value("prefetch", false) ? ", prefetch" : "");
}

ExitCode show_target(const std::string &name) {
  const Target target = load_target(name);
  std::cout << fmt::format("{}: {}\n  core: {}, {}\n  features: {}\n  compiler: {} {}\n", target.name, target.summary,
                           target.core.name, target.core.summary, fmt::join(names_of(target.core.features), " "),
                           target.core.toolchain.compiler, fmt::join(target.core.compiler_flags, " "));
  for (const Memory &memory : target.memories)
    std::cout << fmt::format("  {}: {} bytes at {:#x}{}\n", memory.name, with_separators(static_cast<int64_t>(memory.size)), memory.base, wait_text(memory));
  const auto show = [](const char *what, const std::string &text) {
    if (!text.empty()) std::cout << fmt::format("  {}: {}\n", what, text);
  };
  show("memories from", target.memories_source);
  if (target.clock_hz) show("clock", fmt::format("{:g} MHz", *target.clock_hz / 1e6));
  if (!target.memories.empty()) {
    show("active power", power_text(target.active_milliwatts, target.active_power_error_percent, target.active_power_source));
    show("sleep power", power_text(target.sleep_milliwatts, std::nullopt, target.sleep_power_source));
    show("supply", target.supply_volts ? fmt::format("{:g} V, for the currents", *target.supply_volts) : "not known");
  }
  show("error of modelled cycles", target.core.cycles_error.value_or("not known"));
  return ExitCode::done;
}

ExitCode print_link_script(const std::string &name) {
  const Target target = load_target(name);
  if (target.memories.empty() || target.core.toolchain.startup == "avr")
    throw UserError({name, "needs no linker script of whit's", "a Cortex-M or RISC-V board", "its compiler brings one"}, ExitCode::usage);
  std::cout << link_script(target);
  return ExitCode::done;
}

}  // namespace

void add_targets_command(CLI::App &app, Action &action) {
  auto name = std::make_shared<std::string>();
  auto wants_script = std::make_shared<bool>(false);
  CLI::App *command = app.add_subcommand("targets", "List the boards whit knows, or show one");
  command->add_option("target", *name, "A board to show in full, with the sources of its figures");
  command->add_flag("--link-script", *wants_script, "Print a linker script for the Cortex-M or RISC-V board (bench/harness/README.md)");
  command->footer("Examples:\n  whit targets\n  whit targets nucleo-l4r5zi");
  command->callback([name, wants_script, &action] {
    action = [name, wants_script] {
      if (*wants_script) return print_link_script(*name);
      return name->empty() ? list_targets() : show_target(*name);
    };
  });
}

}  // namespace whit
