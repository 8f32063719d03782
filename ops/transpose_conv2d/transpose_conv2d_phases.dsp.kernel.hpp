// SPDX-License-Identifier: Apache-2.0
// transpose_conv2d for cores with DSP instructions, int8 or 16-bit data: outputs that lie a stride apart meet the same taps,
// so they are the outputs of an ordinary convolution, whose loops (device/core/conv2d.dsp.hpp) write them a stride apart.
#ifndef WHIT_OPS_TRANSPOSE_CONV2D_PHASES_DSP_KERNEL_HPP
#define WHIT_OPS_TRANSPOSE_CONV2D_PHASES_DSP_KERNEL_HPP

#include "device/core/conv2d.dsp.hpp"
#include "device/core/copy_columns.dsp.hpp"
#include "device/core/matmul_int16.dsp.hpp"

namespace whit {

#define WHIT_TRANSPOSE_CONV2D_PHASES_FIELDS(FIELD)                                                   \
  FIELD(int16_t, input_height) FIELD(int16_t, input_width) FIELD(int16_t, input_channels)            \
  FIELD(int16_t, input_zero) FIELD(int16_t, first_rows) FIELD(int16_t, phases)                       \
  FIELD(int32_t, row_pixels)  /* between rows of a phase's outputs, in those of `pixel_bytes` */      \
  FIELD(int32_t, pixel_bytes) /* between its outputs */                                              \
  FIELD(int32_t, channel_bytes)
WHIT_PARAMETERS(TransposeConv2dPhasesParameters, WHIT_TRANSPOSE_CONV2D_PHASES_FIELDS)

// Of each phase, in this order: sizes of its output and window, paddings, and how its stream is made.
#define WHIT_TRANSPOSE_CONV2D_PHASE_FIELDS(FIELD)                                                    \
  FIELD(int32_t, output_height) FIELD(int32_t, output_width) FIELD(int32_t, kernel_height)           \
  FIELD(int32_t, kernel_width) FIELD(int32_t, padding_top) FIELD(int32_t, padding_left)              \
  FIELD(int32_t, column_pairs) FIELD(int32_t, chunk) FIELD(int32_t, block_bytes)                     \
  FIELD(int32_t, stream_bytes) FIELD(int32_t, output_begin)
WHIT_PARAMETERS(TransposeConv2dPhase, WHIT_TRANSPOSE_CONV2D_PHASE_FIELDS)

#if defined(__ARM_FEATURE_DSP)

struct PhaseConvolution : Conv2dDspParameters {
  int32_t pixels_in_row;
};

WHIT_INLINE int32_t row_pixels(const PhaseConvolution &p) { return p.pixels_in_row; }

WHIT_KERNEL void transpose_conv2d_with(FillFunction *fill, MatmulFunction *matmul, const TransposeConv2dPhasesParameters *parameters,
                                       const int8_t *input, const int32_t *phases, const int32_t *rows, int8_t *output,
                                       int32_t *scratch) {
  const TransposeConv2dPhasesParameters &p = *parameters;
  const TransposeConv2dPhase *phase = reinterpret_cast<const TransposeConv2dPhase *>(phases);
  PhaseConvolution conv;
  conv.pixels_in_row = p.row_pixels;
  conv.input_height = p.input_height;
  conv.input_width = p.input_width;
  conv.input_channels = p.input_channels;
  conv.input_zero = p.input_zero;
  conv.stride_height = 1;
  conv.stride_width = 1;
  conv.first_rows = p.first_rows;
  conv.pixel_bytes = p.pixel_bytes;
  conv.channel_bytes = p.channel_bytes;
  for (int16_t left = p.phases; left != 0; --left, ++phase) {
    conv.output_height = static_cast<int16_t>(phase->output_height);
    conv.output_width = static_cast<int16_t>(phase->output_width);
    conv.kernel_height = static_cast<int16_t>(phase->kernel_height);
    conv.kernel_width = static_cast<int16_t>(phase->kernel_width);
    conv.padding_top = static_cast<int16_t>(phase->padding_top);
    conv.padding_left = static_cast<int16_t>(phase->padding_left);
    conv.column_pairs = static_cast<int16_t>(phase->column_pairs);
    conv.chunk = static_cast<int16_t>(phase->chunk);
    conv.block_bytes = phase->block_bytes;
    conv.stream_bytes = phase->stream_bytes;
    conv2d_rows(fill, matmul, conv, input, rows, output + phase->output_begin, scratch);
    rows += phase->stream_bytes / 4;
  }
}

template <typename Fill, MatmulFunction *matmul, typename T>
WHIT_INLINE void transpose_conv2d_phases_dsp(const TransposeConv2dPhasesParameters *parameters, const T *input,
                                             const int32_t *phases, const int32_t *rows, T *output, int32_t *scratch) {
  transpose_conv2d_with(&Fill::fill, matmul, parameters, reinterpret_cast<const int8_t *>(input), phases, rows,
                        reinterpret_cast<int8_t *>(output), scratch);
}

#endif

}  // namespace whit

#endif
