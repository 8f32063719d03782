// SPDX-License-Identifier: Apache-2.0
// The nodes that operators which move values become, and the check of the numbers that say where to.
#pragma once

#include <algorithm>
#include <limits>

#include "compiler/importers/joined_in_groups.hpp"
#include "compiler/importers/tflite/operator_reader.hpp"

namespace whit::tflite_operators {

using Integers = std::vector<int64_t>;

inline Node slice_node(TensorId data, Integers begin, Integers size, Integers stride = {}) {
  Node node{.op = "slice", .inputs = {data}, .attributes = {{"begin", std::move(begin)}, {"size", std::move(size)}}};
  if (!stride.empty()) node.attributes.set("stride", std::move(stride));
  return node;
}

inline Node reshape_node(TensorId data, Shape shape) {
  return {.op = "reshape", .inputs = {data}, .attributes = {{"shape", std::move(shape)}}};
}

// All of them along that axis, in their order; of many, groups are joined first.
inline Node joined(OperatorReader &reader, std::vector<TensorId> parts, int64_t axis) {
  const auto node = [&](std::vector<TensorId> inputs) {
    return Node{.op = "concatenation", .inputs = std::move(inputs), .attributes = {{"axis", axis}}};
  };
  return node(joined_in_groups(std::move(parts), [&](std::vector<TensorId> group) { return reader.emit(node(std::move(group))); }));
}

// The node with the scale that its operator gives, whatever the file says of the output, as the reference computes it.
inline Node with_scale(OperatorReader &reader, Node node, const Quantization &given) {
  if (reader.output().quantization == given) return node;
  const TensorId values = reader.emit(std::move(node), given);
  return reshape_node(values, reader.in_graph(values).shape);
}

inline Node transpose_node(TensorId data, Integers permutation) {
  return {.op = "transpose", .inputs = {data}, .attributes = {{"permutation", std::move(permutation)}}};
}

// UserError for a number below `low` or beyond what any axis has.
inline void check_within(const OperatorReader &reader, const Integers &values, int64_t low) {
  constexpr int64_t high = std::numeric_limits<int32_t>::max();
  for (int64_t value : values)
    if (value < low || value > high)
      reader.fail(fmt::format("{} among {}", value, text_of(values)), fmt::format("{} to {}", low, high), damaged);
}

}  // namespace whit::tflite_operators
