// SPDX-License-Identifier: Apache-2.0
// whit verify: host against emulated chip, bit for bit.
#include <iostream>
#include <optional>

#include "bench/verify.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "compiler/base/table.hpp"

namespace whit {

namespace {

struct VerifyCommand {
  std::string model{};
  std::vector<std::string> inputs{};
  size_t random_samples = 10;
  CompileArguments arguments{};

  static ExitCode report(const char *what, const Verification &result) {
    std::cout << fmt::format("{}: {}, {} of {} differ\n", what, count_of(result.samples, "sample"),
                             with_separators(static_cast<int64_t>(result.differing_bytes)), count_of(result.output_bytes, "output byte"));
    if (!result.divergence) return ExitCode::done;
    const Divergence &divergence = *result.divergence;
    std::cout << fmt::format("  sample {}, output \"{}\", element {}: host {}, chip {}\n  first diverging layer: {}\n",
                             divergence.sample, divergence.output, divergence.element, divergence.host, divergence.chip,
                             divergence.layer);
    return ExitCode::check_failed;
  }

  ExitCode run() const {
    const ImportedModel imported = import_file(model);
    const CompileOptions options = compile_options(arguments);
    const std::optional<Samples> given = inputs.empty() ? std::nullopt : std::optional(read_inputs(imported.graph, inputs));  // complains before the work begins
    ExitCode code = ExitCode::done;
    if (random_samples > 0) code = report("random", verify(imported, options, pseudo_random_samples(imported.graph, random_samples)));
    if (given && code == ExitCode::done) code = report("given", verify(imported, options, *given));
    return code;
  }
};

}  // namespace

void add_verify_command(CLI::App &app, Action &action) {
  auto state = std::make_shared<VerifyCommand>();
  CLI::App *command = app.add_subcommand("verify", "Compare host and emulated chip bit for bit; exit code 4 on a difference");
  command->add_option("model", state->model, model_help())->required();
  command->add_option("--input,-i", state->inputs, input_help)->allow_extra_args(false);
  command->add_option("--random", state->random_samples, "How many pseudo-random samples to compare (default 10)")
      ->check(CLI::Range(1, 100000));
  add_target_option(*command, state->arguments);
  add_optimize_option(*command, state->arguments);
  command->footer("On a difference the first diverging layer and element are named.\n\nExamples:\n"
                  "  whit verify kws.tflite --target nucleo-l4r5zi\n"
                  "  whit verify kws.tflite --target nucleo-g0b1re --random 100 --input recordings.npy");
  command->callback([state, &action] { action = [state] { return state->run(); }; });
}

}  // namespace whit
