// SPDX-License-Identifier: Apache-2.0
// relu, relu6, relu_n1_to_1, leaky_relu (attribute "alpha", real), hard_swish, logistic, tanh: one input, the output
// has its type and shape. One file a group of operators; this is what the groups share.
#pragma once

#include "ops/unary.hpp"

namespace whit {

inline constexpr std::string_view activation_header = "ops/activation/activation.kernel.hpp";

// Input and output of that one type.
template <ElementType type>
bool fits_type(const NodeView &node) {
  return unary_types_are(node, type, type);
}

// The call of `unary<operation>` with no parameters but the count.
KernelCall float_activation_call(const NodeView &node, std::string_view operation);

// Values of the operators on stored int8 integers (docs/semantics.md, "Activations"): entries of their tables.
int32_t leaky_relu_int8(const NodeView &node, int32_t stored);
// hard_swish scales down only: the output's scale is at least 1/128 of the input's.
bool hard_swish_scales_fit(const NodeView &node);
int32_t hard_swish_int8(const NodeView &node, int32_t stored);
int32_t logistic_int8(const NodeView &node, int32_t stored);
int32_t tanh_int8(const NodeView &node, int32_t stored);

}  // namespace whit
