// SPDX-License-Identifier: Apache-2.0
// whit ops: the operators and their kernels.
#include <iostream>

#include <fmt/ranges.h>

#include "cli/commands.hpp"
#include "compiler/base/table.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

ExitCode list_operators() {
  Table table({"operator", "kernel", "needs", "what"}, 4);
  for (const OpDef *definition : all_operators()) {
    std::string name(definition->name), summary(definition->summary);
    for (const Kernel &kernel : definition->kernels) {
      table.add({name, std::string(kernel.name), fmt::format("{}", fmt::join(names_of(kernel.features), " ")), summary});
      name.clear();
      summary.clear();
    }
  }
  std::cout << table.text();
  return ExitCode::done;
}

}  // namespace

void add_ops_command(CLI::App &app, Action &action) {
  CLI::App *command = app.add_subcommand("ops", "List the operators whit compiles and the kernels it has for them");
  command->footer("A kernel that needs a core's feature is used where the core has it; the last of each operator runs everywhere.\n\n"
                  "Example:\n  whit ops");
  command->callback([&action] { action = list_operators; });
}

}  // namespace whit
