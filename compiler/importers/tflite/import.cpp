// SPDX-License-Identifier: Apache-2.0
// The import from top to bottom: verify, check that every operator is known, read tensors, order, build node by node.
#include "compiler/importers/tflite/import.hpp"

#include "compiler/importers/tflite/operators.hpp"
#include "compiler/importers/tflite/order.hpp"
#include "ops/accumulator_bounds.hpp"
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
  reader.emit_outputs(find_importer(entry.code)(reader));
  if (reader.outputs_left() != 0)
    reader.fail(fmt::format("{} outputs", entry.outputs.size()),
                fmt::format("{} outputs", entry.outputs.size() - reader.outputs_left()), damaged);
}

// What the format specifies for weights, and that the sums they make stay within 32 bits.
void check_weights(const NodeView &node) {
  if (operator_of(node.node()).weight_order == WeightOrder::none) return;
  const Tensor &weights = node.input(1);
  for (int64_t zero_point : weights.quantization.zero_points)
    if (weights.type == ElementType::int8 && zero_point != 0)
      throw UserError({node.place(), fmt::format("int8 weights with zero point {}", zero_point), "zero point 0",
                       "convert the model with symmetric weights, as the format specifies"});
  check_sums(node);
}

void check_weights(const Graph &graph) {
  Problems problems;
  for (const Node &node : graph.nodes) {
    const NodeView view(graph, node);
    collect(problems, view.place(), [&] { check_weights(view); });
  }
  problems.throw_if_any();
}

Graph import_main_graph(TfliteFile &file) {
  const TfliteSubgraph subgraph = file.main_subgraph();
  check_supported(subgraph);
  Graph graph{.name = subgraph.name.empty() ? "main" : subgraph.name};
  TensorTable tensors(file, subgraph, graph);
  for (int32_t input : subgraph.inputs) graph.inputs.push_back(tensors.id(input));
  Problems problems;
  for (size_t position : execution_order(subgraph, tensors.given())) {
    const TfliteOperator &entry = subgraph.operators[position];
    collect(problems, entry.origin, [&] { add_nodes(tensors, entry); });
  }
  problems.throw_if_any();
  for (int32_t output : subgraph.outputs) graph.outputs.push_back(tensors.id(output));
  return graph;
}

}  // namespace

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
