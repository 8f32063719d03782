// SPDX-License-Identifier: Apache-2.0
// whit ops: the operators and their kernels.
#include <iostream>

#include <fmt/ranges.h>

#include "cli/commands.hpp"
#include "compiler/base/nearest_name.hpp"
#include "compiler/base/table.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

ExitCode list_operators(const std::vector<const OpDef *> &operators) {
  Table table({"operator", "kernel", "needs", "what"}, 4);
  for (const OpDef *definition : operators) {
    std::string name(definition->name), summary(definition->summary);
    for (const Kernel &kernel : definition->kernels) {
      table.add({name, std::string(kernel.name), fmt::format("{}", fmt::join(names_of(kernel.features), " ")), summary});
      name.clear();
      summary.clear();
    }
  }
  std::cout << table.text();
  for (const OpDef *definition : operators)
    if (operators.size() == 1 && !definition->limits.empty()) std::cout << "supported: " << definition->limits << "\n";
  return ExitCode::done;
}

ExitCode show_operators(const std::string &name) {
  if (name.empty()) return list_operators({all_operators().begin(), all_operators().end()});
  const OpDef *definition = find_operator(name);
  if (definition == nullptr) {
    std::vector<std::string> names;
    for (const OpDef *known : all_operators()) names.emplace_back(known->name);
    throw UserError({"whit ops", "no operator is called \"" + name + "\"", "the operators that `whit ops` lists", name_hint(name, names, "see `whit ops`")},
                    ExitCode::usage);
  }
  return list_operators({definition});
}

}  // namespace

void add_ops_command(CLI::App &app, Action &action) {
  CLI::App *command = app.add_subcommand("ops", "List the operators whit compiles and the kernels it has for them");
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "Only this operator, with what it supports");
  command->footer("A kernel that needs a core's feature is used where the core has it; those that need nothing run everywhere.\n"
                  "docs/support.md tells for each operator, type and core which kernel it gets and what that costs.\n\n"
                  "Examples:\n  whit ops\n  whit ops softmax");
  command->callback([&action, name] { action = [name] { return show_operators(*name); }; });
}

}  // namespace whit
