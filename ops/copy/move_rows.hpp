// SPDX-License-Identifier: Apache-2.0
// Facts of the kernel that moves whole rows, for operators that only move elements.
#pragma once

#include "ops/op_def.hpp"
#include "ops/strided.hpp"

namespace whit {

// How an operator reads its input: from that element on, along the output's axes as they lie in memory.
struct Reading {
  int64_t begin = 0;
  std::vector<StridedAxis> box{};
};

using ReadingOf = Reading (*)(const NodeView &node);

// Strides reach any layout, so that each side may have its own.
std::vector<LayoutChoice> each_layout(const NodeView &node);

// Whether rows of whole words, and at least four of them, stay together.
bool moves_rows(const NodeView &node, const Reading &reading);
KernelCall move_rows_call(const NodeView &node, const Reading &reading);
void host_move_rows(std::span<void *const> arguments);
Cost move_rows_cost(const NodeView &node, const Reading &reading);

// The layouts in which rows stay together.
template <ReadingOf reading>
std::vector<LayoutChoice> row_layouts(const NodeView &node) {
  return choices_where(node, each_layout(node), [](const NodeView &turned) { return moves_rows(turned, reading(turned)); });
}

// The operator's kernel.
template <ReadingOf reading>
constexpr Kernel move_rows_kernel(std::string_view name, std::vector<Overlap> (*overlap)(const NodeView &) = nullptr) {
  return {.name = name, .header = "ops/copy/move_rows.kernel.hpp",
          .fits = [](const NodeView &node) { return !row_layouts<reading>(node).empty(); },
          .call = [](const NodeView &node) { return move_rows_call(node, reading(node)); }, .host = host_move_rows,
          .cost = [](const NodeView &node) { return move_rows_cost(node, reading(node)); }, .layouts = row_layouts<reading>,
          .overlap = overlap};
}

}  // namespace whit
