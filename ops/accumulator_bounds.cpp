// SPDX-License-Identifier: Apache-2.0
// A sum of independent terms is lowest where each term is; requantisation never reverses an order, so bounds go
// through it end by end.
#include "ops/accumulator_bounds.hpp"

#include <algorithm>
#include <limits>

#include "device/core/requantize.hpp"
#include "ops/activation_range.hpp"
#include "ops/quantized_multiplier.hpp"
#include "ops/window.hpp"

namespace whit {

namespace {

bool is_activation_type(ElementType type) {
  return type == ElementType::int8 || type == ElementType::uint8 || type == ElementType::int16;
}

std::vector<Interval> bias_intervals(const NodeView &node, int64_t outputs) {
  std::vector<Interval> intervals(static_cast<size_t>(outputs));
  if (!node.has_input(2)) return intervals;
  const Tensor &bias = node.input(2);
  const auto fill = [&](const auto &values) {
    for (size_t output = 0; output < intervals.size(); ++output) intervals[output] = {values[output], values[output]};
  };
  if (bias.type == ElementType::int64)
    fill(values_of<int64_t>(*bias.constant));
  else
    fill(values_of<int32_t>(*bias.constant));
  return intervals;
}

// weight * x for x in the interval; with 0 where the tap may lie in the padding.
Interval term(int64_t weight, Interval x, bool may_be_absent) {
  Interval product = {std::min(weight * x.low, weight * x.high), std::max(weight * x.low, weight * x.high)};
  if (may_be_absent) product = {std::min<int64_t>(product.low, 0), std::max<int64_t>(product.high, 0)};
  return product;
}

std::vector<Interval> bounds(const NodeView &node, std::span<const Interval> data, bool may_be_absent) {
  const WeightMap map = weight_map(node);
  internal_check(static_cast<int64_t>(data.size()) == map.channels, "{}: {} intervals for {} channels", node.place(),
                 data.size(), map.channels);
  const int64_t zero_point = node.input(0).quantization.zero_point();
  const Bytes &weights = *node.input(1).constant;
  std::vector<Interval> sums = bias_intervals(node, map.outputs);
  for (int64_t index = 0; index < map.weights(); ++index) {
    const auto weight = static_cast<int8_t>(weights[static_cast<size_t>(index)]);
    if (weight == 0) continue;
    const Interval x = data[static_cast<size_t>(map.channel_of(index))];
    const Interval product = term(weight, {x.low - zero_point, x.high - zero_point}, may_be_absent);
    Interval &sum = sums[static_cast<size_t>(map.output_of(index))];
    sum = {sum.low + product.low, sum.high + product.high};
  }
  return sums;
}

bool fits_int32(int64_t value) {
  return value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
}

// Whether requantize() gives the sum times its factor, with room for the zero point. The multiplier itself is below 1.
bool can_requantize(Interval sums, QuantizedMultiplier factor) {
  constexpr int64_t most = (int64_t{1} << 31) - (int64_t{1} << 16);
  const int64_t left = int64_t{1} << std::max(factor.shift, 0);
  return fits_int32(sums.low) && fits_int32(sums.high) &&
         (factor.shift < 0 || std::max(-sums.low, sums.high) * left < most);
}

}  // namespace

bool pads(const NodeView &node) {
  const Window window = window_of(node.attributes());
  return window.padding_top > 0 || window.padding_bottom > 0 || window.padding_left > 0 || window.padding_right > 0;
}

bool WeightMap::joins_channels() const {
  return order == WeightOrder::output_first ? per_output % channels == 0 : outputs % channels == 0;
}

int64_t WeightMap::output_of(int64_t weight) const {
  return order == WeightOrder::output_first ? weight / per_output : weight % outputs;
}

int64_t WeightMap::channel_of(int64_t weight) const {
  return order == WeightOrder::output_first ? weight % channels : output_of(weight) / (outputs / channels);
}

WeightMap weight_map(const NodeView &node) {
  const WeightOrder order = operator_of(node.node()).weight_order;
  internal_check(order != WeightOrder::none, "{}: the operator has no weights", node.place());
  const Tensor &weights = node.input(1);
  WeightMap map{.order = order};
  map.outputs = order == WeightOrder::output_first ? weights.shape.front() : weights.shape.back();
  map.per_output = weights.elements() / map.outputs;
  map.channels = node.input(0).shape.empty() ? 1 : node.input(0).shape.back();
  return map;
}

bool has_accumulator_bounds(const NodeView &node) {
  if (operator_of(node.node()).weight_order == WeightOrder::none) return false;
  const bool bias_known =
      !node.has_input(2) || (node.input(2).is_constant() && (node.input(2).type == ElementType::int32 ||
                                                             node.input(2).type == ElementType::int64));
  // 16-bit data are summed in 64 bits and requantised by another rule.
  return is_activation_type(node.input(0).type) && is_activation_type(node.output().type) && bias_known &&
         node.input(0).type != ElementType::int16 &&
         node.input(1).type == ElementType::int8 && node.input(1).is_constant();
}

std::vector<Interval> accumulator_bounds(const NodeView &node) {
  const Interval any = stored_range(node.input(0).type);
  return bounds(node, std::vector<Interval>(static_cast<size_t>(weight_map(node).channels), any), true);
}

std::vector<Interval> accumulator_bounds(const NodeView &node, std::span<const Interval> data) {
  return bounds(node, data, pads(node));
}

std::vector<Interval> requantized_bounds(const NodeView &node, std::span<const Interval> accumulators) {
  const std::vector<QuantizedMultiplier> factors = operator_of(node.node()).multipliers(node);
  const IntegerRange range = integer_activation_range(node);
  const auto zero_point = static_cast<int32_t>(node.output().quantization.zero_point());
  std::vector<Interval> outputs;
  for (size_t channel = 0; channel < accumulators.size(); ++channel) {
    const QuantizedMultiplier &factor = factors[channel];
    const auto stored = [&](int64_t sum) -> int64_t {
      return clamp(requantize(static_cast<int32_t>(sum), factor.multiplier, factor.shift) + zero_point, range.low,
                   range.high);
    };
    if (can_requantize(accumulators[channel], factor))
      outputs.push_back({stored(accumulators[channel].low), stored(accumulators[channel].high)});
    else
      outputs.push_back({range.low, range.high});
  }
  return outputs;
}

void check_sums(const NodeView &node) {
  if (!has_accumulator_bounds(node) || (node.has_input(2) && node.input(2).type != ElementType::int32)) return;
  const std::vector<Interval> sums = accumulator_bounds(node);
  const std::vector<QuantizedMultiplier> factors = operator_of(node.node()).multipliers(node);
  for (size_t channel = 0; channel < sums.size(); ++channel)
    if (!can_requantize(sums[channel], factors[channel]))
      throw UserError({node.place(),
                       fmt::format("output channel {} sums up to between {} and {}, which is then scaled by 2^{}", channel,
                                   sums[channel].low, sums[channel].high, factors[channel].shift),
                       "sums and outputs within 32 bits", "check the weights' scales, or convert the model again"});
}

}  // namespace whit
