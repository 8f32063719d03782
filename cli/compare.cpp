// SPDX-License-Identifier: Apache-2.0
// whit compare: two saved reports against each other; what CI asks.
#include <charconv>
#include <cmath>
#include <iostream>

#include "bench/comparison.hpp"
#include "cli/commands.hpp"
#include "compiler/base/bytes.hpp"

namespace whit {

namespace {

constexpr uint64_t largest_report = uint64_t{64} << 20;

std::vector<SavedMeasurement> read_report(const std::string &path) {
  const Bytes bytes = read_file(path, largest_report);
  return parse_report({reinterpret_cast<const char *>(bytes.data()), bytes.size()}, path);
}

// "2%" or "2": percent, as a fraction.
double parse_tolerance(const std::string &text) {
  double percent = 0;
  const char *end = text.data() + text.size() - (text.ends_with('%') ? 1 : 0);
  const auto [rest, error] = std::from_chars(text.data(), end, percent);
  if (error != std::errc() || rest != end || !(percent >= 0 && percent <= 1000))
    throw UserError({"--tolerance", fmt::format("\"{}\"", text), "a percentage such as 2%", ""}, ExitCode::usage);
  return percent / 100;
}

struct CompareCommand {
  std::string before{};
  std::string after{};
  std::string tolerance = "0%";

  ExitCode run() const {
    const double allowed = parse_tolerance(tolerance);
    const Comparison comparison = compare(read_report(before), read_report(after), allowed);
    std::cout << comparison_table(comparison);
    return comparison.holds() ? ExitCode::done : ExitCode::check_failed;
  }
};

}  // namespace

void add_compare_command(CLI::App &app, Action &action) {
  auto state = std::make_shared<CompareCommand>();
  CLI::App *command = app.add_subcommand("compare", "Compare two saved reports; exit code 4 when something got worse");
  command->add_option("before", state->before, "A report of `whit bench --save`, or a budget: such a report with fewer fields")->required();
  command->add_option("after", state->after, "The report to hold against it")->required();
  command->add_option("--tolerance", state->tolerance, "How much worse a figure may be, in percent (default 0%)");
  command->footer(
      "Compared are cycles, instructions, flash, RAM and accuracy of each (model, target), as far as the first report has them.\n"
      "A pair that the second report lacks, that no longer fits or that answers other than the host counts as worse.\n\nExamples:\n"
      "  whit bench kws.tflite --target all --save before.json\n"
      "  whit compare before.json after.json --tolerance 1%");
  command->callback([state, &action] { action = [state] { return state->run(); }; });
}

}  // namespace whit
