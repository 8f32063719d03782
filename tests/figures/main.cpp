// SPDX-License-Identifier: Apache-2.0
// whit-kernel-figures: for each operator and its types the kernel that each kind of core gets and what it costs there, as
// a table in Markdown on standard output; what goes on, on standard error.
//
// Of the random instances of an operator and its types, one is measured: that for which the most kernels compete and that
// has the most work, among those that leave room for others on the smallest chip. Many are in one image; the emulator
// counts each layer's cycles.
#include <cstdio>
#include <iostream>
#include <map>

#include <fmt/ranges.h>

#include "compiler/base/table.hpp"
#include "compiler/plan/choose.hpp"
#include "tests/instances_on_chip.hpp"

namespace whit {
namespace {

constexpr uint32_t seed = 20261;
constexpr int candidates = 40;
constexpr int64_t most_bytes = 1200;  // of a sample's tensors: an ATmega2560 has 8 KB
constexpr std::string_view targets[] = {"nucleo-l4r5zi", "mps3-an547", "nucleo-g0b1re", "esp32-c3", "arduino-mega-2560"};

struct Row {
  const OpDef *definition = nullptr;
  std::string types{};  // "int8 with int32 to int8"
  Graph sample{};
  std::map<std::string_view, std::string> cells{};  // by target
};

std::string types_of(const NodeView &node) {
  std::vector<std::string> inputs;
  for (size_t index = 0; index < node.input_count(); ++index) {
    if (!node.has_input(index) || node.input(index).variable) continue;
    const std::string name(name_of(node.input(index).type));
    if (std::ranges::find(inputs, name) == inputs.end()) inputs.push_back(name);
  }
  const std::string output(name_of(node.output().type));
  if (inputs.empty() || (inputs.size() == 1 && inputs[0] == output)) return output;
  return fmt::format("{} to {}", fmt::join(inputs, ", "), output);
}

std::string shapes_of(const NodeView &node) {
  const std::string output = text_of(node.output().shape);
  return node.input_count() == 0 ? output : fmt::format("{} to {}", text_of(node.input(0).shape), output);
}

// How much a sample tells: the kernels that compete for it, then its work.
std::pair<long, double> telling(const Graph &graph) {
  const NodeView node(graph, graph.nodes[0]);
  const Kernel *portable = portable_kernel(node);
  internal_check(portable != nullptr, "a random instance has no portable kernel");
  const auto fitting = std::ranges::count_if(operator_of(node.node()).kernels, [&](const Kernel &kernel) { return kernel.fits(node); });
  return {fitting, portable->cost(node).cycles};
}

// One row an operator and its types, in the order of the generators.
std::vector<Row> rows_of(const OpDef &definition) {
  std::vector<Row> rows;
  std::mt19937 random(seed);
  for (RandomGraph make : definition.random_graphs)
    for (int candidate = 0; candidate < candidates; ++candidate) {
      Graph graph = make(random);
      const NodeView node(graph, graph.nodes[0]);
      if (bytes_of_tensors(graph) > most_bytes) continue;
      const std::string types = types_of(node);
      auto row = std::ranges::find(rows, types, &Row::types);
      if (row == rows.end()) row = rows.insert(rows.end(), {.definition = &definition, .types = types});
      if (row->sample.nodes.empty() || telling(graph) > telling(row->sample)) row->sample = std::move(graph);
    }
  return rows;
}

// The sample by the kernel, in the layouts, that the compiler chooses for that chip; none where no kernel fits.
std::optional<Instance> instance_on(const Target &target, const Row &row) {
  try {
    Choice choice = choose(row.sample, {.features = target.core.features, .alignment = target.core.alignment});
    const bool has_bodies = !row.sample.nodes[0].bodies.empty();
    return Instance{.graph = has_bodies ? row.sample : std::move(choice.graph), .kernel = choice.kernels.at(0)};
  } catch (const UserError &) {
    return {};
  }
}

// The cycles of each instance's layer; a view has no layer.
std::vector<std::optional<int64_t>> cycles_of(const ChipRun &run) {
  std::vector<std::optional<int64_t>> cycles(run.planned.graph.nodes.size());
  const std::vector<Layer> layers = layers_of(run.planned);
  for (size_t index = 0; index < std::min(layers.size(), run.simulation.layers.size()); ++index)
    cycles[layers[index].node] = run.simulation.layers[index].cycles;
  return cycles;
}

void measure_on(const Target &target, std::string_view name, std::vector<Row> &rows) {
  std::vector<Row *> measured;
  std::vector<Instance> instances;
  for (Row &row : rows) {
    std::optional<Instance> instance = instance_on(target, row);
    if (!instance || !Room::of(*instance).within(room_on(target))) continue;
    measured.push_back(&row);
    instances.push_back(std::move(*instance));
  }
  size_t done = 0;
  for (const std::vector<Instance> &image : images_of(instances, room_on(target)))
    run_instances(image, target, 1, seed, [&](const std::vector<Instance> &together, const ChipRun &run) {
      const auto cycles = cycles_of(run);
      for (size_t index = 0; index < together.size(); ++index, ++done)
        measured[done]->cells[name] = cycles[index] ? fmt::format("{} {}", together[index].kernel->name, with_separators(*cycles[index]))
                                                    : std::string(together[index].kernel->name);
      std::cerr << fmt::format("{}: {} of {} samples\n", name, done, instances.size());
    });
}

std::string cell_of(const Row &row, std::string_view target) {
  const auto cell = row.cells.find(target);
  return cell == row.cells.end() ? "" : cell->second;
}

void write_table(const std::vector<Row> &rows) {
  std::vector<std::string> cores;
  for (std::string_view target : targets) cores.push_back(load_target(std::string(target)).core.name);
  fmt::print("\n## Kernels by core, and what they cost\n\n"
             "Generated by `make conformance` (tests/figures): for one random call of each operator and its types, the kernel that the\n"
             "compiler chooses for the core and its cycles on the core's emulated chip ({}), without wait\n"
             "states. Cortex-M33 and Cortex-M7 get the kernels of the Cortex-M4F. A view costs nothing. Limits that are not given are those\n"
             "of the types.\n\n", fmt::join(targets, ", "));
  fmt::print("| operator | limits | types | sample | {} |\n|---|---|---|---|{}\n", fmt::join(cores, " | "),
             fmt::join(std::vector<std::string>(cores.size(), "---|"), ""));
  const OpDef *last = nullptr;
  for (const Row &row : rows) {
    const bool first = row.definition != last;
    last = row.definition;
    std::vector<std::string> cells;
    for (std::string_view target : targets) cells.push_back(cell_of(row, target));
    fmt::print("| {} | {} | {} | {} | {} |\n", first ? last->name : "", first ? last->limits : "", row.types,
               shapes_of({row.sample, row.sample.nodes[0]}), fmt::join(cells, " | "));
  }
}

void write_figures() {
  std::vector<Row> rows;
  for (const OpDef *definition : all_operators()) std::ranges::move(rows_of(*definition), std::back_inserter(rows));
  for (std::string_view name : targets) measure_on(load_target(std::string(name)), name, rows);
  write_table(rows);
}

}  // namespace
}  // namespace whit

int main() {
  try {
    whit::write_figures();
    return 0;
  } catch (const std::exception &error) {
    std::cerr << "whit-kernel-figures: " << error.what() << "\n";
    return 70;
  }
}
