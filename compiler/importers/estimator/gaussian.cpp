// SPDX-License-Identifier: Apache-2.0
// The step "gaussian": for each class a constant less the squares of weighted distances from its centre.
#include "ops/gaussian/gaussian.hpp"

#include <algorithm>
#include <cmath>

#include "compiler/importers/estimator/steps.hpp"

namespace whit {

namespace {

std::string form_of(const JsonValue &step) {
  std::string form = step.member("form").text();
  if (form != "diagonal" && form != "triangular" && form != "full") step.member("form").refuse("diagonal, triangular, full", see_the_format);
  return form;
}

// One row of weights: what is stored and where the centre lies go into weights and offset.
void read_row(Gaussian &model, const std::vector<double> &weights, const std::vector<double> &centre, int64_t row, const Sample &sample) {
  double offset = 0;
  for (int64_t feature = model.first(row); feature < model.last(row); ++feature) {
    const auto index = static_cast<size_t>(feature);
    const double weight = weights[static_cast<size_t>(feature - model.first(row))];
    model.weights.push_back(weight * sample.scale(index));
    offset += weight * (sample.offset(index) - centre[index]);
  }
  model.offsets.push_back(offset);
}

void read_class(Gaussian &model, const JsonValue &one, const Sample &sample) {
  const JsonValue rows = one.member("weights"), centre = one.member("centre");
  if (static_cast<int64_t>(centre.size()) != sample.count) centre.refuse(fmt::format("{} values, one a feature", sample.count));
  const auto count = static_cast<int64_t>(rows.size());
  if (count == 0 || count > sample.count || (model.form != "full" && count != sample.count)) rows.refuse(fmt::format("{} rows, one a feature", sample.count));
  if (model.rows != 0 && model.rows != count) rows.refuse(fmt::format("{} rows, as the first class has", model.rows));
  model.rows = count;
  const std::vector<double> middle = centre.reals();
  for (int64_t row = 0; row < count; ++row) {
    const JsonValue values = rows.element(static_cast<size_t>(row));
    const int64_t width = model.last(row) - model.first(row);
    const std::vector<double> weights = values.array() ? values.reals() : std::vector<double>{values.real()};
    if (static_cast<int64_t>(weights.size()) != width) values.refuse(fmt::format("{} weights", width));
    read_row(model, weights, middle, row, sample);
  }
  model.constants.push_back(one.member("constant").real());
}

}  // namespace

TensorId import_gaussian(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result) {
  Gaussian model{.features = sample.count, .form = form_of(step), .result = result};
  const JsonValue classes = step.member("classes");
  if (classes.size() == 0) classes.refuse("one class or more");
  for (size_t index = 0; index < classes.size(); ++index) read_class(model, classes.element(index), sample);
  if (step.has("largest")) model.largest = step.member("largest").real();
  if (!(model.largest >= 0 && model.largest < 1e6)) step.member("largest").refuse("0 or more, below 1e6", see_the_format);
  return add_gaussian(graph, sample.tensor, model, step.place());
}

}  // namespace whit
