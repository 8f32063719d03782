// SPDX-License-Identifier: Apache-2.0
// Facts of the paired kernels of conv2d: which nodes they compute, constants, scratch, and how far the output may run
// over the input.
#define WHIT_HOST
#include "ops/conv2d/conv2d_paired.hpp"

#include <algorithm>

#include "ops/conv2d/conv2d.hpp"
#include "ops/conv2d/conv2d.paired.kernel.hpp"
#include "ops/conv2d/row_pairs.hpp"
#include "ops/paired_matmul.hpp"
#include "ops/weighted_sum.hpp"

namespace whit {

namespace {

std::optional<PairedMatmulConstants> constants_of(const NodeView &node) {
  const WindowGeometry g = conv2d_geometry(node);
  const auto requantize = exact_requantize(node, channel_multipliers(node));
  if (!requantize) return std::nullopt;
  const WeightRows rows = weights_by_column(node, g, g.kernel_height * g.input_channels, [&](int64_t row, int64_t channel) {
    return row * g.input_channels + channel;
  });
  return paired_matmul_constants(rows, *requantize);
}

bool matmul_fits(const NodeView &node) {
  return is_int8_weighted_sum(node, node.output().shape[3]) &&
         counts_in_16_bits(conv2d_geometry(node)) && constants_of(node).has_value();
}

bool is_pointwise(const WindowGeometry &geometry) {
  return geometry.kernel_height == 1 && geometry.kernel_width == 1 && geometry.window == Window{};
}

template <typename Parameters>
KernelCall matmul_call(const NodeView &node, std::string function, Parameters p) {
  auto constants = constants_of(node);
  internal_check(constants.has_value(), "a paired kernel was chosen that does not fit");
  const WindowGeometry g = conv2d_geometry(node);
  p.input_channels = static_cast<int16_t>(g.input_channels);
  p.output_channels = static_cast<int16_t>(g.output_channels);
  p.first_bytes = static_cast<int32_t>(constants->first_bytes);
  p.stream_bytes = static_cast<int32_t>(constants->stream.size());
  return {.function = std::move(function),
          .parameters = parameters_from(p),
          .constants = {{"stream", ElementType::int32, std::move(constants->stream)},
                        {"weights", ElementType::int8, std::move(constants->weights)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument(), scratch_argument()}};
}

// `steps` pairs of pixels, each reading `fill` values anew.
Cost matmul_cost(const WindowGeometry &g, double steps, double fill) {
  const double taps = static_cast<double>(g.kernel_height * g.kernel_width * g.input_channels);
  const double channels = static_cast<double>(g.output_channels);
  return {.cycles = steps * (channels * (6.2 * taps + 80) + 9 * fill),
          .constant_bytes = channels * (1.2 * taps + 24),
          .code_bytes = 1600};
}

}  // namespace

namespace conv2d_paired_facts {

namespace {

int64_t column_bytes(const WindowGeometry &geometry) { return 4 * geometry.kernel_height * geometry.input_channels; }

int64_t chunk_of(const WindowGeometry &geometry) { return row_pair_chunk(geometry, column_bytes(geometry)); }

}  // namespace

bool fits(const NodeView &node) {
  const Window window = window_of(node.attributes());
  return window.dilation_height == 1 && window.dilation_width == 1 && matmul_fits(node);
}

KernelCall call(const NodeView &node) {
  const WindowGeometry g = conv2d_geometry(node);
  Conv2dPairedParameters p{};
  set_row_pairs(p, node, g, chunk_of(g));
  return matmul_call(node, "conv2d_paired", p);
}

void host(std::span<void *const> arguments) { host_call<conv2d_paired>(arguments); }

Cost cost(const NodeView &node) {
  const WindowGeometry g = conv2d_geometry(node);
  const auto steps = static_cast<double>((g.output_height + 1) / 2 * g.output_width);
  return matmul_cost(g, steps, static_cast<double>(g.kernel_height * g.input_channels * g.window.stride_width));
}

int64_t scratch(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  return row_pair_scratch(geometry, column_bytes(geometry));
}

std::vector<Overlap> overlap(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  return {{.input = 0, .at_most = row_pair_overlap(geometry, chunk_of(geometry))}};
}

}  // namespace conv2d_paired_facts

namespace conv2d_pointwise_paired_facts {

namespace {

int64_t pixels_of(const WindowGeometry &geometry) { return geometry.output_height * geometry.output_width; }

int64_t chunk_of(const WindowGeometry &geometry) {
  const int64_t pairs = std::max<int64_t>(1, chunk_scratch_limit / (4 * geometry.input_channels));
  return 2 * std::min(pairs, (pixels_of(geometry) + 1) / 2);
}

}  // namespace

bool fits(const NodeView &node) { return is_pointwise(conv2d_geometry(node)) && matmul_fits(node); }

KernelCall call(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  Conv2dPointwisePairedParameters p{};
  p.pixels = static_cast<int32_t>(pixels_of(geometry));
  p.chunk = static_cast<int16_t>(chunk_of(geometry));
  return matmul_call(node, "conv2d_pointwise_paired", p);
}

void host(std::span<void *const> arguments) { host_call<conv2d_pointwise_paired>(arguments); }

Cost cost(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  const auto steps = static_cast<double>((pixels_of(geometry) + 1) / 2);
  return matmul_cost(geometry, steps, static_cast<double>(geometry.input_channels));
}

int64_t scratch(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  return chunk_of(geometry) / 2 * geometry.input_channels * 4;
}

std::vector<Overlap> overlap(const NodeView &node) {
  // What a chunk writes must lie before the pixels of the next one; a single chunk reads everything first.
  const WindowGeometry geometry = conv2d_geometry(node);
  const int64_t chunk = chunk_of(geometry), shrinks = geometry.input_channels - geometry.output_channels;
  const int64_t last = (pixels_of(geometry) - 1) / chunk * chunk;  // first pixel of the last chunk
  if (last == 0) return {{.input = 0, .at_most = node.input(0).bytes()}};
  return {{.input = 0, .at_most = std::min(chunk * shrinks, last * shrinks)}};
}

}  // namespace conv2d_pointwise_paired_facts

}  // namespace whit
