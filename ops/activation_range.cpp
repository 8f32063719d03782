// SPDX-License-Identifier: Apache-2.0
// The four fused activations as one table of real limits; integers follow from the output's scale.
#include "ops/activation_range.hpp"

#include <algorithm>
#include <cmath>

namespace whit {

namespace {

struct NamedRange {
  std::string_view name;
  RealRange range;
};

constexpr NamedRange named_ranges[] = {
    {"none", {}},
    {"relu", {.low = 0.0F}},
    {"relu6", {0.0F, 6.0F}},
    {"relu_n1_to_1", {-1.0F, 1.0F}},
};

const NamedRange *find_range(const NodeView &node) {
  const std::string name = node.attributes().text("activation", "none");
  for (const NamedRange &entry : named_ranges)
    if (entry.name == name) return &entry;
  return nullptr;
}

int32_t quantized_limit(float real, const Quantization &quantization, IntegerRange limits) {
  const float stored = static_cast<float>(quantization.zero_point()) + std::round(real / quantization.scale());
  return static_cast<int32_t>(
      std::clamp(stored, static_cast<float>(limits.low), static_cast<float>(limits.high)));
}

}  // namespace

IntegerRange type_range(ElementType type) {
  switch (type) {
    case ElementType::int8: return {-128, 127};
    case ElementType::uint8: return {0, 255};
    case ElementType::int16: return {-32768, 32767};
    default: throw InternalError(fmt::format("{} has no activation range", name_of(type)));
  }
}

IntegerRange quantized_range(RealRange real, const Tensor &tensor) {
  const IntegerRange limits = type_range(tensor.type);
  IntegerRange range = limits;
  if (real.low != RealRange{}.low) range.low = quantized_limit(real.low, tensor.quantization, limits);
  if (real.high != RealRange{}.high) range.high = quantized_limit(real.high, tensor.quantization, limits);
  return range;
}

IntegerRange integer_activation_range(const NodeView &node) {
  return quantized_range(real_activation_range(node), node.output());
}

RealRange real_activation_range(const NodeView &node) {
  const NamedRange *entry = find_range(node);
  internal_check(entry != nullptr, "{}: unknown activation", node.place());
  return entry->range;
}

void check_activation(const NodeView &node) {
  if (find_range(node) == nullptr)
    throw UserError({node.place(), "fused activation '" + node.attributes().text("activation") + "'",
                     "none, relu, relu6, relu_n1_to_1", "export the activation as an operator of its own"});
}

}  // namespace whit
