// SPDX-License-Identifier: Apache-2.0
// What the loops of device/core/conv2d.dsp.hpp need for a convolution: for conv2d's own kernels and for those of operators
// that are made of convolutions. Who includes it defines WHIT_HOST before.
#pragma once

#include <string>

#include "device/core/conv2d.dsp.hpp"
#include "ops/kernel.hpp"

namespace whit {

struct Conv2dColumns {
  Conv2dDspParameters parameters{};
  Bytes stream{};
  std::string fill{}, matmul{};  // names of device functions
};

// Of a conv2d node that conv2d_dsp, or conv2d_int16_dsp_facts, fits.
Conv2dColumns conv2d_columns_int8(const NodeView &node);
Conv2dColumns conv2d_columns_int16(const NodeView &node);

}  // namespace whit
