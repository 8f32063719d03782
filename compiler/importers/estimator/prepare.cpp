// SPDX-License-Identifier: Apache-2.0
// The steps "normalize", "products" and "impute", and the last step "features", whose result are the features themselves.
#include <algorithm>
#include <cmath>

#include "compiler/importers/estimator/steps.hpp"
#include "ops/op_def.hpp"
#include "ops/preparing/feature_products.hpp"
#include "ops/scale_features/scale_features.hpp"

namespace whit {

namespace {

constexpr float fraction = 1.0F / 32768;

// A node whose output has the data's shape.
TensorId add_like(Graph &graph, std::string op, std::vector<TensorId> inputs, ElementType type, Attributes attributes, const std::string &place) {
  Tensor output{.name = op, .type = type, .shape = graph.tensor(inputs[0]).shape};
  if (type == ElementType::int16) output.quantization = {.scales = {fraction}, .zero_points = {0}};
  const TensorId result = graph.add_tensor(std::move(output));
  graph.nodes.push_back({.op = std::move(op), .inputs = std::move(inputs), .outputs = {result}, .attributes = std::move(attributes), .origin = place});
  return result;
}

// The largest size that each feature can have, as stored values reach.
std::vector<double> largest_sizes(const Sample &sample) {
  const Interval range = stored_range(sample.type);
  std::vector<double> sizes;
  for (size_t feature = 0; feature < static_cast<size_t>(sample.count); ++feature) {
    const double scale = sample.scale(feature), offset = sample.offset(feature);
    const double size = std::max(std::abs(scale * static_cast<double>(range.low) + offset), std::abs(scale * static_cast<double>(range.high) + offset));
    sizes.push_back(size > 0 ? size : 1);
  }
  return sizes;
}

// The features in 16 bits without offsets, each in 32768ths of `sizes`.
TensorId fractions_of(Graph &graph, const Sample &sample, const std::vector<double> &sizes, const std::string &place) {
  FeatureScaling scaling;
  for (size_t feature = 0; feature < sizes.size(); ++feature) {
    scaling.factors.push_back(32767 * sample.scale(feature) / sizes[feature]);
    scaling.offsets.push_back(32767 * sample.offset(feature) / sizes[feature]);
  }
  return add_scale_features(graph, sample.tensor, ElementType::int16, scaling, place);
}

std::vector<std::vector<int64_t>> terms_of(const JsonValue &step, int64_t features) {
  constexpr size_t most_factors = 1 << 20;
  const JsonValue list = step.member("terms");
  if (list.size() == 0 || list.size() > static_cast<size_t>(most_features)) list.refuse("1 to 32767 terms", see_the_format);
  std::vector<std::vector<int64_t>> terms;
  size_t factors = 0;
  for (size_t index = 0; index < list.size(); ++index) {
    terms.push_back(list.element(index).integers(0, features - 1));
    factors += terms.back().size();
  }
  if (factors > most_factors) list.refuse(fmt::format("up to {} factors", most_factors), see_the_format);
  return terms;
}

}  // namespace

Sample import_normalize(Graph &graph, const JsonValue &step, const Sample &sample) {
  const Attributes norm{{"norm", step.member("norm").text()}};
  if (!sample.integers())
    return {.tensor = add_like(graph, "normalize_features", {real_sample(graph, sample, step.place()).tensor}, ElementType::float32, norm, step.place()), .count = sample.count};
  const std::vector<double> sizes = largest_sizes(sample);
  TensorId data = sample.tensor;
  if (sample.type != ElementType::int16 || !sample.one_scale() || !sample.no_offset() || sample.scale(0) < 0)
    data = fractions_of(graph, sample, std::vector<double>(sizes.size(), *std::ranges::max_element(sizes)), step.place());
  return {.tensor = add_like(graph, "normalize_features", {data}, ElementType::int16, norm, step.place()), .type = ElementType::int16, .count = sample.count,
          .scales = {static_cast<double>(fraction)}};
}

Sample import_products(Graph &graph, const JsonValue &step, const Sample &sample) {
  const std::vector<std::vector<int64_t>> terms = terms_of(step, sample.count);
  const auto count = static_cast<int64_t>(terms.size());
  if (!sample.integers())
    return {.tensor = add_feature_products(graph, real_sample(graph, sample, step.place()).tensor, terms, step.place()), .count = count};
  const std::vector<double> sizes = largest_sizes(sample);
  Sample result{.type = ElementType::int16, .count = count};
  result.tensor = add_feature_products(graph, fractions_of(graph, sample, sizes, step.place()), terms, step.place());
  for (const std::vector<int64_t> &term : terms) {
    double size = 1;
    for (int64_t feature : term) size *= sizes[static_cast<size_t>(feature)] * 32768 / 32767;
    result.scales.push_back(size / (term.empty() ? 32767 : 32768));
  }
  return result;
}

// What features that hold the number are once they have been stored; as real_sample computes it, in float32.
std::vector<double> as_stored(double number, const Sample &sample) {
  if (!sample.integers()) return {number};
  std::vector<double> values;
  for (size_t feature = 0; feature < static_cast<size_t>(sample.count); ++feature) {
    const auto scale = static_cast<float>(sample.scale(feature)), offset = static_cast<float>(sample.offset(feature));
    const float stored = std::round((static_cast<float>(number) - offset) / scale);
    const float product = stored * scale;
    values.push_back(static_cast<double>(product + offset));
  }
  return values;
}

Sample import_impute(Graph &graph, const JsonValue &step, const Sample &sample) {
  const JsonValue missing = step.member("missing");
  const std::vector<double> values = step.member("values").reals();
  if (static_cast<int64_t>(values.size()) != sample.count) step.member("values").refuse(fmt::format("{} values, one a feature", sample.count));
  if (missing.null() && sample.integers()) return sample;  // integers are never missing
  const std::string place = step.place();
  if (!missing.null() && !std::isfinite(missing.real())) missing.refuse("a finite number, or null for not-a-number", see_the_format);
  const auto constant = [&](const std::vector<double> &numbers) {
    return graph.add_constant("values", ElementType::float32, {1, static_cast<int64_t>(numbers.size())}, bytes_of(std::vector<float>(numbers.begin(), numbers.end())));
  };
  const TensorId data = real_sample(graph, sample, place).tensor;
  const TensorId where = missing.null() ? add_like(graph, "not_equal", {data, data}, ElementType::boolean, {}, place)  // not-a-number is not itself
                                        : add_like(graph, "equal", {data, constant(as_stored(missing.real(), sample))}, ElementType::boolean, {}, place);
  const TensorId filled = graph.add_tensor({.name = "filled", .type = ElementType::float32, .shape = graph.tensor(data).shape});
  graph.nodes.push_back({.op = "select", .inputs = {where, constant(values), data}, .outputs = {filled}, .origin = place});
  return {.tensor = filled, .count = sample.count};
}

TensorId import_features(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result) {
  if (result != "reals") step.member("kind").refuse("a step that gives labels or scores; features are reals", see_the_format);
  const TensorId reals = real_sample(graph, sample, step.place()).tensor;
  if (reals != graph.inputs[0]) return reals;
  return add_scale_features(graph, reals, ElementType::float32, {.factors = {1}, .offsets = {0}}, step.place());
}

}  // namespace whit
