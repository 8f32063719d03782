// SPDX-License-Identifier: Apache-2.0
// The lookup kernel for operators that map one 8-bit integer to one 8-bit integer.
#pragma once

#include <functional>
#include <span>

#include "ops/unary.hpp"

namespace whit {

// Whether input and output are int8 or uint8.
bool lookup_types(const NodeView &node);
// The call with the table of `value`, which takes a stored integer and gives one within the output's type.
KernelCall lookup_call(const NodeView &node, const std::function<int32_t(int32_t stored)> &value);
void host_lookup(std::span<void *const> arguments);
Cost lookup_cost(const NodeView &node);

// The kernel of an operator with those facts.
constexpr Kernel lookup_kernel(std::string_view name, bool (*fits)(const NodeView &),
                               KernelCall (*call)(const NodeView &)) {
  return {.name = name, .header = "ops/activation/lookup.kernel.hpp", .fits = fits, .call = call,
          .host = host_lookup, .cost = lookup_cost, .layouts = any_same_layout, .overlap = unary_overlap};
}

// The same call of the kernel that takes four bytes from a word.
KernelCall by_words(KernelCall call);
Cost lookup_dsp_cost(const NodeView &node);

template <KernelCall (*call)(const NodeView &)>
constexpr Kernel lookup_dsp_kernel(std::string_view name, bool (*fits)(const NodeView &)) {
  return {.name = name, .header = "ops/activation/lookup.dsp.kernel.hpp", .features = {Feature::dsp}, .fits = fits,
          .call = [](const NodeView &node) { return by_words(call(node)); }, .cost = lookup_dsp_cost,
          .layouts = any_same_layout, .overlap = unary_overlap};
}

// Both, for an operator's list; the last argument is the call.
#define WHIT_LOOKUP_KERNELS(kernel_name, fits, ...) \
  lookup_dsp_kernel<__VA_ARGS__>(kernel_name "_dsp", fits), lookup_kernel(kernel_name, fits, __VA_ARGS__)

}  // namespace whit
