// SPDX-License-Identifier: Apache-2.0
// scale_features, portable: each feature times its factor plus its offset. Rules: docs/semantics.md, "scale_features".
#ifndef WHIT_OPS_SCALE_FEATURES_KERNEL_HPP
#define WHIT_OPS_SCALE_FEATURES_KERNEL_HPP

#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_SCALE_FEATURES_FIELDS(FIELD)                                                                    \
  FIELD(int16_t, features) FIELD(int8_t, each_factor) FIELD(int8_t, each_offset) FIELD(int8_t, shift)        \
  FIELD(int8_t, data) FIELD(int8_t, result) FIELD(int16_t, low) FIELD(int16_t, high) FIELD(float, least) FIELD(float, most)
WHIT_PARAMETERS(ScaleFeaturesParameters, WHIT_SCALE_FEATURES_FIELDS)

// `each_factor` and `each_offset` are 1 where every feature has its own, 0 where all share the first.
template <typename Element, typename Result>
WHIT_INLINE void scale_integers(const ScaleFeaturesParameters &p, const Element *data, const int16_t *factors,
                                const int32_t *offsets, Result *output) {
  for (int16_t i = 0; i < p.features; ++i, factors += p.each_factor, offsets += p.each_offset)
    output[i] = static_cast<Result>(clamp((data[i] * static_cast<int32_t>(load(factors)) + load(offsets)) >> p.shift, p.low, p.high));
}

template <typename Element>
WHIT_INLINE void scale_reals(const ScaleFeaturesParameters &p, const Element *data, const float *factors,
                             const float *offsets, float *output) {
  for (int16_t i = 0; i < p.features; ++i, factors += p.each_factor, offsets += p.each_offset)
    output[i] = clamp_float(static_cast<float>(data[i]) * load(factors) + load(offsets), p.least, p.most);
}

template <int features, int each_factor, int each_offset, int shift, typename Element, typename Result>
WHIT_KERNEL void scale_features(const ScaleFeaturesParameters *parameters, const Element *data, const int16_t *factors,
                                const int32_t *offsets, Result *output) {
  const ScaleFeaturesParameters p = {features, each_factor, each_offset, shift, 0, 0, load(&parameters->low),
                                     load(&parameters->high), 0.0F, 0.0F};
  scale_integers(p, data, factors, offsets, output);
}

template <typename Element>
WHIT_KERNEL void scale_features_float(const ScaleFeaturesParameters *parameters, const Element *data, const float *factors,
                                      const float *offsets, float *output) {
  WHIT_LOAD_PARAMETERS(ScaleFeaturesParameters, p, parameters);
  scale_reals(p, data, factors, offsets, output);
}

}  // namespace whit

#endif
