// SPDX-License-Identifier: Apache-2.0
// Parameters and the table of the 16-bit activations.
#define WHIT_HOST
#include "ops/int16/sigmoid_int16.hpp"

#include <algorithm>
#include <cmath>

#include "ops/int16/sigmoid_int16.kernel.hpp"
#include "ops/quantized_multiplier.hpp"
#include "ops/unary.hpp"

namespace whit::sigmoid_int16 {

namespace {

bool is_nearly(double scale, double power) { return std::abs(std::log2(scale / power)) < 1e-3; }

// The factor to 1/12288ths as an integer, doubled as often as 15 bits have room for. Scales close to a power of two are
// taken as that power: 2^-12, and for tanh 2^-11.
SigmoidInt16Parameters parameters(const NodeView &node, bool is_tanh) {
  SigmoidInt16Parameters p{.count = count_of(node), .multiplier = 0, .left_shift = 0};
  const auto scale = static_cast<double>(node.input(0).quantization.scale());
  double factor = scale * 4096.0 * 3.0;
  if (is_nearly(scale, 1.0 / 4096)) factor = 3.0;
  if (is_tanh && is_nearly(scale, 1.0 / 2048)) factor = 6.0;
  for (; factor <= 32767.0 / 2.0 && p.left_shift <= 30; factor *= 2.0) ++p.left_shift;
  p.multiplier = static_cast<int32_t>(factor);
  return p;
}

KernelCall call(const NodeView &node, const char *function, bool is_tanh) {
  return {.function = function,
          .parameters = parameters_from(parameters(node, is_tanh)),
          .constants = {{"table", ElementType::int16, table()}},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(0), output_argument()}};
}

}  // namespace

// 2^16 / (1 + e^-x) in steps of 1/24, at most 2^16 - 1. The curve bends down, so that a line between two exact entries
// would lie below it: each entry is raised by half of where that line is furthest off, step^2 / 16 of the curvature.
Bytes table() {
  constexpr double one = 65536.0, step = 1.0 / 24;
  std::vector<uint16_t> values;
  for (int i = 0; i < 256; ++i) {
    const double s = 1.0 / (1.0 + std::exp(-i * step)), curvature = s * (1 - s) * (2 * s - 1);
    values.push_back(static_cast<uint16_t>(std::min(one - 1, std::round(one * (s + curvature * step * step / 16)))));
  }
  values.back() = 65535;  // from where on the function is taken as 1
  return bytes_of(values);
}

bool fits_leaky_relu(const NodeView &node) { return unary_types_are(node, ElementType::int16, ElementType::int16); }

bool fits(const NodeView &node) {
  const float scale = node.input(0).quantization.scale();
  return fits_leaky_relu(node) && node.output().quantization.scale() == 1.0F / 32768 && scale * 12288.0F < 32767.0F;
}

KernelCall call_logistic(const NodeView &node) { return call(node, "logistic_int16", false); }
KernelCall call_tanh(const NodeView &node) { return call(node, "tanh_int16", true); }

KernelCall call_leaky_relu(const NodeView &node) {
  const double factor = static_cast<double>(node.input(0).quantization.scale()) /
                        static_cast<double>(node.output().quantization.scale());
  const double alpha = node.attributes().real("alpha");
  const QuantizedMultiplier plain = quantize_multiplier(factor), scaled = quantize_multiplier(factor * std::abs(alpha));
  return unary_call("unary<LeakyReluInt16>",
                    parameters_from(LeakyReluInt16Parameters{
                        count_of(node), plain.multiplier, scaled.multiplier, static_cast<int8_t>(plain.shift),
                        static_cast<int8_t>(scaled.shift), static_cast<int8_t>(alpha < 0)}));
}

void host_logistic(std::span<void *const> arguments) { host_call<logistic_int16>(arguments); }
void host_tanh(std::span<void *const> arguments) { host_call<tanh_int16>(arguments); }
void host_leaky_relu(std::span<void *const> arguments) { host_call<unary<LeakyReluInt16>>(arguments); }

}  // namespace whit::sigmoid_int16
