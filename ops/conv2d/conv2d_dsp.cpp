// SPDX-License-Identifier: Apache-2.0
// Facts of the DSP kernels of conv2d: which nodes they compute, how weights are packed, how much scratch, how far the
// output may run over the input.
#define WHIT_HOST
#include "ops/conv2d/conv2d_dsp.hpp"

#include <algorithm>

#include "ops/conv2d/conv2d.hpp"
#include "ops/conv2d/conv2d_columns.hpp"
#include "ops/conv2d/conv2d_planar.dsp.kernel.hpp"
#include "ops/conv2d/row_pairs.hpp"
#include "ops/dsp_matmul.hpp"
#include "ops/weighted_sum.hpp"

namespace whit {

namespace {

// How the kernel orders the values of a column: the fillers of device/core/columns.dsp.hpp.
enum class ColumnOrder { fours, threes, plain };

int64_t column_pairs(const WindowGeometry &geometry) {
  return (geometry.kernel_height * geometry.input_channels + 1) / 2;
}

// Position in its column of channel `channel` of window row `row`.
int64_t column_position(const WindowGeometry &geometry, ColumnOrder order, int64_t row, int64_t channel) {
  static constexpr int64_t fours[] = {0, 2, 1, 3};
  switch (order) {
    case ColumnOrder::fours: return row * geometry.input_channels + channel / 4 * 4 + fours[channel % 4];
    case ColumnOrder::threes: return channel == 1 ? 2 * geometry.kernel_height + row : 2 * row + channel / 2;
    default: return row * geometry.input_channels + channel;
  }
}

// The weights in the order of scratch: window column, then the column's own order.
WeightRows weight_rows(const NodeView &node, const WindowGeometry &geometry, ColumnOrder order) {
  return weights_by_column(node, geometry, 2 * column_pairs(geometry), [&](int64_t row, int64_t channel) {
    return column_position(geometry, order, row, channel);
  });
}

std::optional<DspRequantize> requantize_of(const NodeView &node) {
  return dsp_requantize(node, channel_multipliers(node));
}

bool matmul_fits(const NodeView &node) {
  return is_int8_weighted_sum(node, node.output().shape[3]) &&
         counts_in_16_bits(conv2d_geometry(node)) && node.output().shape[3] >= 4 && rows_can_pair(*node.input(1).constant) &&
         requantize_of(node).has_value();
}

bool is_pointwise(const WindowGeometry &geometry) {
  return geometry.kernel_height == 1 && geometry.kernel_width == 1 && geometry.window == Window{};
}

bool is_planar(const Tensor &tensor) { return tensor.layout == Layout::planar; }

// What both kernels' parameters say about the stream and the output.
struct StreamFacts {
  Bytes stream{};
  DspRequantizeForm form = DspRequantizeForm::steps;
  int64_t block_bytes = 0, pixel_bytes = 0, channel_bytes = 0;

