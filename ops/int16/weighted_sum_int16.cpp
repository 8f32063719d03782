// SPDX-License-Identifier: Apache-2.0
// Geometry and constants of the 16-bit kernels.
#define WHIT_HOST
#include "ops/int16/weighted_sum_int16.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "ops/conv2d/conv2d.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d.hpp"
#include "ops/fully_connected/fully_connected.hpp"
#include "ops/int16/weighted_sum_int16.kernel.hpp"
#include "ops/op_def.hpp"
#include "ops/weighted_sum.hpp"
#include "ops/window_geometry.hpp"

namespace whit::weighted_sum_int16_kernel {

namespace {

constexpr int64_t longest = 32767;

bool is_int16(const Tensor &tensor) {
  return tensor.type == ElementType::int16 && tensor.quantization.present() && tensor.quantization.zero_point() == 0;
}

bool weights_fit(const NodeView &node) {
  const Tensor &weights = node.input(1);
  for (int64_t zero : weights.quantization.zero_points)
    if (zero != 0) return false;
  const auto scales = static_cast<int64_t>(weights.quantization.scales.size());
  return weights.type == ElementType::int8 && weights.is_constant() &&
         (scales == 1 || scales == node.output().shape.back());
}

bool fits(const NodeView &node) {
  const Shape &data = node.input(0).shape;
  if (!is_int16(node.input(0)) || !is_int16(node.output()) || !weights_fit(node)) return false;
  for (const Shape *shape : {&data, &node.input(1).shape, &node.output().shape})
    for (int64_t axis : *shape)
      if (axis > longest) return false;
  const bool is_window = data.size() == 4 && node.input(1).shape.size() == 4;
  return is_window ? data[0] == 1 : node.output().elements() / node.output().shape.back() <= longest;
}

bool wide_bias(const NodeView &node) { return !node.has_input(2) || node.input(2).type == ElementType::int64; }

KernelCall call(const NodeView &node, WeightedSumInt16Parameters p, const std::vector<QuantizedMultiplier> &multipliers) {
  const IntegerRange range = integer_activation_range(node);
  p.output_low = static_cast<int16_t>(range.low);
  p.output_high = static_cast<int16_t>(range.high);
  const auto channels = static_cast<int64_t>(multipliers.size());
  const bool is_wide = wide_bias(node);
  const Bytes bias = is_wide ? bytes_of(bias_of<int64_t>(node, channels)) : bytes_of(bias_of<int32_t>(node, channels));
  return {.function = fmt::format("weighted_sum_int16<{}>", is_wide ? "int64_t" : "int32_t"),
          .parameters = parameters_from(p),
          .constants = {{"weights", ElementType::int8, *node.input(1).constant},
                        {"bias", is_wide ? ElementType::int64 : ElementType::int32, bias},
                        {"multipliers", ElementType::int32, bytes_of(multipliers_of(multipliers))},
                        {"shifts", ElementType::int8, bytes_of(shifts_of(multipliers))}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

bool bias_is_known(const NodeView &node) { return !node.has_input(2) || node.input(2).is_constant(); }

// Sums with a bias of 32 bits stay within 32 bits, whatever the data.
bool sums_fit(const NodeView &node) {
  constexpr int64_t most = std::numeric_limits<int32_t>::max(), largest_product = 32768 * 128;
  const int64_t products = node.input(1).elements() / node.output().shape.back() * largest_product;
  const auto biases = values_of<int32_t>(*node.input(2).constant);
  return std::ranges::all_of(biases, [&](int64_t bias) { return products + std::abs(bias) <= most; });
}

}  // namespace

bool fits_wide(const NodeView &node) { return fits(node) && bias_is_known(node) && wide_bias(node); }
bool fits_narrow(const NodeView &node) {
  return fits(node) && bias_is_known(node) && node.has_input(2) && node.input(2).type == ElementType::int32 &&
         sums_fit(node);
}

KernelCall call_conv2d(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  auto p = geometry_parameters<WeightedSumInt16Parameters>(geometry);
  p.summed = p.input_channels;
  p.multiplier = 0;
  p.column_step = p.input_channels;
  p.output_step = static_cast<int32_t>(geometry.kernel_height * geometry.kernel_width * geometry.input_channels);
  return call(node, p, channel_multipliers(node));
}

KernelCall call_depthwise_conv2d(const NodeView &node) {
  const WindowGeometry geometry = depthwise_conv2d_geometry(node);
  auto p = geometry_parameters<WeightedSumInt16Parameters>(geometry);
  p.summed = 1;
  p.multiplier = static_cast<int16_t>(geometry.output_channels / geometry.input_channels);
  p.column_step = p.output_channels;
  p.output_step = 1;
  return call(node, p, channel_multipliers(node));
}

KernelCall call_fully_connected(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  WeightedSumInt16Parameters p{};
  p.input_height = p.output_height = static_cast<int16_t>(size.rows);
  p.input_width = p.output_width = p.kernel_height = p.kernel_width = 1;
  p.stride_height = p.stride_width = p.dilation_height = p.dilation_width = 1;
  p.input_channels = p.summed = static_cast<int16_t>(size.depth);
  p.output_channels = static_cast<int16_t>(size.outputs);
  p.column_step = p.output_step = static_cast<int32_t>(size.depth);
  return call(node, p, operator_of(node.node()).multipliers(node));
}

void host_wide(std::span<void *const> arguments) { host_call<weighted_sum_int16<int64_t>>(arguments); }
void host_narrow(std::span<void *const> arguments) { host_call<weighted_sum_int16<int32_t>>(arguments); }

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 14;
  return {.cycles = cycles_per_mac * static_cast<double>(macs_of(node)),
          .constant_bytes = static_cast<double>(node.input(1).bytes())};
}

}  // namespace whit::weighted_sum_int16_kernel
