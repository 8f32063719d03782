// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/estimator/eight_bits.hpp"

#include <algorithm>
#include <cmath>

namespace whit {

namespace {

// Whether the stored values stand for the features as they are, and the vectors are such values.
bool holds_vectors(const std::vector<double> &vectors, const Sample &sample) {
  if ((sample.type != ElementType::int8 && sample.type != ElementType::uint8) || !sample.one_scale() || !sample.no_offset()) return false;
  const double unit = sample.scale(0);
  const Interval range = stored_range(sample.type);
  return unit > 0 && std::ranges::all_of(vectors, [&](double value) {
    const double stored = value / unit;
    return std::abs(stored - std::round(stored)) < 1e-6 && stored >= static_cast<double>(range.low) && stored <= static_cast<double>(range.high);
  });
}

// The middle of each feature's range.
std::vector<double> middle_of(const std::vector<double> &vectors, size_t features) {
  std::vector<double> middle(features, 0);
  for (size_t feature = 0; feature < features; ++feature) {
    double low = vectors[feature], high = low;
    for (size_t at = feature; at < vectors.size(); at += features) {
      low = std::min(low, vectors[at]);
      high = std::max(high, vectors[at]);
    }
    middle[feature] = (low + high) / 2;
  }
  return middle;
}

}  // namespace

std::vector<double> read_matrix(const JsonValue &rows, size_t width, std::string_view of_what) {
  std::vector<double> values;
  for (size_t index = 0; index < rows.size(); ++index) {
    const JsonValue row = rows.element(index);
    if (row.size() != width) row.refuse(fmt::format("{} {}", width, of_what));
    for (double value : row.reals()) values.push_back(value);
  }
  return values;
}

Sample eight_bit_sample(Graph &graph, const Sample &sample, std::vector<double> &vectors, bool movable, const std::string &place) {
  return narrow_sample(graph, sample, vectors, movable, ElementType::int8, 127, place);
}

Sample narrow_sample(Graph &graph, const Sample &sample, std::vector<double> &vectors, bool movable, ElementType type, double levels, const std::string &place) {
  if (holds_vectors(vectors, sample)) return sample;
  const auto features = static_cast<size_t>(sample.count);
  const std::vector<double> centre = movable ? middle_of(vectors, features) : std::vector<double>(features, 0);
  double largest = 0;
  for (size_t index = 0; index < vectors.size(); ++index) {
    vectors[index] -= centre[index % features];
    largest = std::max(largest, std::abs(vectors[index]));
  }
  return scaled_sample(graph, sample, type, largest > 0 ? largest / levels : 1, centre, place);
}

}  // namespace whit
