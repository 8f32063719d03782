// SPDX-License-Identifier: Apache-2.0
// The search for the staircase: header comment of dsp_requantize.hpp.
#include "ops/dsp_requantize.hpp"

#include <algorithm>
#include <limits>

#include "device/core/requantize.hpp"
#include "ops/weighted_sum.hpp"

namespace whit {

namespace {

constexpr int64_t largest_sum = int64_t{1} << 22;
constexpr int32_t largest_shift = 22;    // of the exact form: zero * 2^shift and the product stay in 32 bits
constexpr int32_t search_distance = 512;  // multipliers tried on each side of the nearest one
constexpr int steps_shift = 9;

int64_t divide_up(int64_t dividend, int64_t divisor) {  // divisor > 0
  return dividend >= 0 ? (dividend + divisor - 1) / divisor : -(-dividend / divisor);
}

int64_t reference(int64_t x, const DspChannelTask &task, int32_t zero) {
  return requantize(static_cast<int32_t>(x), task.multiplier.multiplier, task.multiplier.shift) + zero;
}

// x_k: the smallest x whose reference output is at least `output`.
int64_t rise_of(int64_t output, const DspChannelTask &task, int32_t zero) {
  const int64_t level = output - zero;
  const int shift = -task.multiplier.shift;
  const int64_t half = int64_t{1} << (shift - 1);
  const int64_t product = level * 2 * half - half + (level >= 1 ? 0 : 1);  // least rounded product, halves away from 0
  return divide_up(product * (int64_t{1} << 31) - (int64_t{1} << 30), task.multiplier.multiplier);
}

// The biases for which the steps form with this multiplier is the reference: [first, second], perhaps empty.
std::pair<int64_t, int64_t> biases_for(int64_t multiplier, const std::vector<int64_t> &rises, Interval range) {
  int64_t least = std::numeric_limits<int64_t>::min(), most = std::numeric_limits<int64_t>::max();
  for (int64_t output = -127; output <= 127; ++output) {
    const int64_t rise = rises[static_cast<size_t>(output + 127)];
    const int64_t sum = divide_up(output * (int64_t{1} << (32 + steps_shift)) - (int64_t{1} << 31), multiplier);
    if (rise <= range.high) least = std::max(least, sum - 256 * std::max(rise, range.low));
    if (rise > range.low) most = std::min(most, sum - 1 - 256 * std::min(rise - 1, range.high));
    if (least > most) break;
  }
  return {least, most};
}

bool fits_word(int64_t value) {
  return value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
}

std::optional<DspChannel> steps_channel(const DspChannelTask &task, int32_t zero) {
  const int shift = -task.multiplier.shift;
  if (shift < 2 || shift > largest_shift) return std::nullopt;
  std::vector<int64_t> rises;
  for (int64_t output = -127; output <= 127; ++output) rises.push_back(rise_of(output, task, zero));
  const int64_t nearest = (int64_t{task.multiplier.multiplier} + ((int64_t{1} << (shift - 2)) >> 1)) >> (shift - 2);
  for (int32_t distance = 0; distance <= search_distance; ++distance)
    for (const int64_t multiplier : {nearest + distance, nearest - distance}) {
      if (multiplier < 1 || !fits_word(multiplier)) continue;
      const auto [least, most] = biases_for(multiplier, rises, task.range);
      if (least > most) continue;
      const int64_t middle = least + (most - least) / 2;
      const int64_t bias = middle + 256 * task.offset;
      if (!fits_word(bias) || !fits_word(256 * task.range.low + middle) || !fits_word(256 * task.range.high + middle))
        continue;
      return DspChannel{.bias = static_cast<int32_t>(bias), .multiplier = static_cast<int32_t>(multiplier)};
    }
  return std::nullopt;
}

std::optional<DspChannel> exact_channel(const DspChannelTask &task, int32_t zero) {
  const int32_t shift = -task.multiplier.shift;
  if (shift < 1 || shift > largest_shift || !fits_word(256 * task.offset)) return std::nullopt;
  return DspChannel{.bias = static_cast<int32_t>(256 * task.offset),
                    .multiplier = task.multiplier.multiplier,
                    .rounding = zero * (int32_t{1} << shift) + (int32_t{1} << (shift - 1)),
                    .shift = shift};
}

// A channel whose output is `output` whatever comes in; with zero weights the sum is the bias alone.
DspChannel constant_channel(int32_t output, DspRequantizeForm form) {
  if (form == DspRequantizeForm::exact) return {.rounding = 2 * output, .shift = 1, .vanishes = true};
  return {.bias = (2 * output + 1) << 20, .multiplier = 1 << 20, .vanishes = true};
}

std::optional<DspChannel> channel_of(const DspChannelTask &task, int32_t zero, DspRequantizeForm form) {
  if (task.range.low < -largest_sum || task.range.high > largest_sum || task.multiplier.shift > 0)
    return std::nullopt;
  const auto output_at = [&](int64_t x) {
    return static_cast<int32_t>(std::clamp<int64_t>(reference(x, task, zero), -128, 127));
  };
  const int32_t lowest = output_at(task.range.low), highest = output_at(task.range.high);
  if (lowest == highest) return constant_channel(lowest, form);
  return form == DspRequantizeForm::steps ? steps_channel(task, zero) : exact_channel(task, zero);
}

// One form for all channels, if it is exact in each.
std::optional<DspRequantize> in_form(DspRequantizeForm form, const std::vector<DspChannelTask> &tasks, int32_t zero,
                                     IntegerRange range) {
  if (range.low != -128 || range.high != 127) return std::nullopt;
  DspRequantize result{.form = form};
  for (const DspChannelTask &task : tasks) {
    const std::optional<DspChannel> channel = channel_of(task, zero, form);
    if (!channel) return std::nullopt;
    result.channels.push_back(*channel);
  }
  return result;
}

std::vector<DspChannelTask> tasks_of(const NodeView &node, const std::vector<QuantizedMultiplier> &multipliers) {
  const WeightMap map = weight_map(node);
  const std::vector<Interval> bounds = accumulator_bounds(node);
  const std::vector<int32_t> bias = bias_of<int32_t>(node, map.outputs);
  std::vector<DspChannelTask> tasks;
  for (size_t channel = 0; channel < multipliers.size(); ++channel)
    tasks.push_back({.range = bounds[channel], .offset = bias[channel], .multiplier = multipliers[channel]});
  const Bytes &weights = *node.input(1).constant;
  const int64_t input_zero = node.input(0).quantization.zero_point();
  for (int64_t index = 0; index < map.weights(); ++index)
    tasks[static_cast<size_t>(map.output_of(index))].offset -=
        input_zero * static_cast<int8_t>(weights[static_cast<size_t>(index)]);
  return tasks;
}

int32_t output_zero_of(const NodeView &node) { return static_cast<int32_t>(node.output().quantization.zero_point()); }

}  // namespace

std::optional<DspRequantize> dsp_requantize(const std::vector<DspChannelTask> &tasks, int32_t output_zero,
                                            IntegerRange range) {
  if (auto steps = in_form(DspRequantizeForm::steps, tasks, output_zero, range)) return steps;
  return in_form(DspRequantizeForm::exact, tasks, output_zero, range);
}

std::optional<DspRequantize> dsp_requantize(const NodeView &node, const std::vector<QuantizedMultiplier> &multipliers) {
  return dsp_requantize(tasks_of(node, multipliers), output_zero_of(node), integer_activation_range(node));
}

std::optional<DspRequantize> exact_requantize(const NodeView &node,
                                              const std::vector<QuantizedMultiplier> &multipliers) {
  return in_form(DspRequantizeForm::exact, tasks_of(node, multipliers), output_zero_of(node),
                 integer_activation_range(node));
}

}  // namespace whit
