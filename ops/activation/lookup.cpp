// SPDX-License-Identifier: Apache-2.0
// Tables of byte functions.
#define WHIT_HOST
#include "ops/activation/lookup.hpp"

#include "ops/activation/lookup.dsp.kernel.hpp"
#include "ops/activation/lookup.kernel.hpp"

namespace whit {

namespace {

constexpr int table_entries = 256;

bool is_byte(ElementType type) { return type == ElementType::int8 || type == ElementType::uint8; }

}  // namespace

bool lookup_types(const NodeView &node) { return is_byte(node.input(0).type) && is_byte(node.output().type); }

KernelCall lookup_call(const NodeView &node, const std::function<int32_t(int32_t)> &value) {
  Bytes table;
  for (int byte = 0; byte < table_entries; ++byte) {
    const bool is_signed = node.input(0).type == ElementType::int8;
    table.push_back(static_cast<uint8_t>(value(is_signed ? static_cast<int8_t>(byte) : byte)));
  }
  return {.function = "lookup",
          .parameters = parameters_from(LookupParameters{count_of(node)}),
          .constants = {{"table", ElementType::uint8, std::move(table)}},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(0), output_argument()}};
}

void host_lookup(std::span<void *const> arguments) { host_call<lookup>(arguments); }

KernelCall by_words(KernelCall call) {
  LookupParameters parameters{};
  std::memcpy(&parameters, call.parameters.bytes.data(), sizeof parameters);
  call.function = "lookup_dsp";
  call.parameters = parameters_from(LookupDspParameters{parameters.count});
  return call;
}

Cost lookup_dsp_cost(const NodeView &node) {
  return {.cycles = 5 * static_cast<double>(node.output().elements()), .constant_bytes = table_entries, .code_bytes = 120};
}

Cost lookup_cost(const NodeView &node) {
  return {.cycles = 10 * static_cast<double>(node.output().elements()), .constant_bytes = table_entries, .code_bytes = 40};
}

}  // namespace whit
