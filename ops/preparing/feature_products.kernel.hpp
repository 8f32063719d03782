// SPDX-License-Identifier: Apache-2.0
// feature_products, portable: each output is a product of features. Rules: docs/semantics.md, "feature_products".
#ifndef WHIT_OPS_FEATURE_PRODUCTS_KERNEL_HPP
#define WHIT_OPS_FEATURE_PRODUCTS_KERNEL_HPP

#include "device/core/core.hpp"

namespace whit {

#define WHIT_FEATURE_PRODUCTS_FIELDS(FIELD) FIELD(int16_t, outputs) FIELD(int8_t, data)
WHIT_PARAMETERS(FeatureProductsParameters, WHIT_FEATURE_PRODUCTS_FIELDS)

WHIT_INLINE float times(float product, float value) { return product * value; }
WHIT_INLINE int16_t times(int16_t product, int16_t value) {
  const int32_t result = (static_cast<int32_t>(product) * value) >> 15;
  return static_cast<int16_t>(result > 32767 ? 32767 : result);
}

// 1, or the most that 15 fraction bits hold.
WHIT_INLINE float empty_product(float) { return 1.0F; }
WHIT_INLINE int16_t empty_product(int16_t) { return 32767; }

// Output o multiplies the features whose numbers stand from ends[o - 1] to ends[o].
template <typename Element>
WHIT_INLINE void feature_products_by(const FeatureProductsParameters &p, const Element *data, const int32_t *ends, const int16_t *factors, Element *output) {
  int32_t at = 0;
  for (int16_t i = 0; i < p.outputs; ++i) {
    const int32_t end = load(ends + i);
    Element product = at == end ? empty_product(Element()) : data[load(factors + at++)];
    for (; at < end; ++at) product = times(product, data[load(factors + at)]);
    output[i] = product;
  }
}

template <typename Element>
WHIT_KERNEL void feature_products(const FeatureProductsParameters *parameters, const Element *data, const int32_t *ends, const int16_t *factors, Element *output) {
  WHIT_LOAD_PARAMETERS(FeatureProductsParameters, p, parameters);
  feature_products_by(p, data, ends, factors, output);
}

}  // namespace whit

#endif