  std::string matmul(bool planar) const {
    return fmt::format("whit::matmul_{}_{}", form == DspRequantizeForm::steps ? "steps" : "exact",
                       planar ? "planes" : "words");
  }
};

StreamFacts stream_facts(const NodeView &node, const WindowGeometry &geometry, ColumnOrder order) {
  const WeightRows rows = weight_rows(node, geometry, order);
  const auto requantize = requantize_of(node);
  internal_check(requantize.has_value(), "a DSP kernel was chosen that does not fit");
  const bool planar = is_planar(node.output());
  return {.stream = matmul_stream(rows, *requantize),
          .form = requantize->form,
          .block_bytes = matmul_block_bytes(rows.columns, requantize->form),
          .pixel_bytes = planar ? 1 : geometry.output_channels,
          .channel_bytes = planar ? geometry.output_height * geometry.output_width : 1};
}

Cost matmul_cost(const NodeView &node, const WindowGeometry &geometry, double fill_cycles) {
  const double outputs = static_cast<double>(node.output().elements());
  const double values = static_cast<double>(geometry.kernel_width * column_pairs(geometry) * 2);
  return {.cycles = outputs * (values * 0.95 + 9.0) + fill_cycles,
          .constant_bytes = static_cast<double>(geometry.output_channels) * (values + 8),
          .code_bytes = 3500};
}

}  // namespace

namespace conv2d_dsp {

namespace {

ColumnOrder column_order(const WindowGeometry &geometry) {
  if (geometry.input_channels % 4 == 0) return ColumnOrder::fours;
  return geometry.input_channels == 3 ? ColumnOrder::threes : ColumnOrder::plain;
}

const char *filler(ColumnOrder order) {
  static constexpr const char *names[] = {"FillFours", "FillThrees", "FillPlain"};
  return names[static_cast<size_t>(order)];
}

// Cycles it takes to widen one value.
double fill_cycles(ColumnOrder order) {
  static constexpr double cycles[] = {2.0, 3.5, 8.0};
  return cycles[static_cast<size_t>(order)];
}

int64_t column_bytes(const WindowGeometry &geometry) { return 8 * column_pairs(geometry); }

int64_t chunk_of(const WindowGeometry &geometry) { return row_pair_chunk(geometry, column_bytes(geometry)); }

}  // namespace

bool fits(const NodeView &node) {
  const Window window = window_of(node.attributes());
  return window.dilation_height == 1 && window.dilation_width == 1 && matmul_fits(node);
}

KernelCall call(const NodeView &node) {
  Conv2dColumns columns = conv2d_columns_int8(node);
  return {.function = fmt::format("conv2d_dsp<{}, {}>", columns.fill, columns.matmul),
          .parameters = parameters_from(columns.parameters),
          .constants = {{"rows", ElementType::int32, std::move(columns.stream)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), output_argument(),
                        scratch_argument()}};
}

Cost cost(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  const double widened = static_cast<double>(geometry.output_height * geometry.input_width * geometry.kernel_height *
                                             geometry.input_channels);
  Cost cost = matmul_cost(node, geometry, widened * fill_cycles(column_order(geometry)));
  // Few forms in an image are worth more than the last percent of a layer: 1x1 belongs to conv2d_planar_dsp.
  if (is_pointwise(geometry)) cost.cycles *= 1.03;
  return cost;
}

std::vector<LayoutChoice> layouts(const NodeView &) {
  return {{{Layout::channel_last}, {Layout::channel_last}}, {{Layout::channel_last}, {Layout::planar}}};
}

int64_t scratch(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  return row_pair_scratch(geometry, column_bytes(geometry));
}

std::vector<Overlap> overlap(const NodeView &node) {
  if (is_planar(node.output())) return {};
  const WindowGeometry geometry = conv2d_geometry(node);
  return {{.input = 0, .at_most = row_pair_overlap(geometry, chunk_of(geometry))}};
}

}  // namespace conv2d_dsp

Conv2dColumns conv2d_columns_int8(const NodeView &node) {
  const WindowGeometry g = conv2d_geometry(node);
  const ColumnOrder order = conv2d_dsp::column_order(g);
  StreamFacts facts = stream_facts(node, g, order);
  Conv2dDspParameters p{};
  set_row_pairs(p, node, g, conv2d_dsp::chunk_of(g));
  p.column_pairs = static_cast<int16_t>(column_pairs(g));
  p.first_rows = static_cast<int16_t>(g.output_channels % 4);
  p.block_bytes = static_cast<int32_t>(facts.block_bytes);
  p.stream_bytes = static_cast<int32_t>(facts.stream.size());
  p.pixel_bytes = static_cast<int32_t>(facts.pixel_bytes);
  p.channel_bytes = static_cast<int32_t>(facts.channel_bytes);
  return {.parameters = p, .stream = std::move(facts.stream), .fill = fmt::format("whit::{}", conv2d_dsp::filler(order)),
          .matmul = facts.matmul(is_planar(node.output()))};
}

namespace conv2d_planar_dsp {

namespace {

int64_t steps_of(const WindowGeometry &geometry) { return (geometry.input_channels + 1) / 2; }

int64_t chunk_of(const WindowGeometry &geometry) {
  const int64_t groups = std::max<int64_t>(1, chunk_scratch_limit / (16 * steps_of(geometry)));
  return std::min(4 * groups, (geometry.output_height * geometry.output_width + 3) / 4 * 4);
}

}  // namespace

bool fits(const NodeView &node) {
  return node.input(0).shape[0] == 1 && is_pointwise(conv2d_geometry(node)) && matmul_fits(node);
}

KernelCall call(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  StreamFacts facts = stream_facts(node, geometry, ColumnOrder::plain);
  Conv2dPlanarDspParameters p{};
  p.pixels = static_cast<int32_t>(geometry.output_height * geometry.output_width);
  p.input_channels = static_cast<int16_t>(geometry.input_channels);
  p.chunk = static_cast<int16_t>(chunk_of(geometry));
  p.first_rows = static_cast<int16_t>(geometry.output_channels % 4);
  p.block_bytes = static_cast<int32_t>(facts.block_bytes);
  p.stream_bytes = static_cast<int32_t>(facts.stream.size());
  p.pixel_bytes = static_cast<int32_t>(facts.pixel_bytes);
  p.channel_bytes = static_cast<int32_t>(facts.channel_bytes);
  return {.function = fmt::format("conv2d_planar_dsp<{}>", facts.matmul(is_planar(node.output()))),
          .parameters = parameters_from(p),
          .constants = {{"rows", ElementType::int32, std::move(facts.stream)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), output_argument(),
                        scratch_argument()}};
}

Cost cost(const NodeView &node) {
  return matmul_cost(node, conv2d_geometry(node), 2.0 * static_cast<double>(node.input(0).elements()));
}

std::vector<LayoutChoice> layouts(const NodeView &) {
  return {{{Layout::planar}, {Layout::planar}}, {{Layout::planar}, {Layout::channel_last}}};
}

int64_t scratch(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  return chunk_of(geometry) * steps_of(geometry) * 4;
}

std::vector<Overlap> overlap(const NodeView &node) {
  if (!is_planar(node.output())) return {};
  // A chunk of pixels is read from all planes before it is written to all planes, so planes may coincide in any
  // pairing: their first ones or their last ones are what a planner wants.
  const WindowGeometry geometry = conv2d_geometry(node);
  const int64_t plane = geometry.output_height * geometry.output_width;
  return {{.input = 0, .exactly = {0, (geometry.input_channels - geometry.output_channels) * plane}}};
}

}  // namespace conv2d_planar_dsp

}  // namespace whit
