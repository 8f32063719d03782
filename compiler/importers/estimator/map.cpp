// SPDX-License-Identifier: Apache-2.0
// The steps "map" and "select": functions of single features, given by knots; and some of the features.
#include <algorithm>
#include <cmath>

#include "compiler/importers/estimator/steps.hpp"
#include "ops/map_features/map_features.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

constexpr double most_value = 16383;

MapKnots read_knots(const JsonValue &output) {
  const JsonValue places = output.member("places"), values = output.member("values");
  MapKnots knots{places.reals(), values.reals()};
  if (knots.places.empty() || knots.values.size() != knots.places.size()) output.refuse("a value for each of one or more places");
  for (size_t index = 0; index < knots.places.size(); ++index) {
    if (!std::isfinite(knots.places[index]) || !std::isfinite(knots.values[index]) || std::abs(knots.places[index]) > 1e30 || std::abs(knots.values[index]) > 1e30)
      output.refuse("finite places and values up to 1e30", see_the_format);
    if (index > 0 && !(knots.places[index - 1] < knots.places[index])) places.refuse("places that rise");
  }
  return knots;
}

// The least float32 that is not below.
double float_from(double place) {
  auto rounded = static_cast<float>(place);
  if (static_cast<double>(rounded) < place) rounded = std::nextafter(rounded, 3e38F);
  return static_cast<double>(rounded);
}

double stored_number(double place, const Sample &sample, size_t source) { return (place - sample.offset(source)) / sample.scale(source); }

constexpr double lowest_stored = -32768, highest_stored = 32767;

// Where the knot lies among the stored values: a step begins with the first of them that is not below its place.
double stored_place(double stored, const Sample &sample, bool lines) {
  if (!sample.integers()) return lines ? static_cast<double>(static_cast<float>(stored)) : float_from(stored);
  return lines ? std::round(stored) : std::clamp(std::ceil(stored), lowest_stored, highest_stored + 1);
}

// The line's value at a place; beyond its ends that of the end.
double value_at(const MapKnots &knots, double place) {
  const auto after = static_cast<size_t>(std::ranges::upper_bound(knots.places, place) - knots.places.begin());
  if (after == 0) return knots.values.front();
  if (after == knots.places.size()) return knots.values.back();
  const double share = (place - knots.places[after - 1]) / (knots.places[after] - knots.places[after - 1]);
  return knots.values[after - 1] + share * (knots.values[after] - knots.values[after - 1]);
}

// The same line over what integers hold alone: knots beyond give way to one at the end.
MapKnots cut_to_integers(const MapKnots &knots, const Sample &sample, size_t source) {
  const double low = sample.offset(source) + lowest_stored * sample.scale(source), high = sample.offset(source) + highest_stored * sample.scale(source);
  MapKnots cut;
  const auto add = [&](double place, double value) {
    cut.places.push_back(place);
    cut.values.push_back(value);
  };
  if (knots.places.front() < low) add(low, value_at(knots, low));
  for (size_t index = 0; index < knots.places.size(); ++index)
    if (knots.places[index] >= low && knots.places[index] <= high) add(knots.places[index], knots.values[index]);
  if (knots.places.back() > high) add(high, value_at(knots, high));
  return cut;
}

// The unit of an output's integers. Whole values of steps stay exact by a power of two, and as large as others: a linear step behind them
// has weights in proportion.
double unit_of(const std::vector<double> &values, bool lines) {
  double largest = 0;
  for (double value : values) largest = std::max(largest, std::abs(value));
  const bool whole = std::ranges::all_of(values, [](double value) { return value == std::round(value); });
  if (largest == 0) return 1e-9;  // a weight that meets only zeros shall not make others coarse
  return !lines && whole && largest <= most_value ? std::exp2(std::ceil(std::log2(largest / most_value))) : largest / most_value;
}

