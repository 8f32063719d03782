// SPDX-License-Identifier: Apache-2.0
// conv2d of 16-bit data with 8-bit weights for cores with DSP instructions: the loops of device/core/conv2d.dsp.hpp,
// columns copied as they are, and a matrix product of 16-bit data. Input and output are channel_last.
#ifndef WHIT_OPS_CONV2D_INT16_DSP_KERNEL_HPP
#define WHIT_OPS_CONV2D_INT16_DSP_KERNEL_HPP

#include "device/core/conv2d.dsp.hpp"
#include "device/core/copy_columns.dsp.hpp"
#include "device/core/matmul_int16.dsp.hpp"

namespace whit {

#if defined(__ARM_FEATURE_DSP)

template <MatmulFunction *matmul>
WHIT_INLINE void conv2d_int16_dsp(const Conv2dDspParameters *parameters, const int16_t *input, const int32_t *rows,
                                  int16_t *output, int32_t *scratch) {
  conv2d_with(&CopyColumns::fill, matmul, parameters, reinterpret_cast<const int8_t *>(input), rows,
              reinterpret_cast<int8_t *>(output), scratch);
}

#endif

}  // namespace whit

#endif
