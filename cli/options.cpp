// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <fmt/ranges.h>
#include <unistd.h>

#include "compiler/base/nearest_name.hpp"
#include "compiler/base/table.hpp"
#include "compiler/importers/import.hpp"
#include "data/samples_file.hpp"

namespace whit {

namespace {

struct NamedFile {
  std::string name;  // empty: the only input
  std::string file;
};

NamedFile split(const std::string &argument) {
  const size_t equals = argument.find('=');
  if (equals == std::string::npos) return {"", argument};
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

std::vector<std::string> input_names(const Graph &graph) {
  std::vector<std::string> names;
  for (TensorId id : graph.inputs) names.push_back(graph.tensor(id).name);
  return names;
}

size_t input_named(const Graph &graph, const std::string &name) {
  const std::vector<std::string> names = input_names(graph);
  if (name.empty() && names.size() == 1) return 0;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw UserError({"--input", name.empty() ? fmt::format("the model has {} inputs", names.size())
                                             : fmt::format("the model has no input \"{}\"", name),
                     fmt::format("{}", fmt::join(names, ", ")), "give each as --input NAME=FILE"}, ExitCode::usage);
  return static_cast<size_t>(found - names.begin());
}

const std::vector<std::string> emphasis_names{"speed", "size", "balanced", "ram"};

// While the command line is read, before any work. Throws where CLI11 would be content with a text, to give a hint.
std::string check_emphasis(const std::string &name) {
  if (emphasis_named(name)) return "";
  throw UserError({"--optimize", fmt::format("no emphasis is called \"{}\"", name), fmt::format("{}", fmt::join(emphasis_names, ", ")),
                   name_hint(name, emphasis_names, "choose one of these")}, ExitCode::usage);
}

}  // namespace

const char *const input_help = "Samples: FILE (.npy, .csv, .txt, .png, .bin, .raw: `whit run --help` tells how each is read), or NAME=FILE for each input of a model with several";

std::string model_help() { return "The model: " + model_formats(); }

void add_target_option(CLI::App &command, CompileArguments &arguments) {
  command.add_option("--target,-t", arguments.target, "The board: a name of `whit targets`, or a board file (.json)")->required();
}

void add_optimize_option(CLI::App &command, CompileArguments &arguments) {
  command.add_option("--optimize", arguments.optimize, "speed (default): fewest cycles; size: least flash, whatever the cycles; balanced: cycles and flash alike; ram: least "
                     "tensor and scratch memory, whatever the cycles")
      ->check(check_emphasis);
}

Emphasis emphasis_of(const CompileArguments &arguments) {
  const auto emphasis = emphasis_named(arguments.optimize);
  internal_check(emphasis.has_value(), "unknown emphasis {}", arguments.optimize);
  return *emphasis;
}

CompileOptions compile_options(const CompileArguments &arguments) {
  return {.name = arguments.name, .target = load_target(arguments.target), .emphasis = emphasis_of(arguments)};
}

Samples read_inputs(const Graph &graph, const std::vector<std::string> &arguments) {
  Samples samples{.inputs = std::vector<Bytes>(graph.inputs.size())};
  std::vector<bool> given(graph.inputs.size());
  for (const std::string &argument : arguments) {
    // A path may hold '='; only a model with several inputs needs names.
    const NamedFile named = graph.inputs.size() == 1 && input_names(graph)[0] != split(argument).name ? NamedFile{"", argument} : split(argument);
    const size_t input = input_named(graph, named.name);
    const Tensor &tensor = graph.tensor(graph.inputs[input]);
    samples.inputs[input] = read_samples(named.file, tensor);
    const size_t count = samples.inputs[input].size() / static_cast<size_t>(tensor.bytes());
    if (samples.count != 0 && count != samples.count)
      throw UserError({named.file, fmt::format("{} where another input has {}", count_of(count, "sample"), samples.count), "as many samples for each input", ""});
    samples.count = count;
    given[input] = true;
  }
  for (size_t input = 0; input < given.size(); ++input)
    if (!given[input]) input_named(graph, "");  // names what is missing
  if (samples.count == 0) throw UserError({arguments.at(0), "no samples", "at least one", ""});
  return samples;
}

void check_output_file(const std::string &file) {
  const std::filesystem::path path(file), folder = path.has_parent_path() ? path.parent_path() : ".";
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw UserError({file, "it is a folder", "a file's name", ""}, ExitCode::usage);
  if (!std::filesystem::is_directory(folder, ignored)) throw UserError({file, "there is no folder " + folder.string(), "", "make the folder first"}, ExitCode::usage);
}

Progress::Progress(size_t steps) : steps_(steps), shown_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (shown_) std::cerr << "\r\033[K" << std::flush;
}

void Progress::step(const std::string &what) {
  if (shown_) std::cerr << fmt::format("\r\033[K[{}/{}] {}", ++done_, steps_, what) << std::flush;
}

}  // namespace whit
