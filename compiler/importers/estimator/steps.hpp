// SPDX-License-Identifier: Apache-2.0
// The steps of an estimator file: one function a kind.
#pragma once

#include <string>
#include <vector>

#include "compiler/importers/estimator/sample.hpp"
#include "compiler/importers/json_value.hpp"
#include "compiler/ir/graph.hpp"
#include "ops/linear/linear.hpp"

namespace whit {

// Adds the nodes of all steps to the graph: those that prepare the features, and the last, which gives the result.
TensorId import_steps(Graph &graph, const JsonValue &steps, Sample sample, const std::string &result);

// One function a kind. What prepares features returns those that come out of it.
Sample import_project(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_map(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_select(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_scale(Graph &graph, const JsonValue &step, const Sample &sample);

// What gives a result returns its tensor.
TensorId import_gaussian(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);
TensorId import_kernel_machine(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);
TensorId import_linear(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);
TensorId import_neighbours(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);
TensorId import_trees(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);

// The weights and bias of a step, for what is stored.
LinearModel read_linear(const JsonValue &step, const Sample &sample, LinearOptions &options);

}  // namespace whit
