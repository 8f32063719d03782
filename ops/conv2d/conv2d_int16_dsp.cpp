// SPDX-License-Identifier: Apache-2.0
// Facts of conv2d's DSP kernel for 16-bit data: the stream of its constants, and sizes as conv2d_dsp.cpp has them.
#define WHIT_HOST
#include "ops/conv2d/conv2d_int16_dsp.hpp"

#include "ops/conv2d/conv2d.hpp"
#include "ops/conv2d/conv2d_columns.hpp"
#include "ops/conv2d/row_pairs.hpp"
#include "ops/int16/int16_dsp_requantize.hpp"
#include "ops/int16/weighted_sum_int16.hpp"

namespace whit {

namespace conv2d_int16_dsp_facts {

namespace {

int64_t column_values(const WindowGeometry &geometry) {
  return (geometry.kernel_height * geometry.input_channels + 1) / 2 * 2;
}

int64_t column_bytes(const WindowGeometry &geometry) { return 4 * column_values(geometry); }  // of two pixels

int64_t chunk_of(const WindowGeometry &geometry) { return row_pair_chunk(geometry, column_bytes(geometry)); }

int32_t two_values_of_two_rows(const WeightRows &weights, int64_t row, int64_t column) {
  uint32_t word = 0;
  for (int64_t byte = 0; byte < 4; ++byte)
    word |= static_cast<uint32_t>(static_cast<uint8_t>(weights.at(row + byte % 2, column + byte / 2))) << (8 * byte);
  return static_cast<int32_t>(word);
}

// device/core/matmul_int16.dsp.hpp says how it is laid out.
Bytes stream_of(const WeightRows &weights, const Int16DspRequantize &requantize) {
  std::vector<int32_t> words;
  const auto append = [&](const std::vector<int32_t> &values, int64_t first) {
    words.insert(words.end(), values.begin() + first, values.begin() + first + 4);
  };
  for (const int64_t first : block_starts(weights.rows)) {
    append(requantize.biases, first);
    for (int64_t column = 0; column < weights.columns; column += 2)
      for (const int64_t row : {first, first + 2}) words.push_back(two_values_of_two_rows(weights, row, column));
    append(requantize.multipliers, first);
  }
  return bytes_of(words);
}

}  // namespace

bool fits(const NodeView &node) {
  const Window window = window_of(node.attributes());
  return weighted_sum_int16_kernel::fits_wide(node) && window.dilation_height == 1 && window.dilation_width == 1 &&
         node.output().shape[3] >= 4 && int16_dsp_requantize(node).has_value();
}

KernelCall call(const NodeView &node) {
  Conv2dColumns columns = conv2d_columns_int16(node);
  return {.function = fmt::format("conv2d_int16_dsp<{}>", columns.matmul),
          .parameters = parameters_from(columns.parameters),
          .constants = {{"rows", ElementType::int32, std::move(columns.stream)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), output_argument(),
                        scratch_argument()}};
}

Cost cost(const NodeView &node) {
  const WindowGeometry g = conv2d_geometry(node);
  const auto values = static_cast<double>(g.kernel_width * column_values(g));
  const auto copied = static_cast<double>(g.output_height * g.input_width * g.kernel_height * g.input_channels);
  return {.cycles = static_cast<double>(node.output().elements()) * (values * 1.13 + 8) +
                    copied * (g.input_channels % 2 == 0 ? 2.0 : 8.0),
          .constant_bytes = static_cast<double>(g.output_channels) * (values + 8),
          .code_bytes = 2500};
}

int64_t scratch(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  return row_pair_scratch(geometry, column_bytes(geometry));
}

std::vector<Overlap> overlap(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  return {{.input = 0, .at_most = 2 * row_pair_overlap(geometry, chunk_of(geometry))}};  // two bytes a value
}

}  // namespace conv2d_int16_dsp_facts

Conv2dColumns conv2d_columns_int16(const NodeView &node) {
  using namespace conv2d_int16_dsp_facts;
  const WindowGeometry g = conv2d_geometry(node);
  const auto requantize = int16_dsp_requantize(node);
  internal_check(requantize.has_value(), "a DSP kernel was chosen that does not fit");
  const WeightRows weights = weights_by_column(node, g, column_values(g), [&](int64_t row, int64_t channel) {
    return row * g.input_channels + channel;
  });
  Bytes stream = stream_of(weights, *requantize);
  Conv2dDspParameters p{};
  set_row_pairs(p, node, g, chunk_of(g));
  p.column_pairs = static_cast<int16_t>(column_values(g) / 2);
  p.first_rows = static_cast<int16_t>(g.output_channels % 4);
  p.block_bytes = static_cast<int32_t>(32 + 4 * weights.columns);
  p.stream_bytes = static_cast<int32_t>(stream.size());
  p.pixel_bytes = static_cast<int32_t>(2 * g.output_channels);
  p.channel_bytes = 2;
  return {.parameters = p, .stream = std::move(stream), .fill = "whit::CopyColumns",
          .matmul = requantize->positive ? "whit::matmul_int16_positive" : "whit::matmul_int16"};
}

}  // namespace whit
