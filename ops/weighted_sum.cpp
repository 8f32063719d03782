// SPDX-License-Identifier: Apache-2.0
// Types, and constants in the order that the portable kernels take them.
#include "ops/weighted_sum.hpp"

#include <algorithm>
#include <cstdlib>

namespace whit {

namespace {

bool types_are(const NodeView &node, ElementType data, ElementType weights, ElementType bias) {
  return node.input(0).type == data && node.input(1).type == weights && node.output().type == data &&
         node.input(1).is_constant() &&
         (!node.has_input(2) || (node.input(2).type == bias && node.input(2).is_constant()));
}

bool is_symmetric(const Quantization &weights, int64_t channels) {
  const auto scales = static_cast<int64_t>(weights.scales.size());
  return (scales == 1 || scales == channels) &&
         std::ranges::all_of(weights.zero_points, [](int64_t zero) { return zero == 0; });
}

}  // namespace

void check_bias(const NodeView &node, int64_t channels) {
  if (node.has_input(2) && node.input(2).elements() != channels)
    throw UserError({node.place(), fmt::format("{} bias values for {} channels", node.input(2).elements(), channels),
                     "one bias value an output channel", "the model file may be damaged"});
}

bool is_int8_weighted_sum(const NodeView &node, int64_t channels) {
  return types_are(node, ElementType::int8, ElementType::int8, ElementType::int32) && node.input(0).quantization.present() &&
         node.output().quantization.present() && is_symmetric(node.input(1).quantization, channels);
}

bool is_int4_weighted_sum(const NodeView &node, int64_t channels) {
  return types_are(node, ElementType::int8, ElementType::int4, ElementType::int32) &&
         node.input(0).quantization.present() && node.output().quantization.present() &&
         is_symmetric(node.input(1).quantization, channels);
}

bool is_int16_weighted_sum(const NodeView &node, int64_t channels) {
  const Quantization &data = node.input(0).quantization, &output = node.output().quantization;
  return types_are(node, ElementType::int16, ElementType::int8, ElementType::int64) && data.present() &&
         output.present() && data.zero_point() == 0 && output.zero_point() == 0 &&
         is_symmetric(node.input(1).quantization, channels);
}

bool int8_sums_fit(const NodeView &node) {
  constexpr int64_t most = int64_t{1} << 30, largest_product = 255 * 128;
  const auto bias = node.has_input(2) ? values_of<int32_t>(*node.input(2).constant) : std::vector<int32_t>{};
  return node.input(1).elements() / node.input(1).shape[0] < most / largest_product &&
         std::ranges::all_of(bias, [](int64_t value) { return std::abs(value) < most; });
}

bool is_float_weighted_sum(const NodeView &node) {
  return types_are(node, ElementType::float32, ElementType::float32, ElementType::float32);
}

std::vector<QuantizedMultiplier> channel_multipliers(const NodeView &node) {
  return channel_multipliers(node.input(0), node.input(1), node.output(), node.output().shape.back());
}

std::vector<KernelConstant> int8_constants(const NodeView &node, const std::vector<QuantizedMultiplier> &multipliers) {
  return integer_constants<int32_t>(node, multipliers);
}

std::vector<KernelConstant> float_constants(const NodeView &node, int64_t channels) {
  return {{"weights", ElementType::float32, *node.input(1).constant},
          {"bias", ElementType::float32, bytes_of(bias_of<float>(node, channels))}};
}

}  // namespace whit
