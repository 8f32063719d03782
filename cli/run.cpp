// SPDX-License-Identifier: Apache-2.0
// whit run: the model on this computer, with the device's own kernels.
#include <iostream>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "compiler/base/table.hpp"
#include "data/samples_file.hpp"

namespace whit {

namespace {

struct RunCommand {
  std::string model{};
  std::vector<std::string> inputs{};
  std::vector<std::string> outputs{};
  bool dequantize = false;

  // The file for output `index`: FILE when there is one output, NAME=FILE otherwise.
  std::string file_for(const Graph &graph, size_t index) const {
    const std::string &name = graph.tensor(graph.outputs[index]).name;
    for (const std::string &argument : outputs) {
      if (argument.starts_with(name + "=")) return argument.substr(name.size() + 1);
      if (graph.outputs.size() == 1) return argument;
    }
    return "";
  }

  void check_outputs(const Graph &graph) const {
    size_t matched = 0;
    std::string names;
    for (size_t index = 0; index < graph.outputs.size(); ++index) {
      matched += file_for(graph, index).empty() ? 0 : 1;
      names += (names.empty() ? "" : ", ") + graph.tensor(graph.outputs[index]).name;
    }
    if (matched != outputs.size())
      throw UserError({"--output", fmt::format("{} for {}", count_of(outputs.size(), "file"), count_of(graph.outputs.size(), "output")), names,
                       "give each as --output NAME=FILE"}, ExitCode::usage);
    for (size_t index = 0; index < graph.outputs.size(); ++index)
      if (const std::string file = file_for(graph, index); !file.empty()) {
        check_results_file(file, graph.tensor(graph.outputs[index]));
        check_output_file(file);
      }
  }

  ExitCode run() const {
    const ImportedModel imported = import_file(model);
    const Graph &graph = imported.graph;
    check_outputs(graph);
    const Samples samples = read_inputs(graph, inputs);
    const std::vector<Bytes> results = evaluate_samples(graph, samples);
    for (size_t index = 0; index < results.size(); ++index)
      if (const std::string file = file_for(graph, index); !file.empty())
        write_samples(file, graph.tensor(graph.outputs[index]), results[index], dequantize);
    std::cout << count_of(samples.count, "sample") << "\n";
    return ExitCode::done;
  }
};

}  // namespace

void add_run_command(CLI::App &app, Action &action) {
  auto state = std::make_shared<RunCommand>();
  CLI::App *command = app.add_subcommand("run", "Evaluate a model on this computer, with the device's own kernels");
  command->add_option("model", state->model, model_help())->required();
  command->add_option("--input,-i", state->inputs, input_help)->required()->allow_extra_args(false);
  command->add_option("--output,-o", state->outputs, "Results: FILE, or NAME=FILE for each output of a model with several")->required()->allow_extra_args(false);
  command->add_flag("--dequantize", state->dequantize, "Write real values instead of stored integers");
  command->footer(std::string(sample_formats_help) +
                  "\n\nExamples:\n"
                  "  whit run kws.tflite --input features.npy --output answers.npy\n"
                  "  whit run digits.tflite --input seven.png --output seven.txt --dequantize\n"
                  "  whit run two.tflite --input a=a.npy --input b=b.npy --output sum=sum.npy");
  command->callback([state, &action] { action = [state] { return state->run(); }; });
}

}  // namespace whit
