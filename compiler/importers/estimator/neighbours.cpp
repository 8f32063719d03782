// SPDX-License-Identifier: Apache-2.0
// The step "neighbours": kept vectors with their values; features become 16-bit integers of one unit, or 8-bit ones.
#include <algorithm>
#include <cmath>

#include "compiler/importers/estimator/eight_bits.hpp"
#include "compiler/importers/estimator/steps.hpp"
#include "ops/nearest_neighbours/nearest_neighbours.hpp"

namespace whit {

namespace {

std::string one_of(const JsonValue &step, std::string_view name, std::string_view usual, std::string_view other) {
  if (!step.has(name)) return std::string(usual);
  const JsonValue member = step.member(name);
  if (member.text() != usual && member.text() != other) member.refuse(fmt::format("{}, {}", usual, other), see_the_format);
  return member.text();
}

NearestNeighbours read_neighbours(const JsonValue &step, const Sample &sample, const std::string &result) {
  constexpr int64_t most = 32767;
  NearestNeighbours model{.features = sample.count, .metric = one_of(step, "metric", "euclidean", "manhattan"),
                          .weights = one_of(step, "weights", "uniform", "distance"), .result = result};
  const JsonValue vectors = step.member("vectors"), values = step.member("values");
  if (vectors.size() == 0 || static_cast<int64_t>(vectors.size()) > most) vectors.refuse("1 to 32767 vectors", see_the_format);
  if (values.size() != vectors.size()) values.refuse(fmt::format("{} rows, one for each vector", vectors.size()));
  const size_t width = values.element(0).size();
  if (width == 0) values.refuse("one value a vector or more");
  model.vectors = read_matrix(vectors, static_cast<size_t>(sample.count), "values, one a feature");
  model.values = read_matrix(values, width, "values, as the first vector has");
  model.neighbours = step.member("neighbours").integer(1, static_cast<int64_t>(vectors.size()));
  if (step.has("limit")) {
    model.result = "inlier";
    model.limit = step.member("limit").real();
    if (result != "label" || width != 2 || !(model.limit >= 0 && model.limit < 1e30)) step.member("limit").refuse("a number of 0 or more, for labels, with two values a vector", see_the_format);
  } else if (result == "label") {
    model.classes = step.member("classes").integer(1, most);
    if (width != 1) values.element(0).refuse("one class a vector");
  } else if (result == "scores") {
    step.refuse("the results label, reals", see_the_format);
  }
  return model;
}

}  // namespace

TensorId import_neighbours(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result) {
  NearestNeighbours model = read_neighbours(step, sample, result);
  if (!sample.integers()) return add_nearest_neighbours(graph, real_sample(graph, sample, step.place()).tensor, model, 1, step.place());
  if (model.weights != "uniform") step.member("weights").refuse("uniform, or float32 features", see_the_format);
  const int64_t bits = step.has("weight_bits") ? step.member("weight_bits").integer(8, 16) : 16;
  if (bits != 8 && bits != 16) step.member("weight_bits").refuse("8 or 16", see_the_format);
  constexpr double all_levels = 16383;
  const double levels = model.metric == "manhattan" ? all_levels : std::min(all_levels, static_cast<double>(farthest_neighbour(sample.count) / 2));
  const bool wide = bits == 16 && model.result != "inlier";
  const Sample stored = wide ? narrow_sample(graph, sample, model.vectors, true, ElementType::int16, levels, step.place())
                             : eight_bit_sample(graph, sample, model.vectors, true, step.place());
  return add_nearest_neighbours(graph, stored.tensor, model, stored.scale(0), step.place());
}

}  // namespace whit
