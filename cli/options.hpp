// SPDX-License-Identifier: Apache-2.0
// Options that several commands share: the model, the target, the emphasis, inputs given by file.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "compiler/driver/compile.hpp"

namespace whit {

// --target, --optimize, --name as text, checked when `compile_options` turns them into values.
struct CompileArguments {
  std::string target{};
  std::string optimize = "speed";
  std::string name{};
};

void add_target_option(CLI::App &command, CompileArguments &arguments);
void add_optimize_option(CLI::App &command, CompileArguments &arguments);
CompileOptions compile_options(const CompileArguments &arguments);
Emphasis emphasis_of(const CompileArguments &arguments);

// The positional MODEL, for help texts: every format that importers read.
std::string model_help();
// What `--input` accepts, for help texts.
extern const char *const input_help;

// The samples of `--input FILE` (one input) or `--input NAME=FILE` (each input by its name).
// UserError when an input is missing, unknown, or the files hold different numbers of samples.
Samples read_inputs(const Graph &graph, const std::vector<std::string> &arguments);

// UserError where the file cannot be written, for want of its folder or as it is one: before the work that it is to hold.
void check_output_file(const std::string &file);

// "done 3 of 12: kws on arduino-uno", on standard error and only when that is a terminal.
class Progress {
 public:
  explicit Progress(size_t steps);
  ~Progress();
  void step(const std::string &what);

 private:
  size_t steps_;
  size_t done_ = 0;
  bool shown_;
};

}  // namespace whit
