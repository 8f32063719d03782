// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/estimator/sample.hpp"

#include <algorithm>

#include "ops/scale_features/scale_features.hpp"

namespace whit {

namespace {

// One value where all are alike.
std::vector<double> merged(std::vector<double> values) {
  if (std::ranges::all_of(values, [&](double value) { return value == values[0]; })) values.resize(1);
  return values;
}

}  // namespace

bool Sample::one_scale() const {
  return std::ranges::all_of(scales, [&](double value) { return value == scales[0]; });
}

bool Sample::no_offset() const {
  return std::ranges::all_of(offsets, [](double value) { return value == 0; });
}

Sample real_sample(Graph &graph, const Sample &sample, const std::string &place) {
  const bool as_stored = sample.one_scale() && sample.scale(0) == 1 && sample.no_offset();
  if (!sample.integers() && as_stored) return sample;
  FeatureScaling scaling;
  for (size_t index = 0; index < static_cast<size_t>(sample.count); ++index) {
    scaling.factors.push_back(sample.scale(index));
    scaling.offsets.push_back(sample.offset(index));
  }
  scaling.factors = merged(std::move(scaling.factors));
  scaling.offsets = merged(std::move(scaling.offsets));
  return {.tensor = add_scale_features(graph, sample.tensor, ElementType::float32, scaling, place), .count = sample.count};
}

Sample scaled_sample(Graph &graph, const Sample &sample, ElementType type, double unit, const std::vector<double> &centre, const std::string &place) {
  FeatureScaling scaling;
  for (size_t index = 0; index < static_cast<size_t>(sample.count); ++index) {
    scaling.factors.push_back(sample.scale(index) / unit);
    scaling.offsets.push_back((sample.offset(index) - centre[index]) / unit);
  }
  scaling.factors = merged(std::move(scaling.factors));
  scaling.offsets = merged(std::move(scaling.offsets));
  return {.tensor = add_scale_features(graph, sample.tensor, type, scaling, place), .type = type, .count = sample.count,
          .scales = {unit}, .offsets = centre};
}

}  // namespace whit
