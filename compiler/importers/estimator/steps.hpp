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

// The hint where a file is sound but asks for what there is not.
inline constexpr const char *see_the_format = "docs/formats/estimator.md tells what there is";

// Adds the nodes of all steps to the graph: those that prepare the features, and the last, which gives the result.
TensorId import_steps(Graph &graph, const JsonValue &steps, const Sample &sample, const std::string &result);

// Adds those of steps that prepare features, all but so many `behind` them; the features that come out.
Sample prepared_sample(Graph &graph, const JsonValue &steps, Sample sample, size_t behind = 0);

// One function a kind. What prepares features returns those that come out of it.
Sample import_project(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_impute(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_map(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_normalize(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_parts(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_power(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_products(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_select(Graph &graph, const JsonValue &step, const Sample &sample);
Sample import_scale(Graph &graph, const JsonValue &step, const Sample &sample);

// What gives a result returns its tensor.
TensorId import_features(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);
TensorId import_gaussian(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);
TensorId import_kernel_machine(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);
TensorId import_linear(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);
TensorId import_neighbours(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);
TensorId import_trees(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);

// The probabilities of the classes, by the step's rule for them, from its sums.
TensorId add_probabilities(Graph &graph, const JsonValue &step, TensorId sums);

// What a model or a part of one may be asked for.
bool is_result(std::string_view name);

// A function of a feature by its knots, places and values in real numbers.
struct MapKnots {
  std::vector<double> places{}, values{};
};

struct MapOutput {
  int64_t feature = 0;
  MapKnots knots{};
};

// Features that are such functions of others: lines between the knots, or steps.
Sample mapped_sample(Graph &graph, const JsonValue &step, const Sample &sample, const std::vector<MapOutput> &outputs, bool lines);

// All features of all these, side by side: integers of 16 bits where all are integers, else float32; what each stands for stays its own.
Sample features_side_by_side(Graph &graph, const JsonValue &step, const std::vector<Sample> &samples);

// The weights and bias of a step, for what is stored.
LinearModel read_linear(const JsonValue &step, const Sample &sample, LinearOptions &options);

}  // namespace whit
