// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/estimator/steps.hpp"

namespace whit {

TensorId import_steps(Graph &graph, const JsonValue &steps, const EstimatorInput &input) {
  if (steps.size() != 1) steps.refuse("one step");
  const JsonValue step = steps.element(0), kind = step.member("kind");
  if (kind.text() != "trees") kind.refuse("trees");
  return import_trees(graph, step, input);
}

}  // namespace whit
