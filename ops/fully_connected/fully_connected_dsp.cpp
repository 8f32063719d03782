// SPDX-License-Identifier: Apache-2.0
// Facts of fully_connected's DSP kernel: packed rows, and how far rows of outputs may run over rows of inputs.
#define WHIT_HOST
#include "ops/fully_connected/fully_connected_dsp.hpp"

#include <algorithm>

#include "ops/dsp_matmul.hpp"
#include "ops/fully_connected/fully_connected.dsp.kernel.hpp"
#include "ops/fully_connected/fully_connected.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::fully_connected_dsp {

namespace {

int64_t padded_depth(const FullyConnectedSize &size) { return (size.depth + 3) / 4 * 4; }

std::optional<DspRequantize> requantize_of(const NodeView &node) {
  auto requantize = dsp_requantize(node, fully_connected_multipliers(node));
  if (!requantize) return requantize;
  const size_t padded = std::max<size_t>(4, requantize->channels.size());
  requantize->channels.resize(padded, {.shift = 1, .vanishes = true});
  return requantize;
}

// Rows in the order in which values are widened, at least four of them.
WeightRows weight_rows(const NodeView &node, const FullyConnectedSize &size) {
  static constexpr int64_t positions[] = {0, 2, 1, 3};
  WeightRows rows{.rows = std::max<int64_t>(4, size.outputs), .columns = padded_depth(size)};
  rows.values.resize(static_cast<size_t>(rows.rows * rows.columns));
  const Bytes &weights = *node.input(1).constant;
  for (int64_t output = 0; output < size.outputs; ++output)
    for (int64_t k = 0; k < size.depth; ++k)
      rows.values[static_cast<size_t>(output * rows.columns + k / 4 * 4 + positions[k % 4])] =
          static_cast<int8_t>(weights[static_cast<size_t>(output * size.depth + k)]);
  return rows;
}

}  // namespace

bool fits(const NodeView &node) {
  return is_int8_weighted_sum(node, fully_connected_size(node).outputs) && rows_can_pair(*node.input(1).constant) &&
         requantize_of(node).has_value();
}

KernelCall call(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  const auto requantize = requantize_of(node);
  internal_check(requantize.has_value(), "a DSP kernel was chosen that does not fit");
  const WeightRows rows = weight_rows(node, size);
  Bytes stream = matmul_stream(rows, *requantize);
  FullyConnectedDspParameters p{};
  p.rows = static_cast<int32_t>(size.rows);
  p.depth = static_cast<int32_t>(size.depth);
  p.outputs = static_cast<int32_t>(size.outputs);
  p.first_outputs = static_cast<int32_t>(rows.rows % 4);
  p.block_bytes = static_cast<int32_t>(matmul_block_bytes(rows.columns, requantize->form));
  p.stream_bytes = static_cast<int32_t>(stream.size());
  const bool steps = requantize->form == DspRequantizeForm::steps;
  return {.function = fmt::format("fully_connected_dsp<whit::dot_products_{}>", steps ? "steps" : "exact"),
          .parameters = parameters_from(p),
          .constants = {{"stream", ElementType::int32, std::move(stream)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), output_argument(),
                        scratch_argument()}};
}

Cost cost(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  const double outputs = static_cast<double>(size.rows * size.outputs);
  return {.cycles = outputs * (1.22 * static_cast<double>(size.depth) + 12),
          .constant_bytes = static_cast<double>(size.outputs * (padded_depth(size) + 8)),
          .code_bytes = 1000};
}

int64_t scratch(const NodeView &node) { return 2 * padded_depth(fully_connected_size(node)); }

std::vector<Overlap> overlap(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  // A row's inputs are all read before its outputs are written; the last row constrains nothing.
  const int64_t apart = node.input(0).bytes();
  const int64_t each = size.depth - size.outputs;
  if (size.rows == 1) return {{.input = 0, .at_most = apart}};
  return {{.input = 0, .at_most = std::min({apart, each, each * (size.rows - 1)})}};
}

}  // namespace whit::fully_connected_dsp
