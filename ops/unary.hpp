// SPDX-License-Identifier: Apache-2.0
// What operators of one input and one output of the same shape share, where each element depends on one element:
// activations, quantize, dequantize. Their kernels walk memory in order, whatever the layout.
#pragma once

#include <string>

#include "ops/kernel.hpp"
#include "ops/op_def.hpp"

namespace whit {

// For operators without attributes.
inline constexpr AttributeRules<0> no_attributes{};

// The output has the input's type and shape.
std::vector<TensorType> infer_same(const NodeView &node);
// Whether input and output are of those types; 16-bit tensors must have zero points of 0.
bool unary_types_are(const NodeView &node, ElementType input, ElementType output);
// The number of elements, for the field `count`.
int32_t count_of(const NodeView &node);

// parameters, input, output.
KernelCall unary_call(std::string function, KernelParameters parameters);
// The output runs over the input as far as the wider of both elements lets it.
std::vector<Overlap> unary_overlap(const NodeView &node);

template <int cycles_per_element>
Cost unary_cost(const NodeView &node) {
  return {.cycles = cycles_per_element * static_cast<double>(node.output().elements())};
}

// A kernel on single elements; `fits`, `call` and `host` are its own.
template <int cycles_per_element>
constexpr Kernel unary_kernel(std::string_view name, std::string_view header, bool (*fits)(const NodeView &),
                              KernelCall (*call)(const NodeView &), void (*host)(std::span<void *const>)) {
  return {.name = name, .header = header, .fits = fits, .call = call, .host = host,
          .cost = unary_cost<cycles_per_element>, .layouts = any_same_layout, .overlap = unary_overlap};
}

// One random graph of operator `op` with an input of that type.
Graph random_unary(std::mt19937 &random, std::string op, ElementType type, Attributes attributes = {});

}  // namespace whit
