// SPDX-License-Identifier: Apache-2.0
// fully_connected for cores that only multiply bytes (device/core/byte_matmul.hpp): each row of values is copied to
// scratch plus 128 and multiplied by all outputs' weights.
#ifndef WHIT_OPS_FULLY_CONNECTED_BYTES_KERNEL_HPP
#define WHIT_OPS_FULLY_CONNECTED_BYTES_KERNEL_HPP

#include "device/core/byte_matmul.hpp"

namespace whit {

#define WHIT_FULLY_CONNECTED_BYTES_FIELDS(FIELD) FIELD(int16_t, rows) FIELD(int16_t, depth) FIELD(int16_t, outputs)
WHIT_PARAMETERS(FullyConnectedBytesParameters, WHIT_FULLY_CONNECTED_BYTES_FIELDS)

WHIT_KERNEL void fully_connected_bytes(const FullyConnectedBytesParameters *parameters, const int8_t *input,
                                       const uint8_t *weights, const uint8_t *constants, int8_t *output,
                                       uint8_t *scratch) {
  WHIT_LOAD_PARAMETERS(FullyConnectedBytesParameters, p, parameters);
  ByteMatmul run;
  run.values = scratch;
  run.weights = weights;
  run.constants = constants;
  run.output = output;
  run.eights = static_cast<uint8_t>(p.depth / 8);
  run.rest = static_cast<uint8_t>(p.depth % 8);
  run.channels = static_cast<uint8_t>(p.outputs);
  for (int16_t row = 0; row < p.rows; ++row, input += p.depth, run.output += p.outputs) {
    start_from(run, copy_biased(scratch, input, static_cast<uint16_t>(p.depth)));
    byte_matmul(&run);
  }
}

}  // namespace whit

#endif
