// SPDX-License-Identifier: Apache-2.0
// whit's front door: reads the command line, runs one command, turns errors into messages and exit codes.
#include <algorithm>
#include <iostream>

#include <fmt/ranges.h>

#include "bench/temporary_folder.hpp"
#include "cli/commands.hpp"
#include "compiler/base/nearest_name.hpp"
#include "compiler/base/version.hpp"

namespace {

using whit::ExitCode;

int code_of(ExitCode code) { return static_cast<int>(code); }

constexpr const char *footer =
    "Exit codes: 0 done, 1 usage or an output that cannot be written, 2 the model, its data or a tool that is missing, 3 does not fit,\n"
    "4 a check failed, 70 whit's own error.\n"
    "\n"
    "Examples:\n"
    "  whit inspect model.tflite\n"
    "  whit compile model.tflite --target nucleo-l4r5zi -o firmware/\n"
    "  whit bench model.tflite --target all\n"
    "`whit COMMAND --help` says more.";

// CLI11 would say that a command is missing where one, or an option before it, is misspelt.
void check_first_word(const CLI::App &app, const std::string &word) {
  const auto commands = app.get_subcommands([](const CLI::App *) { return true; });
  const auto options = app.get_options();
  const auto is_command = [&word](const CLI::App *command) { return command->get_name() == word; };
  const auto is_option = [&word](const CLI::Option *option) { return option->check_name(word); };
  if (std::any_of(commands.begin(), commands.end(), is_command) || std::any_of(options.begin(), options.end(), is_option)) return;
  const char *kind = word.starts_with("-") ? "option" : "command";
  std::vector<std::string> names;
  if (word.starts_with("-")) names = {"--help", "--version"};
  for (const CLI::App *command : commands) names.push_back(command->get_name());
  throw whit::UserError({"", word.empty() ? "no command given" : fmt::format("no {} is called \"{}\"", kind, word), fmt::format("{}", fmt::join(names, ", ")), whit::name_hint(word, names, "see `whit --help`")},
                        ExitCode::usage);
}

// The first word that the command does not know; an option of them comes first, for the word after it may be its value.
std::string unexpected_word(const CLI::App &app) {
  const std::vector<std::string> words = app.remaining(true);
  const auto option = std::find_if(words.begin(), words.end(), [](const std::string &word) { return word.starts_with("-"); });
  if (option != words.end()) return option->substr(0, option->find('='));
  return words.empty() ? "" : words[0];
}

std::vector<std::string> option_names(const CLI::App &command) {
  std::vector<std::string> names;
  for (const CLI::Option *option : command.get_options())
    for (const std::string &name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

// What CLI11 complains of, as whit's own errors are laid out. It would miss a required option before it sees a misspelt one.
int complain(const CLI::App &app, const CLI::ParseError &error) {
  const auto chosen = app.get_subcommands();
  const std::string word = unexpected_word(app);
  whit::Problem problem{"", error.what(), "", fmt::format("see `whit {}--help`", chosen.empty() ? "" : chosen[0]->get_name() + " ")};
  if (word.starts_with("-")) {
    problem.found = fmt::format("no option of this command is called \"{}\"", word);
    if (!chosen.empty()) problem.hint = whit::name_hint(word, option_names(*chosen[0]), problem.hint);
  } else if (!word.empty()) {
    problem.found = fmt::format("\"{}\" is one argument too many", word);
  }
  std::cerr << "whit: " << problem.text() << "\n";
  return code_of(ExitCode::usage);
}

int run(const whit::Action &action) {
  try {
    const ExitCode code = action();
    if (std::cout.flush()) return code_of(code);
    throw whit::UserError({"standard output", "cannot be written", "", "is the disk full?"}, ExitCode::usage);
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
  try {
    check_first_word(app, argument_count > 1 ? arguments[1] : "");
    app.parse(argument_count, arguments);
  } catch (const whit::UserError &error) {
    std::cerr << "whit: " << error.what() << "\n";
    return code_of(error.code());
  } catch (const CLI::ParseError &error) {
    return error.get_exit_code() == 0 ? app.exit(error) : complain(app, error);
  }
  whit::remove_temporary_folders_when_interrupted();
  return run(action);
}
