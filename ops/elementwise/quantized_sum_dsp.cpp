// SPDX-License-Identifier: Apache-2.0
// The search: for given factors, each pair (a, b) leaves an interval of offsets that give the reference's result; the
// intersection over all pairs is the answer. Factors next to the nearest ones are tried when it is empty.
#define WHIT_HOST
#include "ops/elementwise/quantized_sum_dsp.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ops/elementwise/elementwise.hpp"
#include "ops/elementwise/pair.hpp"
#include "ops/elementwise/quantized_sum.dsp.kernel.hpp"
#include "ops/elementwise/quantized_sum.linear.kernel.hpp"
#include "ops/elementwise/quantized_sum.mve.kernel.hpp"

namespace whit::quantized_sum_dsp {

namespace {

constexpr int shift = 20;
constexpr int32_t search_distance = 3;  // factors tried on each side of the nearest

using Column = std::array<int64_t, 256>;  // by operand + 128

// The reference's results, row by row of the first operand.
std::vector<int8_t> reference_results(const QuantizedSumParameters &p, int sign) {
  std::vector<int8_t> results;
  for (int first = -128; first < 128; ++first)
    for (int second = -128; second < 128; ++second) {
      const auto a = static_cast<int8_t>(first), b = static_cast<int8_t>(second);
      results.push_back(sign > 0 ? QuantizedSum<int8_t, 1>::apply(p, a, b) : QuantizedSum<int8_t, -1>::apply(p, a, b));
    }
  return results;
}

Column terms_of(int64_t factor) {
  Column terms{};
  for (int operand = -128; operand < 128; ++operand)
    terms[static_cast<size_t>(operand + 128)] = (factor * operand) >> 8;
  return terms;
}

// An offset that puts every sum into the step of its result.
std::optional<int64_t> find_offset(const Column &first, const Column &second, const std::vector<int8_t> &results) {
  int64_t least = std::numeric_limits<int64_t>::min(), most = std::numeric_limits<int64_t>::max();
  const auto *result = results.data();
  for (const int64_t a : first)
    for (const int64_t b : second) {
      const int64_t below = (int64_t{*result} << shift) - a - b;
      if (*result > -128) least = std::max(least, below);
      if (*result < 127) most = std::min(most, below + (int64_t{1} << shift) - 1);
      if (least > most) return std::nullopt;
      ++result;
    }
  if (least == std::numeric_limits<int64_t>::min()) return most;
  return most == std::numeric_limits<int64_t>::max() ? least : least + (most - least) / 2;
}

bool fits_word(int64_t value) { return value == static_cast<int32_t>(value); }

bool sums_fit(const Column &first, const Column &second, int64_t offset) {
  for (const int64_t a : {first.front(), first.back()})
    for (const int64_t b : {second.front(), second.back()})
      if (!fits_word(a + offset) || !fits_word(a + b + offset)) return false;
  return fits_word(offset);
}

std::optional<Factors> factors_of(const NodeView &node, int sign) {
  const KernelParameters parameters = quantized_sum_parameters(node);
  QuantizedSumParameters reference{};
  std::memcpy(&reference, parameters.bytes.data(), sizeof reference);
  const double output = node.output().quantization.scale();
  return find_factors(reference, sign, node.input(0).quantization.scale() / output,
                      node.input(1).quantization.scale() / output);
}

bool is_plain_int8(const Tensor &tensor, const Shape &shape) {
  return tensor.type == ElementType::int8 && !tensor.is_constant() && tensor.shape == shape;
}

// Both computed and of the output's shape.
bool is_plain_pair(const NodeView &node) {
  return is_plain_int8(node.input(0), node.output().shape) && is_plain_int8(node.input(1), node.output().shape);
}

template <typename Parameters>
KernelParameters parameters_of(const NodeView &node, int sign) {
  const auto factors = factors_of(node, sign);
  internal_check(factors.has_value(), "a kernel of linear sums was chosen that does not fit");
  return parameters_from(Parameters{static_cast<int32_t>(node.output().elements()), factors->first, factors->second,
                                    factors->offset});
}

template <typename Parameters>
KernelCall call_of(const NodeView &node, int sign, std::string function) {
  return {.function = std::move(function),
          .parameters = parameters_of<Parameters>(node, sign),
          .constants = {},
          .arguments = {parameters_argument(), input_argument(0), input_argument(1), output_argument()}};
}

}  // namespace

std::optional<Factors> find_factors(const QuantizedSumParameters &reference, int sign, double first_scale,
                                    double second_scale) {
  constexpr double unit = 256.0 * (1 << shift), largest = 1U << 31;
  if (reference.output_low != -128 || reference.output_high != 127) return std::nullopt;
  if (std::max(first_scale, second_scale) * unit >= largest - search_distance) return std::nullopt;
  const std::vector<int8_t> results = reference_results(reference, sign);
  const int64_t nearest_first = std::llround(first_scale * unit), nearest_second = sign * std::llround(second_scale * unit);
  for (int32_t distance = 0; distance <= search_distance; ++distance)
    for (int32_t first = -distance; first <= distance; ++first)
      for (int32_t second = -distance; second <= distance; ++second) {
        if (std::max(std::abs(first), std::abs(second)) != distance) continue;
        const Column first_terms = terms_of(nearest_first + first), second_terms = terms_of(nearest_second + second);
        const auto offset = find_offset(first_terms, second_terms, results);
        if (offset && sums_fit(first_terms, second_terms, *offset))
          return Factors{static_cast<int32_t>(nearest_first + first), static_cast<int32_t>(nearest_second + second),
                         static_cast<int32_t>(*offset)};
      }
  return std::nullopt;
}

template <int sign>
bool fits(const NodeView &node) {
  return is_plain_pair(node) && node.output().type == ElementType::int8 && factors_of(node, sign).has_value();
}

template <int sign>
KernelCall call(const NodeView &node) {
  return call_of<QuantizedSumDspParameters>(node, sign, "quantized_sum_dsp");
}

Cost cost(const NodeView &node) { return {.cycles = 7.0 * static_cast<double>(node.output().elements()), .code_bytes = 250}; }

template <int sign>
bool fits_rows(const NodeView &node) {
  return !is_plain_pair(node) && byte_rows_fit(node) && factors_of(node, sign).has_value();
}

template <int sign>
KernelCall call_rows(const NodeView &node) {
  return whit::call_rows(node, "quantized_sum_rows_dsp", parameters_of<QuantizedSumDspParameters>(node, sign));
}

Cost cost_rows(const NodeView &node) { return byte_rows_cost(node, 8); }

template <int sign>
KernelCall call_mve(const NodeView &node) {
  return call_of<QuantizedSumMveParameters>(node, sign, "quantized_sum_mve");
}

Cost cost_mve(const NodeView &node) { return {.cycles = 4.0 * static_cast<double>(node.output().elements()), .code_bytes = 200}; }

template <int sign>
KernelCall call_linear(const NodeView &node) {
  return call_of<QuantizedSumLinearParameters>(node, sign, "quantized_sum_linear");
}

template <int sign>
bool fits_broadcast(const NodeView &node) {
  return !is_plain_pair(node) && pair_fits(node, ElementType::int8) && factors_of(node, sign).has_value();
}

template <int sign>
KernelCall call_linear_broadcast(const NodeView &node) {
  return call_broadcast(node, "QuantizedSumLinear", parameters_of<QuantizedSumLinearParameters>(node, sign));
}

Cost cost_linear_broadcast(const NodeView &node) { return pair_cost<40>(node); }

void host_linear_broadcast(std::span<void *const> arguments) {
  host_call<elementwise_strided<QuantizedSumLinear, FromMemory, FromMemory>>(arguments);
}

void host_linear(std::span<void *const> arguments) { host_call<quantized_sum_linear>(arguments); }

Cost cost_linear(const NodeView &node) {
  return {.cycles = 30.0 * static_cast<double>(node.output().elements()), .code_bytes = 120};
}

template bool fits<1>(const NodeView &node);
template bool fits<-1>(const NodeView &node);
template KernelCall call<1>(const NodeView &node);
template KernelCall call<-1>(const NodeView &node);
template bool fits_rows<1>(const NodeView &node);
template bool fits_rows<-1>(const NodeView &node);
template KernelCall call_rows<1>(const NodeView &node);
template KernelCall call_rows<-1>(const NodeView &node);
template bool fits_broadcast<1>(const NodeView &node);
template bool fits_broadcast<-1>(const NodeView &node);
template KernelCall call_linear_broadcast<1>(const NodeView &node);
template KernelCall call_linear_broadcast<-1>(const NodeView &node);
template KernelCall call_mve<1>(const NodeView &node);
template KernelCall call_mve<-1>(const NodeView &node);
template KernelCall call_linear<1>(const NodeView &node);
template KernelCall call_linear<-1>(const NodeView &node);

}  // namespace whit::quantized_sum_dsp
