// SPDX-License-Identifier: Apache-2.0
// map_features, portable: each output is a function of one feature, given by knots. Rules: docs/semantics.md, "map_features".
#ifndef WHIT_OPS_MAP_FEATURES_KERNEL_HPP
#define WHIT_OPS_MAP_FEATURES_KERNEL_HPP

#include "device/core/core.hpp"

namespace whit {

#define WHIT_MAP_FEATURES_FIELDS(FIELD) FIELD(int16_t, outputs) FIELD(int8_t, lines) FIELD(int8_t, data)
WHIT_PARAMETERS(MapFeaturesParameters, WHIT_MAP_FEATURES_FIELDS)

// How many of the knots are not above x.
template <typename Place>
WHIT_INLINE int32_t knots_up_to(const Place *places, int32_t count, Place x) {
  int32_t low = 0, high = count;
  while (low < high) {
    const int32_t middle = (low + high) / 2;
    if (load(places + middle) <= x)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

WHIT_INLINE int16_t on_line(int32_t x, int32_t from, int32_t to, int16_t first, int16_t last) {
  return static_cast<int16_t>(first + (static_cast<int32_t>(last) - first) * (x - from) / (to - from));
}
WHIT_INLINE float on_line(float x, float from, float to, float first, float last) { return first + (last - first) * ((x - from) / (to - from)); }

// Whether x is not-a-number, which lines hand on.
WHIT_INLINE bool is_missing(int32_t) { return false; }
WHIT_INLINE bool is_missing(float x) { return !(x <= x); }

// The value of the last knot not above x, the first one's below it; with lines what lies between two knots.
template <typename Place, typename Value>
WHIT_INLINE Value value_at(const MapFeaturesParameters &p, const Place *places, const Value *values, int32_t count, Place x) {
  if (p.lines != 0 && is_missing(x)) return static_cast<Value>(x);
  const int32_t up_to = knots_up_to(places, count, x);
  if (up_to == 0) return load(values);
  const Value last = load(values + up_to - 1);
  if (p.lines == 0 || up_to == count) return last;
  return on_line(x, load(places + up_to - 1), load(places + up_to), last, load(values + up_to));
}

// Output o reads feature sources[o] through the knots from ends[o - 1] to ends[o].
template <typename Element, typename Place, typename Value>
WHIT_INLINE void map_features_by(const MapFeaturesParameters &p, const Element *data, const int16_t *sources, const int32_t *ends,
                                 const Place *places, const Value *values, Value *output) {
  int32_t begin = 0;
  for (int16_t i = 0; i < p.outputs; ++i) {
    const int32_t end = load(ends + i);
    output[i] = value_at(p, places + begin, values + begin, end - begin, static_cast<Place>(data[load(sources + i)]));
    begin = end;
  }
}

template <typename Element, typename Place, typename Value>
WHIT_KERNEL void map_features(const MapFeaturesParameters *parameters, const Element *data, const int16_t *sources, const int32_t *ends,
                              const Place *places, const Value *values, Value *output) {
  WHIT_LOAD_PARAMETERS(MapFeaturesParameters, p, parameters);
  map_features_by(p, data, sources, ends, places, values, output);
}

}  // namespace whit

#endif
