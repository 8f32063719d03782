// SPDX-License-Identifier: Apache-2.0
// The catalogue: every line of ops.def becomes an entry, and a line without its definition does not link.
#include "ops/op_def.hpp"

#include <array>

namespace whit {

#define OPERATOR(name) extern const OpDef name##_op;
#include "ops/ops.def"
#undef OPERATOR

namespace {

const std::array operators{
#define OPERATOR(name) &name##_op,
#include "ops/ops.def"
#undef OPERATOR
};

}  // namespace

std::span<const OpDef *const> all_operators() { return operators; }

const OpDef *find_operator(std::string_view name) {
  for (const OpDef *definition : operators)
    if (definition->name == name) return definition;
  return nullptr;
}

const OpDef &operator_of(const Node &node) {
  const OpDef *definition = find_operator(node.op);
  internal_check(definition != nullptr, "no operator is called '{}'", node.op);
  return *definition;
}

const Kernel *portable_kernel(const NodeView &node) {
  for (const Kernel &kernel : operator_of(node.node()).kernels)
    if (Features{}.includes(kernel.features) && is_portable(kernel) && kernel.fits(node)) return &kernel;
  return nullptr;
}

int64_t macs_of(const NodeView &node) {
  const OpDef &definition = operator_of(node.node());
  return definition.macs == nullptr ? 0 : definition.macs(node);
}

ChannelFlow channel_flow_of(const NodeView &node) {
  const OpDef &definition = operator_of(node.node());
  return definition.channel_flow == nullptr ? ChannelFlow::mixed : definition.channel_flow(node);
}

}  // namespace whit
