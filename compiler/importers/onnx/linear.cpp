// SPDX-License-Identifier: Apache-2.0
// Linear models: what the features stand for goes into weights and bias.
#include "compiler/importers/onnx/operators.hpp"
#include "ops/linear/linear.hpp"

namespace whit::onnx_operators {

namespace {

LinearModel read_model(OnnxReader &reader, const OnnxNode &node) {
  const OnnxValue &value = reader.features(node);
  LinearModel model{.features = value.count, .weights = node.reals("coefficients"), .bias = node.reals("intercepts")};
  const auto features = static_cast<size_t>(value.count);
  const size_t rows = model.weights.size() / features;
  if (rows == 0 || model.weights.size() != rows * features) node.fail(fmt::format("{} coefficients", model.weights.size()), fmt::format("rows of {}, one a feature", features));
  if (model.bias.empty()) model.bias.resize(rows, 0);
  if (model.bias.size() != rows) node.fail(fmt::format("{} intercepts", model.bias.size()), fmt::format("{}, one a row of coefficients", rows));
  for (size_t index = 0; index < model.weights.size(); ++index) {
    model.bias[index / features] += model.weights[index] * value.offset(index % features);
    model.weights[index] *= value.factor(index % features);
  }
  return model;
}

// Two rows that are opposites say the same as the second alone.
void keep_the_second(LinearModel &model) {
  const size_t features = model.weights.size() / 2;
  if (model.bias.size() != 2 || model.bias[0] != -model.bias[1]) return;
  for (size_t index = 0; index < features; ++index)
    if (model.weights[index] != -model.weights[features + index]) return;
  model.weights.erase(model.weights.begin(), model.weights.begin() + static_cast<std::ptrdiff_t>(features));
  model.bias.erase(model.bias.begin());
}

}  // namespace

void linear_classifier(OnnxReader &reader, const OnnxNode &node) {
  refuse_scores(reader, node);
  LinearModel model = read_model(reader, node);
  const int64_t classes = class_count(node);
  const auto rows = static_cast<int64_t>(model.rows());
  if (rows != classes && !(rows == 1 && classes == 2)) node.fail(fmt::format("{} rows of coefficients for {} classes", rows, classes), "one a class");
  keep_the_second(model);
  reader.set(node, 0, {.tensor = add_linear(reader.graph(), reader.features(node).tensor, model, {}, node.place()), .count = 1, .label = true});
}

void linear_regressor(OnnxReader &reader, const OnnxNode &node) {
  const std::string transform = node.text("post_transform", "NONE");
  if (transform != "NONE") node.fail("post_transform " + transform, "NONE");
  LinearModel model = read_model(reader, node);
  model.result = "reals";
  reader.set(node, 0, reader.row(add_linear(reader.graph(), reader.features(node).tensor, model, {}, node.place())));
}

}  // namespace whit::onnx_operators
