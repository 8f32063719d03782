// SPDX-License-Identifier: Apache-2.0
// Facts and constants of the 16-bit kernels.
#define WHIT_HOST
#include "ops/int16/weighted_sum_int16.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "ops/activation_range.hpp"
#include "ops/int16/weighted_sum_int16.dsp.kernel.hpp"
#include "ops/int16/weighted_sum_int16.kernel.hpp"
#include "ops/op_def.hpp"
#include "ops/tap_walk.hpp"

namespace whit::weighted_sum_int16_kernel {

namespace {

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
  return is_int16(node.input(0)) && is_int16(node.output()) && weights_fit(node) && tap_walk_fits(node);
}

bool wide_bias(const NodeView &node) { return !node.has_input(2) || node.input(2).type == ElementType::int64; }

bool bias_is_known(const NodeView &node) { return !node.has_input(2) || node.input(2).is_constant(); }

// Sums with a bias of 32 bits stay within 32 bits, whatever the data.
bool sums_fit(const NodeView &node) {
  constexpr int64_t most = std::numeric_limits<int32_t>::max(), largest_product = 32768 * 128;
  const int64_t products = node.input(1).elements() / node.output().shape.back() * largest_product;
  const auto biases = values_of<int32_t>(*node.input(2).constant);
  return std::ranges::all_of(biases, [&](int64_t bias) { return products + std::abs(bias) <= most; });
}

template <typename Parameters>
KernelCall call_with(const NodeView &node, std::string_view function, Bytes weights) {
  auto p = tap_walk_parameters<Parameters>(node);
  const IntegerRange range = integer_activation_range(node);
  p.output_low = static_cast<int16_t>(range.low);
  p.output_high = static_cast<int16_t>(range.high);
  const bool is_wide = wide_bias(node);
  auto constants = is_wide ? integer_constants<int64_t>(node, tap_walk_multipliers(node))
                           : integer_constants<int32_t>(node, tap_walk_multipliers(node));
  constants[0].bytes = std::move(weights);
  return {.function = fmt::format("{}<{}>", function, is_wide ? "int64_t" : "int32_t"),
          .parameters = parameters_from(p),
          .constants = std::move(constants),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

bool has_long_stretches(const NodeView &node) { return tap_walk(node).summed >= 4; }

// Of each stretch whole fours as 0, 2, 1, 3.
Bytes in_widening_order(Bytes weights, int64_t stretch) {
  for (size_t begin = 0; begin < weights.size(); begin += static_cast<size_t>(stretch))
    for (size_t four = 0; four + 4 <= static_cast<size_t>(stretch); four += 4)
      std::swap(weights[begin + four + 1], weights[begin + four + 2]);
  return weights;
}

}  // namespace

bool fits_wide(const NodeView &node) { return fits(node) && bias_is_known(node) && wide_bias(node); }
bool fits_narrow(const NodeView &node) {
  return fits(node) && bias_is_known(node) && node.has_input(2) && node.input(2).type == ElementType::int32 &&
         sums_fit(node);
}

KernelCall call(const NodeView &node) {
  return call_with<WeightedSumInt16Parameters>(node, "weighted_sum_int16", *node.input(1).constant);
}

bool fits_wide_dsp(const NodeView &node) { return fits_wide(node) && has_long_stretches(node); }
bool fits_narrow_dsp(const NodeView &node) { return fits_narrow(node) && has_long_stretches(node); }

KernelCall call_dsp(const NodeView &node) {
  return call_with<WeightedSumInt16DspParameters>(node, "weighted_sum_int16_dsp",
                                                  in_widening_order(*node.input(1).constant, tap_walk(node).summed));
}

Cost cost_dsp(const NodeView &node) {
  constexpr double cycles_per_mac = 2.5, cycles_per_output = 60;
  return {.cycles = cycles_per_mac * static_cast<double>(macs_of(node)) +
                    cycles_per_output * static_cast<double>(node.output().elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes())};
}

void host_wide(std::span<void *const> arguments) { host_call<weighted_sum_int16<int64_t>>(arguments); }
void host_narrow(std::span<void *const> arguments) { host_call<weighted_sum_int16<int32_t>>(arguments); }

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 14;
  return {.cycles = cycles_per_mac * static_cast<double>(macs_of(node)),
          .constant_bytes = static_cast<double>(node.input(1).bytes())};
}

}  // namespace whit::weighted_sum_int16_kernel
