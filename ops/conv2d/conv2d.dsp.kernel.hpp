// SPDX-License-Identifier: Apache-2.0
// conv2d of int8 data for cores with DSP instructions: the loops of device/core/conv2d.dsp.hpp, columns widened to 16 bits.
#ifndef WHIT_OPS_CONV2D_DSP_KERNEL_HPP
#define WHIT_OPS_CONV2D_DSP_KERNEL_HPP

#include "device/core/conv2d.dsp.hpp"

namespace whit {

#if defined(__ARM_FEATURE_DSP)

template <typename Fill, MatmulFunction *matmul>
WHIT_INLINE void conv2d_dsp(const Conv2dDspParameters *parameters, const int8_t *input, const int32_t *rows,
                            int8_t *output, int32_t *scratch) {
  conv2d_with(&Fill::fill, matmul, parameters, input, rows, output, scratch);
}

#endif

}  // namespace whit

#endif
