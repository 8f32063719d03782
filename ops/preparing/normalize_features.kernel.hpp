// SPDX-License-Identifier: Apache-2.0
// normalize_features, portable: a row divided by its size. Rules: docs/semantics.md, "normalize_features".
#ifndef WHIT_OPS_NORMALIZE_FEATURES_KERNEL_HPP
#define WHIT_OPS_NORMALIZE_FEATURES_KERNEL_HPP

#include "device/core/float_math.hpp"
#include "device/core/integer_root.hpp"

namespace whit {

enum { norm_sum, norm_length, norm_largest };

#define WHIT_NORMALIZE_FEATURES_FIELDS(FIELD) FIELD(int16_t, count) FIELD(int8_t, norm) FIELD(int8_t, shift)
WHIT_PARAMETERS(NormalizeFeaturesParameters, WHIT_NORMALIZE_FEATURES_FIELDS)

WHIT_KERNEL float size_of_row(const NormalizeFeaturesParameters &p, const float *input) {
  float result = 0.0F;
  for (int16_t i = 0; i < p.count; ++i) {
    const float size = absolute(input[i]);
    if (p.norm == norm_largest)
      result = size > result ? size : result;
    else
      result += p.norm == norm_sum ? size : size * size;
  }
  return p.norm == norm_length ? sqrt_float(result) : result;
}

WHIT_KERNEL void normalize_features_float(const NormalizeFeaturesParameters *parameters, const float *input, float *output) {
  WHIT_LOAD_PARAMETERS(NormalizeFeaturesParameters, p, parameters);
  const float size = size_of_row(p, input);
  for (int16_t i = 0; i < p.count; ++i) output[i] = size == 0.0F ? input[i] : input[i] / size;
}

WHIT_INLINE int32_t size_of(int16_t value) { return value < 0 ? -static_cast<int32_t>(value) : value; }

// 32768 times the value over the row's largest one.
WHIT_INLINE int32_t share_of(int16_t value, int32_t largest) { return (static_cast<int32_t>(value) * 32768) / largest; }

// The size of a row in 32768ths of its largest value; no less than 32768.
WHIT_KERNEL int32_t size_of_shares(const NormalizeFeaturesParameters &p, const int16_t *input, int32_t largest) {
  if (p.norm == norm_largest) return 32768;
  uint32_t sum = 0;
  for (int16_t i = 0; i < p.count; ++i) {
    const int32_t value = share_of(input[i], largest);
    sum += p.norm == norm_sum ? static_cast<uint32_t>(value < 0 ? -value : value) : static_cast<uint32_t>(value * value) >> p.shift;
  }
  const int32_t size = p.norm == norm_sum ? static_cast<int32_t>(sum) : static_cast<int32_t>(integer_root(sum)) << (p.shift / 2);
  return size < 32768 ? 32768 : size;
}

// 16-bit results have 15 fraction bits.
WHIT_KERNEL void normalize_features_int16(const NormalizeFeaturesParameters *parameters, const int16_t *input, int16_t *output) {
  WHIT_LOAD_PARAMETERS(NormalizeFeaturesParameters, p, parameters);
  int32_t largest = 1;
  for (int16_t i = 0; i < p.count; ++i) largest = size_of(input[i]) > largest ? size_of(input[i]) : largest;
  const int32_t size = size_of_shares(p, input, largest);
  for (int16_t i = 0; i < p.count; ++i) {
    const int32_t value = (share_of(input[i], largest) * 32768) / size;
    output[i] = static_cast<int16_t>(value > 32767 ? 32767 : value);
  }
}

}  // namespace whit

#endif
