// SPDX-License-Identifier: Apache-2.0
// Both roundings of the reference in one accumulating multiplication and one shift.
#define WHIT_HOST
#include "ops/elementwise/quantized_product_dsp.hpp"

#include "ops/elementwise/elementwise.hpp"
#include "ops/elementwise/elementwise.kernel.hpp"
#include "ops/elementwise/pair.hpp"
#include "ops/elementwise/quantized_product.dsp.kernel.hpp"

namespace whit::quantized_product_dsp {

namespace {

constexpr int largest_shift = 22;  // the zero point shifted so far, and the product, stay within 32 bits

QuantizedProductParameters reference_of(const NodeView &node) {
  QuantizedProductParameters reference{};
  const KernelParameters parameters = quantized_product_parameters(node);
  std::memcpy(&reference, parameters.bytes.data(), sizeof reference);
  return reference;
}

}  // namespace

bool fits(const NodeView &node) {
  if (!byte_rows_fit(node)) return false;
  const QuantizedProductParameters reference = reference_of(node);
  return reference.output_low == -128 && reference.output_high == 127 && reference.output_shift < 0 &&
         reference.output_shift >= -largest_shift;
}

KernelCall call(const NodeView &node) {
  const QuantizedProductParameters reference = reference_of(node);
  const int shift = -reference.output_shift;
  const int32_t rounding = reference.output_zero * (int32_t{1} << shift) + (int32_t{1} << (shift - 1));
  return call_rows(node, "quantized_product_dsp",
                   parameters_from(QuantizedProductDspParameters{reference.output_multiplier, rounding, shift,
                                                                 reference.first_zero, reference.second_zero}));
}

Cost cost(const NodeView &node) { return byte_rows_cost(node, 10); }

}  // namespace whit::quantized_product_dsp
