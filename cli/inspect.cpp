// SPDX-License-Identifier: Apache-2.0
// whit inspect: what is in a model, what of it remains after the exact passes, and the memory it needs.
#include <iostream>
#include <map>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "compiler/base/table.hpp"
#include "compiler/ir/scale_text.hpp"
#include "compiler/ir/text.hpp"
#include "compiler/passes/pipeline.hpp"
#include "compiler/plan/map.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

struct Totals {
  int64_t macs = 0;
  int64_t parameters = 0;
};

int64_t parameters_of(const NodeView &node) {
  int64_t count = 0;
  for (size_t index = 0; index < node.input_count(); ++index)
    if (node.has_input(index) && node.input(index).is_constant()) count += node.input(index).elements();
  return count;
}

Totals totals_of(const Graph &graph) {
  Totals totals;
  for (const Node &node : graph.nodes) {
    totals.macs += macs_of(NodeView(graph, node));
    totals.parameters += parameters_of(NodeView(graph, node));
  }
  return totals;
}

std::string tensor_text(const Tensor &tensor) {
  return fmt::format("{} {} \"{}\"{}", name_of(tensor.type), text_of(tensor.shape), tensor.name, scale_text(tensor.quantization));
}

// The numbers of layers as the emitted source and reports have them; nodes of a graph that is not planned have none yet.
using LayerNumbers = std::map<size_t, size_t>;  // by node

LayerNumbers numbers_of(const PlannedModel &model) {
  LayerNumbers numbers;
  for (const Layer &layer : layers_of(model)) numbers[layer.node] = layer.number;
  return numbers;
}

void print_graph(const Graph &graph, const LayerNumbers &numbers) {
  for (TensorId id : graph.inputs) std::cout << "input:  " << tensor_text(graph.tensor(id)) << "\n";
  for (TensorId id : graph.outputs) std::cout << "output: " << tensor_text(graph.tensor(id)) << "\n";
  Table table = numbers.empty() ? Table({"operator", "output", "from", "parameters", "MACs"}, 3)
                                : Table({"layer", "operator", "output", "from", "parameters", "MACs"}, 4);
  for (size_t index = 0; index < graph.nodes.size(); ++index) {
    const NodeView view(graph, graph.nodes[index]);
    std::vector<std::string> row{view.node().op, fmt::format("{} {}", name_of(view.output().type), text_of(view.output().shape)),
                                 view.node().origin, with_separators(parameters_of(view)), with_separators(macs_of(view))};
    if (!numbers.empty()) row.insert(row.begin(), numbers.contains(index) ? std::to_string(numbers.at(index)) : "-");
    table.add(std::move(row));
  }
  std::cout << table.text();
}

struct InspectCommand {
  std::string model{};
  bool text = false;
  bool optimized = false;
  CompileArguments arguments{.target = "host"};

  ExitCode run() const {
    const ImportedModel imported = import_file(model);
    const PlannedModel planned = plan_model(imported, compile_options(arguments));
    const Graph &shown = optimized ? planned.graph : imported.graph;
    if (text) {
      std::cout << to_text(shown);
      return ExitCode::done;
    }
    print_graph(shown, optimized ? numbers_of(planned) : LayerNumbers{});
    const Totals before = totals_of(imported.graph), after = totals_of(planned.graph);
    std::cout << fmt::format("total: {} parameters, {} MACs; after the exact passes: {} parameters, {} MACs\n",
                             with_separators(before.parameters), with_separators(before.macs), with_separators(after.parameters),
                             with_separators(after.macs));
    std::cout << "memory on " << planned.target.name << ": " << memory_map_text(planned.graph, planned.kernels, planned.plan);
    return ExitCode::done;
  }
};

}  // namespace

void add_inspect_command(CLI::App &app, Action &action) {
  auto state = std::make_shared<InspectCommand>();
  CLI::App *command = app.add_subcommand("inspect", "Show a model's graph, parameters, MACs and peak memory");
  command->add_option("model", state->model, model_help())->required();
  command->add_option("--target,-t", state->arguments.target, "Plan the memory for this board (default: host)");
  command->add_flag("--optimized", state->optimized, "Show the graph after the exact passes, with the numbers of its layers");
  command->add_flag("--text", state->text, "Print the graph's text form, constants included");
  add_optimize_option(*command, state->arguments);
  command->footer("Operators that whit does not support are listed all at once, with their place.\n\nExamples:\n"
                  "  whit inspect model.tflite\n"
                  "  whit inspect model.tflite --target nucleo-l4r5zi --optimized");
  command->callback([state, &action] { action = [state] { return state->run(); }; });
}

}  // namespace whit
