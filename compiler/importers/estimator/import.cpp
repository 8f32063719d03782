// SPDX-License-Identifier: Apache-2.0
// The file from top to bottom: what comes in, the steps, what comes out.
#include "compiler/importers/estimator/import.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "compiler/importers/estimator/steps.hpp"
#include "ops/verify.hpp"

namespace whit {

namespace {

constexpr std::string_view mark = "whit-estimator";
constexpr int64_t version = 1;

nlohmann::json parsed(std::span<const uint8_t> bytes, const std::string &place) {
  nlohmann::json json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (json.is_discarded())
    throw UserError({place, "not a whole JSON file", "an estimator file", "was it cut off? write it again from Python"});
  return json;
}

ElementType input_type(const JsonValue &input) {
  const std::string name = input.member("type").text();
  for (ElementType type : {ElementType::float32, ElementType::int8, ElementType::uint8, ElementType::int16})
    if (name_of(type) == name) return type;
  input.member("type").refuse("float32, int8, uint8, int16", see_the_format);
}

// One scale for all features, or one each.
std::vector<double> input_scales(const JsonValue &input, ElementType type, int64_t features) {
  if (!input.has("scales") || type == ElementType::float32) return {};
  const JsonValue member = input.member("scales");
  std::vector<double> scales = member.reals();
  if (scales.size() != 1 && static_cast<int64_t>(scales.size()) != features)
    member.refuse(fmt::format("one scale, or {}", features));
  for (double &scale : scales) {
    scale = static_cast<double>(static_cast<float>(scale));
    if (!(scale > 0) || !std::isfinite(scale)) member.refuse("finite scales above 0", see_the_format);
  }
  return scales;
}

// One zero point for each feature, or none: whole numbers, also far beyond what is stored.
std::vector<int64_t> input_zeros(const JsonValue &input, ElementType type, int64_t features) {
  constexpr int64_t farthest = int64_t{1} << 53;
  if (!input.has("zeros") || type == ElementType::float32) return {};
  const JsonValue member = input.member("zeros");
  if (static_cast<int64_t>(member.size()) != features) member.refuse(fmt::format("{} zero points, one a feature", features));
  return member.integers(-farthest, farthest);
}

// What stored integers stand for, with the offsets in float32, as they are converted.
void take_quantization(Sample &sample, const Quantization &quantization, const JsonValue &input) {
  for (size_t feature = 0; quantization.per_axis() && feature < quantization.zero_points.size(); ++feature)
    sample.offsets.push_back(static_cast<double>(static_cast<float>(-sample.scale(feature) * static_cast<double>(quantization.zero_points[feature]))));
  for (double offset : sample.offsets)
    if (!std::isfinite(offset)) input.member("zeros").refuse("zero points whose products with the scales are finite");
}

Quantization quantization_of(std::vector<double> scales, const std::vector<int64_t> &zeros) {
  if (scales.empty() && zeros.empty()) return {};
  if (!zeros.empty() && scales.size() < zeros.size()) scales.resize(zeros.size(), scales.empty() ? 1.0 : scales[0]);
  Quantization result{.scales = std::vector<float>(scales.begin(), scales.end()),
                      .zero_points = zeros.empty() ? std::vector<int64_t>(scales.size(), 0) : zeros};
  result.axis = scales.size() > 1 || !zeros.empty() ? 1 : -1;
  return result;
}

std::string result_of(const JsonValue &file) {
  const std::string result = file.has("result") ? file.member("result").text() : "label";
  if (!is_result(result)) file.member("result").refuse("label, scores, reals, probabilities", see_the_format);
  return result;
}

}  // namespace

bool is_estimator(std::span<const uint8_t> bytes) {
  constexpr size_t within = 200;
  const std::string_view begin(reinterpret_cast<const char *>(bytes.data()), std::min(bytes.size(), within));
  return begin.starts_with("{") && begin.find(mark) != std::string_view::npos;
}

Module import_estimator(std::span<const uint8_t> bytes, std::string_view place) {
  const nlohmann::json json = parsed(bytes, std::string(place));
  const JsonValue file(json, std::string(place));
  if (file.member("format").text() != mark) file.member("format").refuse(std::string(mark));
  if (file.member("version").integer(0, INT64_MAX) != version)
    file.member("version").refuse(fmt::format("version {}", version), "write the file by the Python package of this version of whit");
  Sample sample{.count = file.member("features").integer(1, 32767)};
  const JsonValue stored = file.member("input");
  sample.type = input_type(stored);
  sample.scales = input_scales(stored, sample.type, sample.count);
  const Quantization quantization = quantization_of(sample.scales, input_zeros(stored, sample.type, sample.count));
  take_quantization(sample, quantization, stored);

  Module module{.graphs = {{.name = "estimator"}}};
  Graph &graph = module.main();
  sample.tensor = graph.add_tensor({.name = "features", .type = sample.type, .shape = {1, sample.count},
                                      .quantization = quantization});
  graph.inputs = {sample.tensor};
  graph.outputs = {import_steps(graph, file.member("steps"), sample, result_of(file))};
  verify_import(module);
  return module;
}

}  // namespace whit
