// SPDX-License-Identifier: Apache-2.0
// The steps of an estimator file: one function a kind.
#pragma once

#include <string>
#include <vector>

#include "compiler/importers/json_value.hpp"
#include "compiler/ir/graph.hpp"

namespace whit {

struct EstimatorInput {
  int64_t features = 0;
  ElementType type = ElementType::float32;
  std::vector<double> scales{};  // none, one, or one a feature
  std::string result = "label";
};

// Adds the nodes of all steps to the graph, whose input is there; the tensor that holds the result.
TensorId import_steps(Graph &graph, const JsonValue &steps, const EstimatorInput &input);

// One function a kind.
TensorId import_linear(Graph &graph, const JsonValue &step, const EstimatorInput &input);
TensorId import_trees(Graph &graph, const JsonValue &step, const EstimatorInput &input);

}  // namespace whit
