// SPDX-License-Identifier: Apache-2.0
// From the node or nodes that an operator's function makes to nodes of the graph: arity, inference, and the comparison
// of what the file says of each output with what the operator gives.
#include <algorithm>
#include <utility>

#include "compiler/importers/tflite/operator_reader.hpp"
#include "ops/evaluate.hpp"

namespace whit {

namespace {

void check_arity(const OpDef &definition, const Node &node, size_t outputs, const std::string &place) {
  const size_t inputs = node.inputs.size();
  const bool enough = definition.outputs == any_number || outputs + node.outputs.size() >= definition.outputs;
  if (inputs > definition.most_inputs)
    throw UserError({place, fmt::format("{} inputs", inputs), fmt::format("up to {}", definition.most_inputs), "split it into several operators"});
  if (inputs < definition.least_inputs || !enough)
    throw UserError({place, fmt::format("{} inputs and {} outputs", inputs, outputs),
                     fmt::format("{} to {} inputs, {} outputs", definition.least_inputs, definition.most_inputs,
                                 definition.outputs),
                     damaged});
  for (size_t index = 0; index < definition.least_inputs; ++index)
    if (node.inputs[index] == no_tensor)
      throw UserError({place, fmt::format("input {} of {} is absent", index, definition.name), "inputs that are all there", damaged});
}

bool agree(const TfliteTensor &stored, const Shape &inferred) {
  const Shape &shape = stored.tensor.shape;
  if (shape.empty()) return true;  // the format's way to say "not known"
  if (shape.size() != inferred.size()) return false;
  for (size_t axis = 0; axis < shape.size(); ++axis)
    if (shape[axis] != inferred[axis] && !stored.dynamic[axis]) return false;
  return true;
}

// Prepares the node for its operator: origin set, absent inputs at the end dropped, arity checked.
const OpDef &definition_of(Node &node, size_t outputs, const std::string &origin) {
  node.origin = origin;
  while (!node.inputs.empty() && node.inputs.back() == no_tensor) node.inputs.pop_back();
  const OpDef &definition = operator_of(node);
  check_arity(definition, node, outputs, origin);
  return definition;
}

// Whether such numbers mean nothing without a scale.
bool needs_scale(ElementType type) {
  return type == ElementType::int4 || type == ElementType::int8 || type == ElementType::uint8 || type == ElementType::int16;
}

// Only operators that take stored values as they are, or compare them, can do without a scale.
void check_scales(const NodeView &node) {
  static constexpr std::string_view movers[] = {
      "abs", "arg_max", "arg_min", "broadcast_to", "cast", "circular_buffer", "concatenation", "copy",
      "dynamic_update_slice", "gather", "gather_nd", "if", "maximum", "minimum", "pad", "reduce_max", "reduce_min",
      "reshape", "resize_bilinear", "select", "slice", "transpose", "while"};
  const std::string &op = node.node().op;
  if (std::ranges::find(movers, op) != std::end(movers) || op.starts_with("signal_")) return;
  const auto check = [&](const Tensor &tensor) {
    if (needs_scale(tensor.type) && !tensor.quantization.present())
      throw UserError({node.place(), fmt::format("tensor '{}' is {} without a scale", tensor.name, name_of(tensor.type)), "integers with scale and zero point",
                       "convert the model with full integer quantisation"});
  };
  for (size_t index = 0; index < node.input_count(); ++index)
    if (node.has_input(index)) check(node.input(index));
  for (size_t index = 0; index < node.output_count(); ++index) check(node.output(index));
}

// Whether the result of constants alone is one as well: small shapes and counts, which other operators want as constants,
// and weights that a converter stored in another type or order than they are used in.
bool makes_constants(const Graph &graph, const Node &node) {
  constexpr int64_t most_bytes = 512;
  static constexpr std::string_view rewriters[] = {"dequantize", "quantize", "cast", "reshape", "transpose"};
  for (TensorId id : node.inputs)
    if (id == no_tensor || !graph.tensor(id).is_constant()) return false;
  const bool any_size = std::ranges::find(rewriters, node.op) != std::end(rewriters);
  for (TensorId id : node.outputs) {
    const Tensor &output = graph.tensor(id);
    const bool counts = output.type == ElementType::int32 || output.type == ElementType::int64 || output.type == ElementType::boolean;
    if (output.variable || (!any_size && (!counts || output.bytes() > most_bytes))) return false;
  }
  return node.bodies.empty() && portable_kernel(NodeView(graph, node)) != nullptr;
}

// Adds the node, or what it gives where that is constant.
void add_node(TensorTable &tensors, Node node) {
  Graph &graph = tensors.graph();
  const NodeView view(graph, node);
  check_scales(view);
  if (!makes_constants(graph, node)) return graph.nodes.push_back(std::move(node));
  for (TensorId id : node.outputs) tensors.model().file.charge(static_cast<uint64_t>(graph.tensor(id).bytes()));
  const std::vector<Bytes> values = evaluate_constant(view);
  for (size_t place = 0; place < values.size(); ++place)
    graph.tensor(node.outputs[place]).constant = std::make_shared<const Bytes>(values[place]);
}

}  // namespace

TensorId OperatorReader::emit(Node node) {
  Quantization quantization = in_graph(node.inputs.at(0)).quantization;
  return emit(std::move(node), std::move(quantization));
}

TensorId OperatorReader::emit(Node node, Quantization quantization) {
  Graph &graph = tensors_.graph();
  const TensorType type = definition_of(node, 1, entry_.origin).infer(NodeView(graph, node)).at(0);
  check_size(type.type, type.shape, entry_.origin);
  const TensorId id = graph.add_tensor({.name = fmt::format("{}, step {}", output().name, graph.tensors.size()),
                                        .type = type.type, .shape = type.shape,
                                        .quantization = std::move(quantization)});
  node.outputs = {id};
  add_node(tensors_, std::move(node));
  return id;
}

TensorId OperatorReader::add_constant(std::string name, ElementType type, Shape shape, Bytes bytes,
                                      Quantization quantization) {
  return tensors_.graph().add_constant(std::move(name), type, std::move(shape), std::move(bytes),
                                       std::move(quantization));
}

void OperatorReader::settle_constant(Bytes values) {
  tensors_.model().file.charge(values.size());
  Tensor &tensor = tensors_.graph().tensor(tensors_.id(entry_.outputs.at(settled_++)));
  tensor.constant = std::make_shared<const Bytes>(std::move(values));
}

void OperatorReader::emit_outputs(Node node) {
  if (node.op.empty()) return;
  Graph &graph = tensors_.graph();
  const OpDef &definition = definition_of(node, outputs_left(), entry_.origin);
  const std::vector<TensorId> variables = std::exchange(node.outputs, {});
  const std::vector<size_t> places = next_outputs(definition.outputs == any_number ? outputs_left() : definition.outputs - variables.size());
  for (size_t place : places) node.outputs.push_back(tensors_.id(entry_.outputs[place]));
  node.outputs.insert(node.outputs.end(), variables.begin(), variables.end());
  std::vector<TensorType> inferred = definition.infer(NodeView(graph, node));
  if (inferred.size() != node.outputs.size())
    fail(fmt::format("{} outputs", places.size()), fmt::format("{} outputs", inferred.size() - variables.size()), damaged);
  for (size_t index = 0; index < places.size(); ++index) settle_output(places[index], inferred[index]);
  add_node(tensors_, std::move(node));
}

// The places of the operator's next outputs, so many or as many as are left; resources are passed over.
std::vector<size_t> OperatorReader::next_outputs(size_t count) {
  std::vector<size_t> places;
  for (; places.size() < count && settled_ < entry_.outputs.size(); ++settled_)
    if (!is_resource_output(settled_)) places.push_back(settled_);
  return places;
}

// Takes what the operator gives, once it agrees with what the file says.
void OperatorReader::settle_output(size_t position, const TensorType &inferred) {
  const int32_t index = entry_.outputs.at(position);
  const TfliteTensor &stored = tensors_.stored(index);
  const Tensor &claimed = stored.tensor;
  if (claimed.type != inferred.type || !agree(stored, inferred.shape))
    throw UserError({fmt::format("{}, output '{}'", entry_.origin, claimed.name),
                     fmt::format("{} of {}, but the operator gives {} of {}", text_of(claimed.shape),
                                 name_of(claimed.type), text_of(inferred.shape), name_of(inferred.type)),
                     "", "the file is damaged, or its converter knew other rules: export it again"});
  check_size(inferred.type, inferred.shape, entry_.origin);
  tensors_.set_shape(index, inferred.shape);
}

}  // namespace whit
