// SPDX-License-Identifier: Apache-2.0
// What an operator of one argument does to every int8 value, by running its own kernel: so a rewrite can be proven for
// the values that the device would compute, whatever the operator's rounding.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "compiler/ir/graph.hpp"

namespace whit {

// Output for the stored inputs -128 ... 127 of a node that treats elements one by one; none unless it is int8 to int8.
std::optional<std::array<int8_t, 256>> unary_table(const NodeView &node);
// Whether that table is the identity.
bool keeps_stored_values(const NodeView &node);
// Outputs of such a node, float32 to float32, for these inputs.
std::vector<float> unary_values(const NodeView &node, const std::vector<float> &inputs);

}  // namespace whit