// Knots that fall on the same stored value become one: of steps the last, of lines the one that is closest to it.
void add_knots(FeatureMap &map, const MapKnots &knots, const Sample &sample, size_t source, double unit) {
  const auto begin = static_cast<size_t>(map.ends.empty() ? 0 : map.ends.back());
  double off = 0;  // of the last knot from its stored value
  for (size_t index = 0; index < knots.places.size(); ++index) {
    const double stored = stored_number(knots.places[index], sample, source), place = stored_place(stored, sample, map.lines);
    const double value = sample.integers() ? std::round(knots.values[index] / unit) : knots.values[index];
    const double off_now = std::abs(stored - place);
    if (map.places.size() > begin && place <= map.places.back()) {
      if (map.lines && off_now >= off) continue;
      map.values.back() = value;
    } else {
      map.places.push_back(place);
      map.values.push_back(value);
    }
    off = off_now;
  }
  map.ends.push_back(static_cast<int32_t>(map.places.size()));
}

}  // namespace

Sample mapped_sample(Graph &graph, const JsonValue &step, const Sample &sample, const std::vector<MapOutput> &outputs, bool lines) {
  FeatureMap map{.lines = lines};
  Sample result{.type = sample.integers() ? ElementType::int16 : ElementType::float32, .count = static_cast<int64_t>(outputs.size())};
  for (const MapOutput &output : outputs) {
    const auto source = static_cast<size_t>(output.feature);
    if (!(sample.scale(source) > 0)) step.refuse("features with scales above 0", "scale features by factors above 0");
    const MapKnots knots = sample.integers() && lines ? cut_to_integers(output.knots, sample, source) : output.knots;
    const double unit = sample.integers() ? unit_of(knots.values, lines) : 1;
    map.sources.push_back(static_cast<int16_t>(source));
    add_knots(map, knots, sample, source, unit);
    if (sample.integers()) result.scales.push_back(unit);
  }
  result.tensor = add_map_features(graph, sample.tensor, map, step.place());
  return result;
}

Sample import_map(Graph &graph, const JsonValue &step, const Sample &sample) {
  const JsonValue list = step.member("outputs");
  if (list.size() == 0 || list.size() > 32767) list.refuse("1 to 32767 outputs", see_the_format);
  std::vector<MapOutput> outputs;
  for (size_t index = 0; index < list.size(); ++index) {
    const JsonValue output = list.element(index);
    outputs.push_back({output.member("feature").integer(0, sample.count - 1), read_knots(output)});
  }
  return mapped_sample(graph, step, sample, outputs, step.has("lines") && step.member("lines").boolean());
}

Sample import_select(Graph &graph, const JsonValue &step, const Sample &sample) {
  const std::vector<int64_t> chosen = step.member("features").integers(0, sample.count - 1);
  if (chosen.empty() || chosen.size() > 32767) step.member("features").refuse("1 to 32767 features", see_the_format);
  Sample result{.type = sample.type, .count = static_cast<int64_t>(chosen.size())};
  for (int64_t feature : chosen) {
    if (!sample.scales.empty()) result.scales.push_back(sample.scale(static_cast<size_t>(feature)));
    if (!sample.offsets.empty()) result.offsets.push_back(sample.offset(static_cast<size_t>(feature)));
  }
  const TensorId positions = graph.add_constant("features", ElementType::int32, {result.count}, bytes_of(std::vector<int32_t>(chosen.begin(), chosen.end())));
  result.tensor = graph.add_tensor({.name = "selected", .type = sample.type, .shape = {1, result.count}, .quantization = {}});
  if (!graph.tensor(sample.tensor).quantization.per_axis()) graph.tensor(result.tensor).quantization = graph.tensor(sample.tensor).quantization;
  graph.nodes.push_back({.op = "gather", .inputs = {sample.tensor, positions}, .outputs = {result.tensor}, .attributes = {{"axis", int64_t{1}}, {"batch_axes", int64_t{0}}}, .origin = step.place()});
  return result;
}

}  // namespace whit
