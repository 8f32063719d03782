// SPDX-License-Identifier: Apache-2.0
// The import from top to bottom: verify, check that every operator is known, read tensors, order, build node by node.
#include "compiler/importers/tflite/import.hpp"

#include <algorithm>

#include "compiler/importers/tflite/operators.hpp"
#include "compiler/importers/tflite/order.hpp"
#include "compiler/importers/tflite/waits.hpp"
#include "compiler/importers/tflite/weights.hpp"
#include "ops/op_def.hpp"
#include "ops/verify.hpp"

namespace whit {

namespace {

// Does the work; what it throws is collected, so that a user sees the problems of all operators.
template <typename Work>
void collect(Problems &problems, const std::string &place, Work work) {
  try {
    work();
  } catch (const UserError &error) {
    for (Problem problem : error.problems()) {
      if (problem.place.empty()) problem.place = place;
      problems.add(std::move(problem));
    }
  }
}

void add_nodes(TensorTable &tensors, const TfliteOperator &entry) {
  OperatorReader reader(entry, tensors);
  reader.emit_outputs(find_importer(entry)(reader));
  if (reader.outputs_left() != 0)
    reader.fail(fmt::format("{} outputs", entry.outputs.size()),
                fmt::format("{} outputs", entry.outputs.size() - reader.outputs_left()), damaged);
}

// The tensor as the graph's next output; where it is one already, a copy under a name of its own.
void add_output(Graph &graph, TensorId id) {
  if (std::ranges::count(graph.outputs, id) == 0) return graph.outputs.push_back(id);
  const size_t place = graph.outputs.size();
  Tensor copy = graph.tensor(id);
  copy.name = fmt::format("{}, output {}", copy.name, place);
  copy.initial = nullptr;
  copy.variable = false;
  graph.outputs.push_back(graph.add_tensor(std::move(copy)));
  if (graph.tensor(id).is_constant()) return;
  graph.nodes.push_back({.op = "copy", .inputs = {id}, .outputs = {graph.outputs.back()}, .origin = fmt::format("output {}", place)});
}

// Whether the graph has variables without a name: all its users would share them.
bool remembers(const ImportedGraph &imported) {
  const auto named = static_cast<std::ptrdiff_t>(imported.variables.size());
  return std::ranges::count_if(imported.graph.tensors, &Tensor::variable) > named;
}

// One graph deeper, as long as it lives.
struct Deeper {
  explicit Deeper(int &all) : depth(all) { ++depth; }
  ~Deeper() { --depth; }
  Deeper(const Deeper &) = delete;
  Deeper &operator=(const Deeper &) = delete;
  int &depth;
};

// Variables begin with what the whole file says, whoever mentioned them first.
Graph import_main_graph(TfliteFile &file) {
  ModelImport model{.file = file};
  ImportedGraph main = model.graph(0, {});
  for (const auto &[name, id] : main.variables) main.graph.tensor(id).initial = model.resources.known(name).initial;
  return with_waits(std::move(main.graph));
}

}  // namespace

ImportedGraph ModelImport::graph(int32_t index, const std::vector<std::string> &handles) {
  constexpr int deepest = 8;
  if (depth == deepest) throw UserError({"", "graphs within graphs", fmt::format("up to {}", deepest), "nest fewer branches and loops"});
  const Deeper deeper(depth);
  const TfliteSubgraph subgraph = file.subgraph(index);
  check_supported(subgraph);
  ImportedGraph result{.graph = {.name = subgraph.name.empty() ? "main" : subgraph.name}};
  Graph &graph = result.graph;
  TensorTable tensors(*this, subgraph, graph, handles);
  for (int32_t input : subgraph.inputs)
    if (!tensors.is_resource(input)) graph.inputs.push_back(tensors.id(input));
  Problems problems;
  for (size_t position : execution_order(subgraph, tensors.given())) {
    const TfliteOperator &entry = subgraph.operators[position];
    collect(problems, entry.origin, [&] { add_nodes(tensors, entry); });
  }
  problems.throw_if_any();
  for (int32_t output : subgraph.outputs)
    if (!tensors.is_resource(output)) add_output(graph, tensors.id(output));
  result.variables = tensors.variables();
  if (depth > 1 && remembers(result) && !remembering.insert(index).second)
    throw UserError({fmt::format("graph {}", index), "operators that remember, used by several others", "one user of such a graph",
                     "give each user a graph of its own"});
  return result;
}

bool is_tflite(std::span<const uint8_t> bytes) {
  return bytes.size() >= 8 && tflite::ModelBufferHasIdentifier(bytes.data());
}

Module import_tflite(std::span<const uint8_t> bytes, std::string_view place) {
  try {
    TfliteFile file(bytes);
    Module module;
    module.graphs.push_back(import_main_graph(file));
    verify_import(module);
    check_weights(module.main());
    return module;
  } catch (const UserError &error) {
    std::vector<Problem> problems = error.problems();
    for (Problem &problem : problems)
      problem.place = problem.place.empty() ? std::string(place) : fmt::format("{}, {}", place, problem.place);
    throw UserError(std::move(problems), error.code());
  }
}

}  // namespace whit
