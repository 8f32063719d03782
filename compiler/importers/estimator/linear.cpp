// SPDX-License-Identifier: Apache-2.0
// The step "linear": one row of weights an output, or one for each pair of classes.
#include "compiler/importers/estimator/steps.hpp"
#include "ops/linear/linear.hpp"

namespace whit {

TensorId import_linear(Graph &graph, const JsonValue &step, const EstimatorInput &input) {
  LinearModel model{.features = input.features, .bias = step.member("bias").reals(), .result = input.result};
  const JsonValue weights = step.member("weights");
  if (weights.size() != model.rows() || weights.size() == 0) weights.refuse(fmt::format("{} rows, one for each bias", std::max<size_t>(1, model.rows())));
  for (size_t row = 0; row < weights.size(); ++row) {
    const JsonValue values = weights.element(row);
    if (static_cast<int64_t>(values.size()) != input.features) values.refuse(fmt::format("{} weights, one a feature", input.features));
    for (double value : values.reals()) model.weights.push_back(value);
  }
  if (step.has("pairs") && step.member("pairs").boolean()) {
    if (model.result != "label") step.member("pairs").refuse("pairs of classes where the result is a label");
    model.result = "pairs";
  }
  LinearOptions options{.type = input.type, .scales = input.scales};
  if (step.has("weight_bits")) options.weight_bits = static_cast<int>(step.member("weight_bits").integer(8, 16));
  if (options.weight_bits != 8 && options.weight_bits != 16) step.member("weight_bits").refuse("8 or 16");
  return add_linear(graph, graph.inputs[0], model, options, step.place());
}

}  // namespace whit
