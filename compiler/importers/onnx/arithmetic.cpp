// SPDX-License-Identifier: Apache-2.0
// Arithmetic with constants, which changes what a row's numbers stand for; products with matrices, activations, and the
// place of the largest: what exporters write for scalers, projections and small networks.
#include "compiler/importers/onnx/operators.hpp"
#include "ops/linear/linear.hpp"

namespace whit::onnx_operators {

namespace {

// A constant for each feature, or one for all.
std::vector<double> constant_row(const OnnxReader &reader, const OnnxNode &node, size_t input, int64_t count) {
  std::vector<double> values = reader.constant(node, input);
  if (values.size() == 1) values.resize(static_cast<size_t>(count), values[0]);
  if (static_cast<int64_t>(values.size()) != count) node.fail(fmt::format("{} values", values.size()), fmt::format("one, or {}", count));
  return values;
}

// What one feature becomes: factor * real + offset.
struct Affine {
  double factor = 1, offset = 0;
};

// `change` says what the constant does; `constant_first`: constant (op) features.
void with_constant(OnnxReader &reader, const OnnxNode &node, Affine (*change)(double constant, bool constant_first)) {
  const bool constant_first = reader.is_constant(node, 0);
  const OnnxValue &value = reader.features(node, constant_first ? 1 : 0);
  const std::vector<double> constants = constant_row(reader, node, constant_first ? 0 : 1, value.count);
  OnnxValue changed{.tensor = value.tensor, .count = value.count};
  for (size_t index = 0; index < constants.size(); ++index) {
    const Affine affine = change(constants[index], constant_first);
    changed.factors.push_back(affine.factor * value.factor(index));
    changed.offsets.push_back(affine.factor * value.offset(index) + affine.offset);
  }
  reader.set(node, 0, std::move(changed));
}

void activation(OnnxReader &reader, const OnnxNode &node, const char *op) {
  reader.features(node);
  reader.set(node, 0, reader.row(reader.emit(node, op, {reader.real(node)})));
}

}  // namespace

void add(OnnxReader &reader, const OnnxNode &node) {
  with_constant(reader, node, [](double constant, bool) { return Affine{1, constant}; });
}

void sub(OnnxReader &reader, const OnnxNode &node) {
  with_constant(reader, node, [](double constant, bool first) { return first ? Affine{-1, constant} : Affine{1, -constant}; });
}

void mul(OnnxReader &reader, const OnnxNode &node) {
  with_constant(reader, node, [](double constant, bool) { return Affine{constant, 0}; });
}

void div(OnnxReader &reader, const OnnxNode &node) {
  if (reader.is_constant(node, 0)) node.fail("a constant divided by features", "features divided by constants");
  with_constant(reader, node, [](double constant, bool) { return Affine{1 / constant, 0}; });
}

// Features times a matrix of a column for each new one.
void mat_mul(OnnxReader &reader, const OnnxNode &node) {
  const OnnxValue &value = reader.features(node);
  const std::vector<double> matrix = reader.constant(node, 1);
  const auto features = static_cast<size_t>(value.count);
  const size_t columns = matrix.size() / features;
  if (columns == 0 || matrix.size() != features * columns) node.fail(fmt::format("a matrix of {} values", matrix.size()), fmt::format("{} rows, one a feature", features));
  LinearModel model{.features = value.count, .bias = std::vector<double>(columns, 0), .result = "reals"};
  for (size_t column = 0; column < columns; ++column)
    for (size_t feature = 0; feature < features; ++feature) {
      const double weight = matrix[feature * columns + column];
      model.weights.push_back(weight * value.factor(feature));
      model.bias[column] += weight * value.offset(feature);
    }
  reader.set(node, 0, reader.row(add_linear(reader.graph(), value.tensor, model, {}, node.place())));
}

void relu(OnnxReader &reader, const OnnxNode &node) { activation(reader, node, "relu"); }
void sigmoid(OnnxReader &reader, const OnnxNode &node) { activation(reader, node, "logistic"); }
void softmax(OnnxReader &reader, const OnnxNode &node) { activation(reader, node, "softmax"); }
void tanh(OnnxReader &reader, const OnnxNode &node) { activation(reader, node, "tanh"); }

// 1 above 0, -1 below it.
void sign(OnnxReader &reader, const OnnxNode &node) {
  reader.features(node);
  const TensorId data = reader.real(node), zero = reader.add_constant({0}, {1});
  const auto compared = [&](std::string op) { return reader.emit(node, "cast", {reader.emit(node, std::move(op), {data, zero})}, {{"type", "float32"}}); };
  const TensorId above = compared("greater"), below = compared("less");
  reader.set(node, 0, reader.row(reader.emit(node, "sub", {above, below})));
}

void arg_max(OnnxReader &reader, const OnnxNode &node) {
  const int64_t axis = node.integer("axis", 0);
  if (axis != 1 && axis != -1) node.fail(fmt::format("axis {}", axis), "axis 1: over the features");
  reader.features(node);
  reader.set(node, 0, {.tensor = reader.emit(node, "arg_max", {reader.real(node)}, {{"axis", int64_t{1}}}), .count = 1, .label = true});
}

}  // namespace whit::onnx_operators
