// SPDX-License-Identifier: Apache-2.0
// The step "project": new features, each a weighted sum of those there are (principal components). Integers become 16 bits
// that hold whatever the features are.
#include "compiler/importers/estimator/steps.hpp"
#include "ops/linear/linear.hpp"

namespace whit {

Sample import_project(Graph &graph, const JsonValue &step, const Sample &sample) {
  LinearOptions options;
  LinearModel model = read_linear(step, sample, options);
  model.result = sample.integers() ? "integers" : "scores";
  const TensorId projected = add_linear(graph, sample.tensor, model, options, step.place());
  const Tensor &tensor = graph.tensor(projected);
  return {.tensor = projected, .type = tensor.type, .count = tensor.elements(),
          .scales = sample.integers() ? std::vector<double>{static_cast<double>(tensor.quantization.scale())} : std::vector<double>{}};
}

}  // namespace whit
