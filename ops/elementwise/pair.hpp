// SPDX-License-Identifier: Apache-2.0
// What operators on a pair of elements share: two inputs of one type, broadcast against each other as numpy does. An
// operator is its Operation (see elementwise.kernel.hpp), its parameters and a line.
#pragma once

#include <string>

#include "ops/kernel.hpp"
#include "ops/op_def.hpp"
#include "ops/strided.hpp"

namespace whit {

inline constexpr std::string_view elementwise_header = "ops/elementwise/elementwise.kernel.hpp";

// The shape both are repeated to: aligned at the last axis, axes of length 1 are repeated. UserError when they differ
// otherwise.
Shape broadcast_shape(const NodeView &node);
// The same for any number of inputs.
Shape broadcast_shape(const NodeView &node, size_t inputs);
// The output's box in memory order with the strides of the inputs, merged: what a strided kernel walks.
std::vector<StridedAxis> broadcast_box(const NodeView &node, size_t inputs = 2);

// UserError when the inputs are of two types.
void check_one_type(const NodeView &node);
// The type of the inputs and the broadcast shape; the attribute "activation" is checked.
std::vector<TensorType> infer_pair(const NodeView &node);
// The broadcast shape of booleans.
std::vector<TensorType> infer_boolean_pair(const NodeView &node);

// Operands of that type; 16-bit tensors must have zero points of 0.
bool pair_fits(const NodeView &node, ElementType type);
bool pair_fits_same_shape(const NodeView &node, ElementType type);

// Adds an operand to a call: a tensor in memory, or a constant with those bytes.
void add_operand(KernelCall &call, const NodeView &node, size_t input, Bytes constant_bytes);
// The call of `elementwise<operation, ...>` or `elementwise_strided<operation, ...>`.
KernelCall call_same_shape(const NodeView &node, std::string_view operation, KernelParameters parameters);
KernelCall call_broadcast(const NodeView &node, std::string_view operation, KernelParameters parameters);
// Whether the operands are int8 and each goes byte by byte, or stands still, along the rows that a strided kernel walks;
// the layouts in which that is so.
bool byte_rows_fit(const NodeView &node);
std::vector<LayoutChoice> byte_rows_layouts(const NodeView &node);
// The call of a strided kernel of that name.
KernelCall call_rows(const NodeView &node, std::string function, KernelParameters parameters);
// The cost of one that takes so many cycles an element.
Cost byte_rows_cost(const NodeView &node, double cycles_per_element);
// An operand that lies as the output does is read in step with it, unlike a repeated one or one in another order.
std::vector<Overlap> broadcast_overlap(const NodeView &node);

KernelParameters float_pair_parameters(const NodeView &node);    // FloatPairParameters
KernelParameters integer_pair_parameters(const NodeView &node);  // IntegerPairParameters

// Sets the fields of a 31-bit multiplier and its shift for that factor.
void set_multiplier(double factor, int32_t &multiplier, int8_t &shift);

template <int cycles_per_element>
Cost pair_cost(const NodeView &node) {
  Cost estimate{.cycles = cycles_per_element * static_cast<double>(node.output().elements())};
  for (size_t input : {0, 1})
    if (node.input(input).is_constant()) estimate.constant_bytes += static_cast<double>(node.input(input).bytes());
  return estimate;
}

// The kernel of one Operation (the last arguments) for any operands that broadcast.
#define WHIT_BROADCAST_KERNEL(kernel_name, kernel_header, type, cycles, parameters, ...)               \
  {.name = kernel_name, .header = kernel_header,                                                      \
   .fits = [](const NodeView &node) { return pair_fits(node, type); },                                \
   .call = [](const NodeView &node) { return call_broadcast(node, #__VA_ARGS__, parameters(node)); }, \
   .host = host_call<elementwise_strided<__VA_ARGS__, FromMemory, FromMemory>>, .cost = pair_cost<cycles>, \
   .layouts = any_same_layout, .overlap = broadcast_overlap}

// And before it a faster one for operands of the output's shape.
#define WHIT_ELEMENTWISE_KERNELS(kernel_name, type, cycles, parameters, ...)                           \
  {.name = kernel_name, .header = elementwise_header,                                                  \
   .fits = [](const NodeView &node) { return pair_fits_same_shape(node, type); },                      \
   .call = [](const NodeView &node) { return call_same_shape(node, #__VA_ARGS__, parameters(node)); }, \
   .host = host_call<elementwise<__VA_ARGS__, FromMemory, FromMemory>>, .cost = pair_cost<cycles>,     \
   .layouts = any_same_layout, .overlap = elementwise_overlap},                                        \
  WHIT_BROADCAST_KERNEL(kernel_name "_broadcast", elementwise_header, type, cycles + 10, parameters, __VA_ARGS__)

// A random instance with operands of that type; some are constants, some repeated.
Graph random_pair(std::mt19937 &random, std::string op, ElementType type, bool with_activation);
// A shape that broadcasts with `shape`: leading axes dropped, some axes of length 1.
Shape random_partner(std::mt19937 &random, const Shape &shape);

}  // namespace whit
