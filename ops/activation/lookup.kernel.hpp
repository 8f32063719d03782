// SPDX-License-Identifier: Apache-2.0
// Any function of one byte, portable: out[i] = table[in[i]]. The host computes the table, with the operator's own
// integer arithmetic, so the table is the operator, bit for bit.
#ifndef WHIT_OPS_ACTIVATION_LOOKUP_KERNEL_HPP
#define WHIT_OPS_ACTIVATION_LOOKUP_KERNEL_HPP

#include "device/core/core.hpp"

namespace whit {

#define WHIT_LOOKUP_FIELDS(FIELD) FIELD(int32_t, count)
WHIT_PARAMETERS(LookupParameters, WHIT_LOOKUP_FIELDS)

// 256 entries; signed bytes are taken as unsigned ones: entry 128 belongs to -128.
WHIT_KERNEL void lookup(const LookupParameters *parameters, const uint8_t *table, const void *input, void *output) {
  WHIT_LOAD_PARAMETERS(LookupParameters, p, parameters);
  const uint8_t *in = static_cast<const uint8_t *>(input);
  uint8_t *out = static_cast<uint8_t *>(output);
  for (int32_t i = 0; i < p.count; ++i) out[i] = load(table + in[i]);
}

}  // namespace whit

#endif
