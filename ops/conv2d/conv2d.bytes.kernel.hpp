// SPDX-License-Identifier: Apache-2.0
// conv2d for cores that only multiply bytes (device/core/byte_matmul.hpp), data channel_last: windows lie in
// scratch (device/core/byte_window.hpp), one after the other is multiplied by all channels' weights.
#ifndef WHIT_OPS_CONV2D_BYTES_KERNEL_HPP
#define WHIT_OPS_CONV2D_BYTES_KERNEL_HPP

#include "device/core/byte_window.hpp"

namespace whit {

WHIT_KERNEL void conv2d_bytes(const ByteWindowParameters *parameters, const int8_t *input, const uint8_t *weights,
                              const uint8_t *constants, int8_t *output, ByteSum *scratch) {
  WHIT_LOAD_PARAMETERS(ByteWindowParameters, p, parameters);
  const uint16_t values = static_cast<uint16_t>(p.kernel_height * p.kernel_width * p.input_channels);
  ByteMatmul run;
  run.weights = weights;
  run.constants = constants;
  run.output = output;
  run.eights = static_cast<uint8_t>(values / 8);
  run.rest = static_cast<uint8_t>(values % 8);
  multiply_windows(p, input, run, scratch, byte_matmul);
}

}  // namespace whit

#endif
