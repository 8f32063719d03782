// SPDX-License-Identifier: Apache-2.0
// whit compile: a model file to a library folder.
#include <iostream>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "compiler/base/table.hpp"
#include "compiler/driver/library_folder.hpp"

namespace whit {

namespace {

struct CompileCommand {
  std::string model{};
  std::string folder{};
  CompileArguments arguments{};

  ExitCode run() const {
    const Compilation compilation = compile_model(import_file(model), compile_options(arguments));
    write_library_folder(compilation.files, folder);
    const MemoryPlan &plan = compilation.planned.plan;
    std::cout << fmt::format("{}: {} for {}, {} bytes of constants planned, {} of arena, {} of scratch (code and stack: whit bench). See {}/README.md\n", folder,
                             compilation.planned.name, compilation.planned.target.name,
                             with_separators(constant_bytes(compilation.planned)), with_separators(plan.arena_bytes),
                             with_separators(plan.scratch_bytes), folder);
    return ExitCode::done;
  }
};

}  // namespace

void add_compile_command(CLI::App &app, Action &action) {
  auto state = std::make_shared<CompileCommand>();
  CLI::App *command = app.add_subcommand("compile", "Turn a model into a self-contained C++ library for a board");
  command->add_option("model", state->model, model_help())->required();
  command->add_option("--output,-o", state->folder, "The folder to write; in one that is there, only files that whit made are renewed")->required();
  command->add_option("--name", state->arguments.name, "Name of the C face (default: the file's stem as an identifier)");
  add_target_option(*command, state->arguments);
  add_optimize_option(*command, state->arguments);
  command->footer(
      "The folder holds sources, header, CMakeLists.txt, README.md, golden vectors and a self-test, and is an Arduino library.\n"
      "Same input, same bytes. A folder that whit made is renewed: files of an earlier library go, files of yours stay. Files of the\n"
      "same names that are yours, or that you changed, are never overwritten: the command then ends with what to do.\n\nExamples:\n"
      "  whit compile kws.tflite --target nucleo-l4r5zi -o firmware/\n"
      "  whit compile digits.tflite --target arduino-uno --optimize size --name digits -o digits/");
  command->callback([state, &action] { action = [state] { return state->run(); }; });
}

}  // namespace whit
