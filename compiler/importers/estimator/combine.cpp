// SPDX-License-Identifier: Apache-2.0
// Estimators of estimators: the step "parts", whose features are the results of whole models on the same sample; and the
// probabilities that a model's sums stand for.
#include <algorithm>
#include <cmath>

#include "compiler/importers/estimator/steps.hpp"
#include "compiler/importers/joined_in_groups.hpp"
#include "ops/scale_features/scale_features.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view results[] = {"label", "scores", "reals", "probabilities"};
constexpr size_t most_parts = 1024;
constexpr int most_levels = 8;

// A float32 node; its output's shape is the first input's, or one value.
TensorId add_real(Graph &graph, std::string op, std::vector<TensorId> inputs, Attributes attributes, const std::string &place, bool one_value = false) {
  const TensorId result = graph.add_tensor({.name = op, .type = float32, .shape = one_value ? Shape{1, 1} : graph.tensor(inputs[0]).shape});
  graph.nodes.push_back({.op = std::move(op), .inputs = std::move(inputs), .outputs = {result}, .attributes = std::move(attributes), .origin = place});
  return result;
}

TensorId add_shares(Graph &graph, TensorId values, const std::string &place) {
  const TensorId all = add_real(graph, "sum", {values}, {{"axes", std::vector<int64_t>{1}}, {"keep_axes", int64_t{1}}}, place, true);
  return add_real(graph, "div", {values, all}, {}, place);
}

// Of one sum s: the shares of e^(-s / 2) and e^(s / 2) are 1 less the logistic function of s, and that.
TensorId add_halves(Graph &graph, const JsonValue &rule, TensorId sum, const std::string &place) {
  if (graph.tensor(sum).elements() != 1) rule.refuse("a rule for one sum alone", see_the_format);
  LinearModel model{.features = 1, .weights = {-0.5, 0.5}, .bias = {0, 0}, .result = "reals"};
  return add_real(graph, "softmax", {add_linear(graph, sum, model, {}, place)}, {}, place);
}

TensorId add_pairs(Graph &graph, const JsonValue &rule, TensorId sums, const std::string &place) {
  Node node{.op = "pair_probabilities", .inputs = {sums}, .origin = place};
  for (std::string_view name : {"slopes", "offsets"}) {
    const std::vector<double> values = rule.member(name).reals();
    if (static_cast<int64_t>(values.size()) != graph.tensor(sums).elements()) rule.member(name).refuse("one number a pair");
    node.inputs.push_back(graph.add_constant(std::string(name), float32, {static_cast<int64_t>(values.size())}, bytes_of(std::vector<float>(values.begin(), values.end()))));
  }
  const std::vector<TensorType> types = find_operator("pair_probabilities")->infer(NodeView(graph, node));
  node.outputs = {graph.add_tensor({.name = "probabilities", .type = types[0].type, .shape = types[0].shape})};
  const TensorId result = node.outputs[0];
  graph.nodes.push_back(std::move(node));
  return result;
}

TensorId as_row(Graph &graph, TensorId values, const std::string &place) {
  const int64_t count = graph.tensor(values).elements();
  if (graph.tensor(values).shape == Shape{1, count}) return values;
  const TensorId row = graph.add_tensor({.name = "row", .type = graph.tensor(values).type, .shape = {1, count}});
  graph.nodes.push_back({.op = "reshape", .inputs = {values}, .outputs = {row}, .attributes = {{"shape", std::vector<int64_t>{1, count}}}, .origin = place});
  return row;
}

void check_count(const JsonValue &step, int64_t count) {
  if (count > most_features) step.refuse(fmt::format("up to {} features", most_features), see_the_format);
}

// Rows of one type, one behind the other.
TensorId joined(Graph &graph, std::vector<TensorId> rows, const std::string &place) {
  const auto join = [&](std::vector<TensorId> group) {
    int64_t count = 0;
    for (TensorId row : group) count += graph.tensor(row).elements();
    const TensorId result = graph.add_tensor({.name = "parts", .type = graph.tensor(group[0]).type, .shape = {1, count}});
    graph.nodes.push_back({.op = "concatenation", .inputs = std::move(group), .outputs = {result}, .attributes = {{"axis", int64_t{1}}}, .origin = place});
    return result;
  };
  rows = joined_in_groups(std::move(rows), join);
  return rows.size() == 1 ? rows[0] : join(std::move(rows));
}

