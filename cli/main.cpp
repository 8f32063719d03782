// SPDX-License-Identifier: Apache-2.0
// whit's front door: reads the command line, runs one command, turns errors into messages and exit codes.
#include <algorithm>
#include <iostream>

#include "bench/temporary_folder.hpp"
#include "cli/commands.hpp"
#include "compiler/base/version.hpp"

namespace {

using whit::ExitCode;

int code_of(ExitCode code) { return static_cast<int>(code); }

constexpr const char *footer =
    "Exit codes: 0 done, 1 usage, 2 the model or its data, 3 does not fit, 4 a check failed, 70 whit's own error.\n"
    "\n"
    "Examples:\n"
    "  whit inspect model.tflite\n"
    "  whit compile model.tflite --target nucleo-l4r5zi -o firmware/\n"
    "  whit bench model.tflite --target all\n"
    "`whit COMMAND --help` says more.";

// CLI11 would say that a command is missing where one is misspelt.
bool is_unknown_command(const CLI::App &app, const std::string &word) {
  const auto commands = app.get_subcommands([](const CLI::App *) { return true; });
  const auto has_the_word = [&word](const CLI::App *command) { return command->get_name() == word; };
  if (word.starts_with("-") || std::any_of(commands.begin(), commands.end(), has_the_word)) return false;
  std::cerr << "whit: no command is called \"" << word << "\"\n  supported:";
  for (const CLI::App *command : commands) std::cerr << " " << command->get_name();
  std::cerr << "\n  hint: see `whit --help`\n";
  return true;
}

int run(const whit::Action &action) {
  try {
    const ExitCode code = action();
    if (std::cout.flush()) return code_of(code);
    throw whit::UserError({"standard output", "cannot be written", "", "is the disk full?"});
  } catch (const whit::UserError &error) {
    std::cerr << "whit: " << error.what() << "\n";
    return code_of(error.code());
  } catch (const std::bad_alloc &) {
    std::cerr << "whit: out of memory; the model asks for more than this computer has\n";
    return code_of(ExitCode::model);
  } catch (const std::exception &error) {
    std::cerr << "whit: internal error: " << error.what() << "\n  hint: please report this with the model\n";
    return code_of(ExitCode::internal);
  }
}

}  // namespace

int main(int argument_count, char **arguments) {
  CLI::App app{"whit turns a trained model into verified firmware for a microcontroller and measures it on the chip's emulator.",
               "whit"};
  app.footer(footer);
  app.set_version_flag("--version", whit::version());
  app.require_subcommand(1);
  whit::Action action;
  for (auto add : {whit::add_inspect_command, whit::add_compile_command, whit::add_run_command, whit::add_verify_command,
                   whit::add_bench_command, whit::add_compare_command, whit::add_targets_command, whit::add_ops_command})
    add(app, action);
  if (argument_count > 1 && is_unknown_command(app, arguments[1])) return code_of(ExitCode::usage);
  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? code_of(ExitCode::done) : code_of(ExitCode::usage);
  }
  whit::remove_temporary_folders_when_interrupted();
  return run(action);
}
