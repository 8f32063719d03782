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

void check_arity(const OpDef &definition, const Node &node, const TfliteOperator &entry) {
  if (entry.inputs.size() < definition.least_inputs || entry.outputs.size() != definition.outputs ||
      node.inputs.size() > definition.most_inputs)
    throw UserError({entry.origin, fmt::format("{} inputs and {} outputs", entry.inputs.size(), entry.outputs.size()),
                     fmt::format("{} to {} inputs, {} outputs", definition.least_inputs, definition.most_inputs,
                                 definition.outputs),
                     damaged});
}

bool agree(const TfliteTensor &stored, const Shape &inferred) {
  const Shape &shape = stored.tensor.shape;
  if (shape.empty()) return true;  // the format's way to say "not known"
  if (shape.size() != inferred.size()) return false;
  for (size_t axis = 0; axis < shape.size(); ++axis)
    if (shape[axis] != inferred[axis] && !stored.dynamic[axis]) return false;
  return true;
}

// Compares what the file says of an output with what the operator gives, and takes the latter.
void settle_output(TensorTable &tensors, int32_t index, const TensorType &inferred, const TfliteOperator &entry) {
  const TfliteTensor &stored = tensors.stored(index);
  const Tensor &claimed = stored.tensor;
  if (claimed.type != inferred.type || (!tensors.batch_pinned() && !agree(stored, inferred.shape)))
    throw UserError({fmt::format("{}, output '{}'", entry.origin, claimed.name),
                     fmt::format("{} of {}, but the operator gives {} of {}", text_of(claimed.shape),
                                 name_of(claimed.type), text_of(inferred.shape), name_of(inferred.type)),
                     "", damaged});
  check_size(inferred.type, inferred.shape, entry.origin);
  tensors.set_shape(index, inferred.shape);
}

void add_node(Graph &graph, TensorTable &tensors, const TfliteOperator &entry) {
  OperatorReader reader(entry, tensors);
  Node node = find_importer(entry.code)(reader);
  node.origin = entry.origin;
  while (!node.inputs.empty() && node.inputs.back() == no_tensor) node.inputs.pop_back();
  const OpDef &definition = operator_of(node);
  check_arity(definition, node, entry);
  for (int32_t output : entry.outputs) node.outputs.push_back(tensors.id(output));
  const std::vector<TensorType> inferred = definition.infer(NodeView(graph, node));
  for (size_t position = 0; position < inferred.size(); ++position)
    settle_output(tensors, entry.outputs.at(position), inferred[position], entry);
  graph.nodes.push_back(std::move(node));
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
    collect(problems, entry.origin, [&] { add_node(graph, tensors, entry); });
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
