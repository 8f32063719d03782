// SPDX-License-Identifier: Apache-2.0
// The step "linear": one row of weights an output, or one for each pair of classes.
#include "ops/linear/linear.hpp"

#include "compiler/importers/estimator/steps.hpp"

namespace whit {

namespace {

// What the stored feature stands for goes into the weight and the bias; the operator takes scales of integers itself.
void take_weight(LinearModel &model, size_t row, double weight, const Sample &sample, size_t feature) {
  model.weights.push_back(sample.integers() ? weight : weight * sample.scale(feature));
  model.bias[row] += weight * sample.offset(feature);
}

}  // namespace

LinearModel read_linear(const JsonValue &step, const Sample &sample, LinearOptions &options) {
  LinearModel model{.features = sample.count, .bias = step.member("bias").reals()};
  const JsonValue weights = step.member("weights");
  if (weights.size() != model.rows() || weights.size() == 0) weights.refuse(fmt::format("{} rows, one for each bias", std::max<size_t>(1, model.rows())));
  for (size_t row = 0; row < weights.size(); ++row) {
    const JsonValue values = weights.element(row);
    if (static_cast<int64_t>(values.size()) != sample.count) values.refuse(fmt::format("{} weights, one a feature", sample.count));
    const std::vector<double> numbers = values.reals();
    for (size_t feature = 0; feature < numbers.size(); ++feature) take_weight(model, row, numbers[feature], sample, feature);
  }
  options.type = sample.type;
  if (sample.integers()) options.scales = sample.scales;
  if (step.has("weight_bits")) options.weight_bits = static_cast<int>(step.member("weight_bits").integer(8, 16));
  if (options.weight_bits != 8 && options.weight_bits != 16) step.member("weight_bits").refuse("8 or 16", see_the_format);
  return model;
}

TensorId import_linear(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result) {
  LinearOptions options;
  LinearModel model = read_linear(step, sample, options);
  model.result = result;
  if (step.has("pairs") && step.member("pairs").boolean()) {
    if (result == "scores") step.member("pairs").refuse("pairs of classes where the result is a label, or the pairs' sums as reals", see_the_format);
    if (result == "label") model.result = "pairs";
  }
  return add_linear(graph, sample.tensor, model, options, step.place());
}

}  // namespace whit
