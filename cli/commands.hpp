// SPDX-License-Identifier: Apache-2.0
// The commands of the program: each adds itself to the command line; what it returns when run is the exit code.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "compiler/base/error.hpp"

namespace whit {

// Set by the command that the user chose; run once the command line has been read.
using Action = std::function<ExitCode()>;

void add_inspect_command(CLI::App &app, Action &action);
void add_compile_command(CLI::App &app, Action &action);
void add_run_command(CLI::App &app, Action &action);
void add_verify_command(CLI::App &app, Action &action);
void add_bench_command(CLI::App &app, Action &action);
void add_compare_command(CLI::App &app, Action &action);
void add_targets_command(CLI::App &app, Action &action);
void add_ops_command(CLI::App &app, Action &action);

}  // namespace whit
