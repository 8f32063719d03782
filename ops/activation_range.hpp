// SPDX-License-Identifier: Apache-2.0
// The clamp that a fused activation leaves of an operator: attribute "activation" = none, relu, relu6, relu_n1_to_1.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "compiler/ir/graph.hpp"
#include "ops/attribute_rule.hpp"

namespace whit {

inline constexpr AttributeRules<1> activation_rules{{{"activation", AttributeKind::text}}};

struct IntegerRange {
  int32_t low = 0, high = 0;
};

// The largest finite floats stand for no limit.
struct RealRange {
  float low = std::numeric_limits<float>::lowest(), high = std::numeric_limits<float>::max();
};

// Every integer of that type (int8, uint8 or int16).
IntegerRange type_range(ElementType type);
// Real limits as stored integers of that tensor, within the range of its type.
IntegerRange quantized_range(RealRange real, const Tensor &tensor);
// Limits of the fused activation in the output's stored integers, within the range of its type
// (int8, uint8 or int16). docs/semantics.md, "Fused activations".
IntegerRange integer_activation_range(const NodeView &node);
// Limits in real numbers; the largest finite floats where there is no limit.
RealRange real_activation_range(const NodeView &node);
// UserError when the attribute is not one of the four words.
void check_activation(const NodeView &node);

}  // namespace whit