// Labels as they are where all are bytes; else everything as float32.
Sample side_by_side(Graph &graph, const JsonValue &step, std::vector<TensorId> values) {
  const bool bytes = std::ranges::all_of(values, [&](TensorId value) { return graph.tensor(value).type == uint8; });
  Sample result{.type = bytes ? uint8 : float32};
  for (TensorId &value : values) {
    value = as_row(graph, value, step.place());
    const ElementType type = graph.tensor(value).type;
    if (type == int32) value = add_real(graph, "cast", {value}, {{"type", "float32"}}, step.place());
    if (!bytes && type == uint8) value = add_scale_features(graph, value, float32, {.factors = {1}, .offsets = {0}}, step.place());
    result.count += graph.tensor(value).elements();
  }
  check_count(step, result.count);
  result.tensor = joined(graph, std::move(values), step.place());
  return result;
}

// Parts may have parts, so many levels of them: no file takes the stack.
void check_levels(const JsonValue &steps, int levels) {
  for (size_t index = 0; index < steps.size(); ++index) {
    const JsonValue step = steps.element(index);
    if (!step.has("parts")) continue;
    if (levels == 0) step.refuse(fmt::format("parts within parts up to {} levels", most_levels), see_the_format);
    const JsonValue parts = step.member("parts");
    for (size_t part = 0; part < parts.size(); ++part) check_levels(parts.element(part).member("steps"), levels - 1);
  }
}

}  // namespace

bool is_result(std::string_view name) { return std::ranges::find(results, name) != std::end(results); }

TensorId add_probabilities(Graph &graph, const JsonValue &step, TensorId sums) {
  const JsonValue rule = step.member("probability");
  const std::string form = rule.member("form").text(), place = step.place();
  sums = as_row(graph, sums, place);
  if (form == "softmax") return add_real(graph, "softmax", {sums}, {}, place);
  if (form == "shares") return add_shares(graph, sums, place);
  if (form == "each") return add_shares(graph, add_real(graph, "logistic", {sums}, {}, place), place);
  if (form == "logistic") return add_halves(graph, rule, sums, place);
  if (form == "pairs") return add_pairs(graph, rule, sums, place);
  rule.member("form").refuse("softmax, shares, each, logistic, pairs", see_the_format);
}

Sample features_side_by_side(Graph &graph, const JsonValue &step, const std::vector<Sample> &samples) {
  const bool integers = std::ranges::all_of(samples, &Sample::integers);
  Sample result{.type = integers ? int16 : float32};
  std::vector<TensorId> rows;
  for (const Sample &sample : samples) {
    const bool as_it_is = sample.type == int16 && !graph.tensor(sample.tensor).quantization.present();
    rows.push_back(!integers  ? real_sample(graph, sample, step.place()).tensor
                   : as_it_is ? sample.tensor
                              : add_scale_features(graph, sample.tensor, int16, {.factors = {1}, .offsets = {0}}, step.place()));
    result.count += sample.count;
    for (size_t feature = 0; integers && feature < static_cast<size_t>(sample.count); ++feature) {
      result.scales.push_back(sample.scale(feature));
      result.offsets.push_back(sample.offset(feature));
    }
  }
  check_count(step, result.count);
  result.tensor = joined(graph, std::move(rows), step.place());
  return result;
}

Sample import_parts(Graph &graph, const JsonValue &step, const Sample &sample) {
  const JsonValue parts = step.member("parts");
  if (parts.size() == 0 || parts.size() > most_parts) parts.refuse(fmt::format("1 to {} parts", most_parts), see_the_format);
  const bool pass = step.has("pass") && step.member("pass").boolean();
  std::vector<TensorId> values;
  std::vector<Sample> features;
  for (size_t index = 0; index < parts.size(); ++index) {
    const JsonValue part = parts.element(index);
    const std::string result = part.member("result").text();
    check_levels(part.member("steps"), most_levels - 1);
    if (result == "features" && values.empty() && !pass) {
      features.push_back(prepared_sample(graph, part.member("steps"), sample));
      continue;
    }
    if (!is_result(result) || result == "scores" || !features.empty()) part.member("result").refuse("label, reals, probabilities, or features of all parts", see_the_format);
    values.push_back(import_steps(graph, part.member("steps"), sample, result));
  }
  if (!features.empty()) return features_side_by_side(graph, step, features);
  if (pass) values.push_back(real_sample(graph, sample, step.place()).tensor);
  return side_by_side(graph, step, std::move(values));
}

}  // namespace whit
