// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/onnx/reader.hpp"

#include "compiler/importers/onnx/operators.hpp"
#include "ops/op_def.hpp"
#include "ops/scale_features/scale_features.hpp"

namespace whit {

namespace {

constexpr int64_t most_features = 32767;

// The last size of a two-dimensional shape; a model of one feature may leave it out.
int64_t features_of(const onnx_file::ValueInfo &input, const std::string &place) {
  const onnx_file::Shape &shape = input.type().tensor_type().shape();
  const int64_t rows = shape.dim_size() == 2 ? shape.dim(0).dim_value() : 0, count = shape.dim_size() == 2 ? shape.dim(1).dim_value() : 0;
  if (rows < 0 || rows > 1 || count < 1 || count > most_features)
    throw UserError({fmt::format("{}, input '{}'", place, input.name()), fmt::format("{} axes, {} rows of {} features", shape.dim_size(), rows, count),
                     fmt::format("one row, or an open number of them, of 1 to {} features", most_features),
                     "export with a known number of features, such as FloatTensorType([None, 4])"});
  return count;
}

bool is_number(int32_t type) { return type == 1 || type == 6 || type == 7 || type == 11; }

}  // namespace

OnnxReader::OnnxReader(Graph &graph, const onnx_file::Graph &file, std::string place) : graph_(graph), file_(file), place_(std::move(place)) {
  for (const onnx_file::Tensor &tensor : file.initializer()) constants_[tensor.name()] = &tensor;
}

void OnnxReader::read() {
  if (file_.output_size() == 0) throw UserError({place_, "no outputs", "at least one", "the file is damaged"});
  add_inputs();
  note_needed();
  for (int index = 0; index < file_.node_size(); ++index) {
    const onnx_file::Node &node = file_.node(index);
    const OnnxNode origin(node, fmt::format("{}, node {}, {}", place_, index, node.op_type()));
    bool wanted = false;
    for (size_t output = 0; output < origin.outputs(); ++output) wanted |= needs(origin, output);
    if (wanted) import_onnx_node(*this, origin);
  }
  const std::string name = file_.output(0).name();
  const auto found = values_.find(name);
  if (found == values_.end()) throw UserError({place_, fmt::format("output '{}', which no node gives", name), "", "the file is damaged"});
  onnx_file::Node last;
  last.add_input(name);
  graph_.outputs = {real(OnnxNode(last, place_))};
}

void OnnxReader::add_inputs() {
  for (const onnx_file::ValueInfo &input : file_.input()) {
    if (constants_.contains(input.name())) continue;
    const int64_t count = features_of(input, place_);
    if (!is_number(input.type().tensor_type().elem_type()))
      throw UserError({fmt::format("{}, input '{}'", place_, input.name()), fmt::format("element type {}", input.type().tensor_type().elem_type()),
                       "numbers: float, double, int32, int64", "encode texts before they come to the device"});
    const TensorId id = graph_.add_tensor({.name = input.name(), .type = ElementType::float32, .shape = {1, count}});
    graph_.inputs.push_back(id);
    values_[input.name()] = {.tensor = id, .count = count};
  }
  if (graph_.inputs.empty()) throw UserError({place_, "no inputs", "at least one", "the file is damaged"});
}

// Backwards from the first output: what else the file computes, such as probabilities beside a label, is left out.
void OnnxReader::note_needed() {
  needed_.insert(file_.output(0).name());
  for (int index = file_.node_size() - 1; index >= 0; --index) {
    const onnx_file::Node &node = file_.node(index);
    bool wanted = false;
    for (const std::string &output : node.output()) wanted |= needed_.contains(output);
    if (wanted) needed_.insert(node.input().begin(), node.input().end());
  }
}

const OnnxValue &OnnxReader::value(const OnnxNode &node, size_t input) const {
  const auto found = values_.find(node.input(input));
  if (found == values_.end()) node.fail(fmt::format("input {}, '{}', which nothing before gives", input, node.input(input)), "features computed before");
  return found->second;
}

const OnnxValue &OnnxReader::features(const OnnxNode &node, size_t input) const {
  const OnnxValue &found = value(node, input);
  if (found.label) node.fail("a label as its input", "features");
  return found;
}

TensorId OnnxReader::real(const OnnxNode &node, size_t input) {
  const OnnxValue &found = value(node, input);
  if (found.factors.empty()) return found.tensor;
  return add_scale_features(graph_, found.tensor, ElementType::float32, {.factors = found.factors, .offsets = found.offsets}, node.place());
}

std::vector<double> OnnxReader::constant(const OnnxNode &node, size_t input) const {
  const auto found = constants_.find(node.input(input));
  if (found == constants_.end()) node.fail(fmt::format("input {}, '{}', that is computed", input, node.input(input)), "a constant of the file");
  return onnx_numbers(*found->second, node.place());
}

void OnnxReader::set(const OnnxNode &node, size_t output, OnnxValue value) {
  const std::string name = node.output(output);
  if (!name.empty()) values_[name] = std::move(value);
}

TensorId OnnxReader::add_constant(const std::vector<double> &values, Shape shape) {
  return graph_.add_constant("", ElementType::float32, std::move(shape), bytes_of<float>({values.begin(), values.end()}));
}

TensorId OnnxReader::emit(const OnnxNode &origin, std::string op, std::vector<TensorId> inputs, Attributes attributes) {
  Node node{.op = std::move(op), .inputs = std::move(inputs), .attributes = std::move(attributes), .origin = origin.place()};
  const TensorType type = operator_of(node).infer(NodeView(graph_, node)).at(0);
  node.outputs = {graph_.add_tensor({.name = origin.output(0), .type = type.type, .shape = type.shape})};
  graph_.nodes.push_back(node);
  return node.outputs[0];
}

OnnxValue OnnxReader::row(TensorId tensor) const { return {.tensor = tensor, .count = graph_.tensor(tensor).elements()}; }

}  // namespace whit
