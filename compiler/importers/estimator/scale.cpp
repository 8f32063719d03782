// SPDX-License-Identifier: Apache-2.0
// The step "scale": each feature times a factor plus an offset. Nothing is computed; the numbers stand for others now.
#include <cmath>

#include "compiler/importers/estimator/steps.hpp"

namespace whit {

namespace {

std::vector<double> one_each(const JsonValue &step, std::string_view name, int64_t count, double otherwise) {
  if (!step.has(name)) return std::vector<double>(static_cast<size_t>(count), otherwise);
  const JsonValue member = step.member(name);
  std::vector<double> values = member.reals();
  if (static_cast<int64_t>(values.size()) != count) member.refuse(fmt::format("{} values, one a feature", count));
  for (double value : values)
    if (!std::isfinite(value) || std::abs(value) > 1e30) member.refuse("finite numbers up to 1e30", see_the_format);
  return values;
}

}  // namespace

Sample import_scale(Graph &, const JsonValue &step, const Sample &sample) {
  const std::vector<double> factors = one_each(step, "factors", sample.count, 1), offsets = one_each(step, "offsets", sample.count, 0);
  Sample result = sample;
  result.scales.clear();
  result.offsets.clear();
  for (size_t index = 0; index < factors.size(); ++index) {
    result.scales.push_back(factors[index] * sample.scale(index));
    result.offsets.push_back(factors[index] * sample.offset(index) + offsets[index]);
  }
  return result;
}

}  // namespace whit
