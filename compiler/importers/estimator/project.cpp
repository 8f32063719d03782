// SPDX-License-Identifier: Apache-2.0
// The step "project": new features, each a weighted sum of those there are (principal components, layers of a network).
// Integers become 16 bits.
#include <algorithm>
#include <cmath>

#include "compiler/importers/estimator/steps.hpp"
#include "ops/linear/linear.hpp"

namespace whit {

namespace {

struct Activation {
  std::string_view name;
  std::string_view op;  // a node behind the sums; none where they take it themselves
};

constexpr Activation activations[] = {{"none", ""}, {"relu", ""}, {"tanh", "tanh"}, {"logistic", "logistic"}};

const Activation &activation_of(const JsonValue &step) {
  if (!step.has("activation")) return activations[0];
  const std::string name = step.member("activation").text();
  const auto *found = std::ranges::find(activations, name, &Activation::name);
  if (found == std::end(activations)) step.member("activation").refuse("none, relu, tanh, logistic", see_the_format);
  return *found;
}

// A function of each value. 16-bit results have 15 fraction bits.
TensorId add_function(Graph &graph, TensorId data, std::string_view op, const std::string &place) {
  Tensor output{.name = std::string(op), .type = graph.tensor(data).type, .shape = graph.tensor(data).shape};
  if (output.type == ElementType::int16) output.quantization = {.scales = {1.0F / 32768}, .zero_points = {0}};
  const TensorId result = graph.add_tensor(std::move(output));
  graph.nodes.push_back({.op = std::string(op), .inputs = {data}, .outputs = {result}, .origin = place});
  return result;
}

}  // namespace

Sample import_project(Graph &graph, const JsonValue &step, const Sample &sample) {
  constexpr double most_for_function = 2.6;  // scales of 16-bit arguments that tables of tanh and logistic take
  LinearOptions options;
  LinearModel model = read_linear(step, sample, options);
  const Activation &activation = activation_of(step);
  model.result = sample.integers() ? "integers" : "scores";
  model.relu = activation.name == "relu";
  if (step.has("largest")) model.largest = step.member("largest").real();
  if (!std::isfinite(model.largest) || model.largest < 0) step.member("largest").refuse("a finite number, 0 or more", see_the_format);
  TensorId result = add_linear(graph, sample.tensor, model, options, step.place());
  if (!activation.op.empty()) {
    if (static_cast<double>(graph.tensor(result).quantization.scale()) > most_for_function && sample.integers())
      step.refuse("sums that a table of the function holds; \"largest\" says how large they get", "give \"largest\", or store the features in float32");
    result = add_function(graph, result, activation.op, step.place());
  }
  const Tensor &tensor = graph.tensor(result);
  return {.tensor = result, .type = tensor.type, .count = tensor.elements(),
          .scales = sample.integers() ? std::vector<double>{static_cast<double>(tensor.quantization.scale())} : std::vector<double>{}};
}

}  // namespace whit
