// SPDX-License-Identifier: Apache-2.0
// Operators that read and write what outlives a run.
#include <algorithm>

#include "compiler/importers/tflite/custom_options.hpp"
#include "compiler/importers/tflite/operators.hpp"
#include "compiler/importers/tflite/weights.hpp"
#include "ops/circular_buffer/circular_buffer.hpp"
#include "ops/evaluate.hpp"
#include "ops/verify.hpp"

namespace whit::tflite_operators {

namespace {

constexpr int64_t most_initial_bytes = int64_t{1} << 26;
constexpr int64_t most_initial_macs = int64_t{1} << 28;

// Graphs that make constants and assign them are small; anything else would only keep the host busy.
void check_effort(const OperatorReader &reader, const Graph &graph) {
  int64_t bytes = 0, macs = 0;
  for (const Tensor &tensor : graph.tensors) bytes += tensor.bytes();
  for (const Node &node : graph.nodes) macs += macs_of(NodeView(graph, node));
  if (bytes > most_initial_bytes || macs > most_initial_macs)
    reader.fail(fmt::format("{} bytes and {} products before the first run", bytes, macs),
                fmt::format("up to {} bytes, {} products", most_initial_bytes, most_initial_macs), "");
}

bool mentions(const Graph &graph, TensorId id) {
  return std::ranges::any_of(graph.nodes, [&](const Node &node) {
    return std::ranges::find(node.inputs, id) != node.inputs.end() || std::ranges::find(node.outputs, id) != node.outputs.end();
  });
}

// The values that the first run would find must be those that were there at the start.
void check_nothing_before(OperatorReader &reader, const std::string &name) {
  const auto here = reader.tensors().variables().find(name);
  if (here != reader.tensors().variables().end() && mentions(reader.tensors().graph(), here->second))
    reader.fail(fmt::format("variable '{}' is used before it is initialised", name), "CALL_ONCE before its variables' users",
                "initialise variables first");
}

}  // namespace

Node remembering(OperatorReader &reader, Node node, States states) {
  Graph &graph = reader.tensors().graph();
  node.origin = reader.entry().origin;
  const Quantization quantization = graph.tensor(node.inputs.at(0)).quantization;
  for (const TensorType &state : states(NodeView(graph, node))) {
    check_size(state.type, state.shape, node.origin);
    Tensor variable{.name = fmt::format("{}, state", reader.output().name), .type = state.type, .shape = state.shape,
                    .variable = true};
    reader.tensors().model().file.charge_variable(static_cast<uint64_t>(variable.bytes()));
    if (state.type == ElementType::int8) {  // it begins with what stands for 0 in the output, as in the reference
      variable.quantization = reader.output().quantization;
      variable.initial = reset_value(variable);
      variable.quantization = quantization;
    }
    node.outputs.push_back(graph.add_tensor(std::move(variable)));
  }
  node.inputs.insert(node.inputs.end(), node.outputs.begin(), node.outputs.end());
  return node;
}

// Files without the option are from before it: the reference knows the shapes of two such models.
static int64_t usual_cycles(OperatorReader &reader, const Shape &shape) {
  int &counted = reader.tensors().model().buffers_without_cycles;
  const bool every_run = shape[1] == 5 || shape[1] == 13 || shape[1] == 25 ||
                         (++counted == 5 && shape[2] == 2 && shape[3] == 96);
  if (every_run) counted = 0;
  return every_run ? 1 : 2;
}

// The file's output is a variable, where the reference keeps the slices; here it only shows them.
Node circular_buffer(OperatorReader &reader) {
  const Shape shape = reader.output().shape;
  if (shape.size() != 4) reader.fail("an output of shape " + text_of(shape), "four axes", damaged);
  int64_t cycles = reader.custom_options().empty() ? 0 : CustomOptions(reader).integer("cycles_max", 0);
  if (cycles < 1) cycles = usual_cycles(reader, shape);
  if (cycles > 1 && reader.tensors().model().depth > 1)
    reader.fail(fmt::format("a buffer that is due every {} runs, within another graph", cycles), "such buffers in the main graph", "");
  Node node = remembering(reader, {.op = "circular_buffer", .inputs = {reader.data(0)}, .attributes = {{"slots", shape[1]}, {"cycles", cycles}}},
                          circular_buffer_states);
  Graph &graph = reader.tensors().graph();
  Tensor &output = graph.tensor(reader.tensors().id(reader.entry().outputs.at(0)));
  output.variable = false;
  output.initial = nullptr;
  const std::string name = fmt::format("{}, due", output.name);
  node.outputs.insert(node.outputs.begin(), graph.add_tensor({.name = name, .type = ElementType::boolean, .shape = {1}}));
  return node;
}

// The state is the last input, and what the operator leaves for its next run.
Node svdf(OperatorReader &reader) {
  const auto options = reader.options<tflite::SVDFOptions>();
  const TensorId state = reader.variable(4);
  Node node{.op = "svdf", .inputs = {reader.data(0), reader.weights(1), reader.weights(2), reader.bias(3), state},
            .outputs = {state}, .attributes = {{"rank", int64_t{options.rank}}}};
  set_activation(node.attributes, reader, options.fused_activation_function);
  return node;
}

// Inputs: data; weights, recurrent weights, peepholes (of three gates), biases; projection and its bias; hidden and cell
// state; layer normalisation.
Node unidirectional_sequence_lstm(OperatorReader &reader) {
  const auto options = reader.options<tflite::UnidirectionalSequenceLSTMOptions>();
  const auto refuse = [&](size_t first, size_t last, const char *what) {
    for (size_t position = first; position <= last; ++position)
      if (reader.has_input(position))
        reader.fail(what, "the plain LSTM, as the reference runs it", "use a plain LSTM layer, as keras.layers.LSTM is");
  };
  refuse(9, 11, "peephole connections");
  refuse(16, 17, "a projection");
  refuse(20, 23, "layer normalisation");
  if (!reader.has_input(1)) reader.fail("coupled input and forget gates (CIFG)", "four gates", "use a plain LSTM layer");
  if (options.fused_activation_function != tflite::ActivationFunctionType_TANH)
    reader.fail(fmt::format("activation {}", tflite::EnumNameActivationFunctionType(options.fused_activation_function)), "TANH",
                "use an LSTM layer with its usual activations");
  if (options.diagonal_recurrent_tensors) reader.fail("diagonal recurrent weights", "full ones", "use a plain LSTM layer");
  Node node{.op = "lstm", .inputs = {reader.data(0)}};
  for (size_t position = 1; position < 9; ++position) node.inputs.push_back(reader.weights(position));
  for (size_t position = 12; position < 16; ++position) node.inputs.push_back(reader.bias(position));
  for (size_t position : {18, 19}) node.outputs.push_back(reader.variable(position));
  node.inputs.insert(node.inputs.end(), node.outputs.begin(), node.outputs.end());
  node.attributes = {{"time_major", int64_t{options.time_major}}, {"cell_clip", static_cast<double>(options.cell_clip)}};
  return node;
}

Node var_handle(OperatorReader &reader) {
  const auto *options = reader.table<tflite::VarHandleOptions>();
  const auto text = [](const flatbuffers::String *string) { return string == nullptr ? std::string() : printable(string->string_view()); };
  if (options == nullptr || reader.output_count() != 1 || !reader.is_resource_output(0))
    reader.fail("no name, or an output that is no resource", "", damaged);
  reader.output_handle(0) = fmt::format("{}/{}", text(options->container()), text(options->shared_name()));
  reader.skip_output();
  return {};
}

Node read_variable(OperatorReader &reader) {
  return {.op = "copy", .inputs = {reader.variable_behind(0, reader.output())}};
}

Node assign_variable(OperatorReader &reader) {
  return {.op = "copy", .inputs = {reader.data(1)}, .outputs = {reader.variable_behind(0, reader.tensor(1))}};
}

// The graph it names has no inputs, so that the host can run it: its variables start with what it gives them.
Node call_once(OperatorReader &reader) {
  const auto options = reader.options<tflite::CallOnceOptions>();
  if (reader.input_count() != 0 || reader.output_count() != 0) reader.fail("inputs or outputs", "none", damaged);
  ModelImport &model = reader.tensors().model();
  if (model.depth > 1) reader.fail("a first run within another graph", "CALL_ONCE in the main graph only", "");
  ImportedGraph once = model.graph(options.init_subgraph_index, {});
  if (!once.graph.inputs.empty()) reader.fail("a graph with inputs", "none", damaged);
  for (const auto &[name, id] : once.variables) {
    check_nothing_before(reader, name);
    once.graph.tensor(id).initial = model.resources.known(name).initial;
  }
  check_effort(reader, once.graph);
  verify_import(Module{{once.graph}});
  check_weights(once.graph);
  Evaluator evaluator(once.graph);
  evaluator.run();
  for (const auto &[name, id] : once.variables) {
    const auto bytes = evaluator.bytes(id);
    model.resources.known(name).initial = std::make_shared<const Bytes>(bytes.begin(), bytes.end());
  }
  return {};
}

}  // namespace whit::tflite_operators
