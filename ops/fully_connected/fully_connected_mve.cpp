// SPDX-License-Identifier: Apache-2.0
// Facts of fully_connected's Helium kernel.
#define WHIT_HOST
#include "ops/fully_connected/fully_connected_mve.hpp"

#include "ops/fully_connected/fully_connected.hpp"
#include "ops/fully_connected/fully_connected.mve.kernel.hpp"
#include "ops/mve_records.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::fully_connected_mve_facts {

namespace {

// Four outputs by four; 16 weights of each in turn.
Bytes packed_weights(const NodeView &node, const FullyConnectedSize &size) {
  const Bytes &weights = *node.input(1).constant;
  Bytes packed;
  for (int64_t block = 0; block < size.outputs; block += 4)
    for (int64_t piece = 0; piece < size.depth; piece += 16)
      for (int64_t output = block; output < block + 4; ++output)
        for (int64_t k = piece; k < piece + 16; ++k)
          packed.push_back(output < size.outputs && k < size.depth ? weights[static_cast<size_t>(output * size.depth + k)] : 0);
  return packed;
}

}  // namespace

bool fits(const NodeView &node) {
  return is_int8_weighted_sum(node, fully_connected_size(node).outputs) && mve_requantizes(fully_connected_multipliers(node));
}

KernelCall call(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  FullyConnectedMveParameters p{};
  set_int8_range(p, node);
  p.rows = static_cast<int32_t>(size.rows);
  p.depth = static_cast<int32_t>(size.depth);
  p.outputs = static_cast<int32_t>(size.outputs);
  MveRecords records = mve_records(node, fully_connected_multipliers(node), channels_in_fours(size.outputs));
  return {.function = fmt::format("fully_connected_mve<{}>", records.form),
          .parameters = parameters_from(p),
          .constants = {{"weights", ElementType::int8, packed_weights(node, size)},
                        std::move(records.constant)},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1), output_argument()}};
}

Cost cost(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  const double pieces = static_cast<double>((size.depth + 15) / 16), fours = static_cast<double>((size.outputs + 3) / 4);
  return {.cycles = static_cast<double>(size.rows) * fours * (10.0 * pieces + 35.0),
          .constant_bytes = fours * (64.0 * pieces + 48.0),
          .code_bytes = 300};
}

}  // namespace whit::fully_connected_mve_facts
