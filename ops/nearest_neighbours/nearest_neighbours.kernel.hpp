// SPDX-License-Identifier: Apache-2.0
// nearest_neighbours, portable: the k vectors nearest to the sample, and what their values say. Rules: docs/semantics.md,
// "nearest_neighbours".
#ifndef WHIT_OPS_NEAREST_NEIGHBOURS_KERNEL_HPP
#define WHIT_OPS_NEAREST_NEIGHBOURS_KERNEL_HPP

#include "device/core/float_math.hpp"
#include "device/core/integer_root.hpp"

namespace whit {

enum { neighbours_label, neighbours_reals, neighbours_inlier };

#define WHIT_NEAREST_NEIGHBOURS_FIELDS(FIELD)                                                                       \
  FIELD(int16_t, features) FIELD(int16_t, vectors) FIELD(int16_t, neighbours) FIELD(int16_t, values)                \
  FIELD(int16_t, classes) FIELD(int16_t, label_bytes) FIELD(int8_t, result) FIELD(int8_t, city_block)               \
  FIELD(int8_t, by_distance) FIELD(int8_t, distance_shift) FIELD(int8_t, data) FIELD(int8_t, value_type)            \
  FIELD(int32_t, farthest) FIELD(int64_t, limit) FIELD(float, scale)
WHIT_PARAMETERS(NearestNeighboursParameters, WHIT_NEAREST_NEIGHBOURS_FIELDS)

// The nearest so far, the nearest first; equal ones in the order of the vectors.
template <typename Sum>
struct NearestList {
  Sum *distances;
  int16_t *vectors;
  int16_t count;
};

template <typename Sum>
WHIT_INLINE void insert_nearest(NearestList<Sum> &list, int16_t most, Sum distance, int16_t vector) {
  if (list.count == most && !(distance < list.distances[most - 1])) return;
  int16_t at = list.count == most ? static_cast<int16_t>(most - 1) : list.count++;
  for (; at > 0 && distance < list.distances[at - 1]; --at) {
    list.distances[at] = list.distances[at - 1];
    list.vectors[at] = list.vectors[at - 1];
  }
  list.distances[at] = distance;
  list.vectors[at] = vector;
}

// 16-bit features lie no farther apart than so many squares of it fit 32 bits (`farthest`; 0: no limit).
template <typename Sum>
WHIT_INLINE Sum limited_difference(const NearestNeighboursParameters &p, Sum difference) {
  const Sum most = static_cast<Sum>(p.farthest);
  if (p.farthest == 0) return difference;
  return difference > most ? most : (difference < -most ? -most : difference);
}

// Squared, or the sum of the sizes of all differences.
template <typename Sum, typename Element>
WHIT_INLINE Sum neighbour_distance(const NearestNeighboursParameters &p, const Element *data, const Element *vector) {
  Sum sum = 0;
  for (int16_t i = 0; i < p.features; ++i) {
    const Sum difference = limited_difference(p, static_cast<Sum>(static_cast<Sum>(data[i]) - static_cast<Sum>(load(vector + i))));
    sum += p.city_block == 0 ? difference * difference : (difference < 0 ? -difference : difference);
  }
  return sum;
}

WHIT_INLINE float neighbour_length(const NearestNeighboursParameters &p, float distance) {
  return p.city_block != 0 ? distance : sqrt_float(distance);
}
WHIT_INLINE int32_t neighbour_length(const NearestNeighboursParameters &p, int32_t distance) {
  return p.city_block != 0 ? distance << (p.distance_shift / 2) : static_cast<int32_t>(integer_root(static_cast<uint32_t>(distance) << p.distance_shift));
}

// How much a neighbour counts: 1, or in floats one over its distance; where some are at distance 0, only those.
WHIT_INLINE int32_t neighbour_weight(const NearestNeighboursParameters &, const NearestList<int32_t> &, int16_t) { return 1; }
WHIT_INLINE float neighbour_weight(const NearestNeighboursParameters &p, const NearestList<float> &list, int16_t at) {
  if (p.by_distance == 0) return 1.0F;
  if (list.distances[0] == 0.0F) return list.distances[at] == 0.0F ? 1.0F : 0.0F;
  return 1.0F / neighbour_length(p, list.distances[at]);
}

// The first of the classes with the most votes.
template <typename Sum, typename Value>
WHIT_INLINE int16_t neighbours_vote(const NearestNeighboursParameters &p, const NearestList<Sum> &list, const Value *values, Sum *votes) {
  for (int16_t i = 0; i < p.classes; ++i) votes[i] = 0;
  for (int16_t i = 0; i < p.neighbours; ++i) votes[static_cast<int16_t>(load(values + list.vectors[i]))] += neighbour_weight(p, list, i);
  int16_t label = 0;
  for (int16_t i = 1; i < p.classes; ++i)
    if (votes[i] > votes[label]) label = i;
  return label;
}

template <typename Sum, typename Value>
WHIT_INLINE void neighbours_mean(const NearestNeighboursParameters &p, const NearestList<Sum> &list, const Value *values, float *output) {
  for (int16_t value = 0; value < p.values; ++value) {
    Sum sum = 0, weights = 0;
    for (int16_t i = 0; i < p.neighbours; ++i) {
      const Sum weight = neighbour_weight(p, list, i);
      sum += weight * static_cast<Sum>(load(values + static_cast<ptrdiff_t>(list.vectors[i]) * p.values + value));
      weights += weight;
    }
    output[value] = static_cast<float>(sum) / static_cast<float>(weights) * p.scale;
  }
}

// Whether the neighbours lie no denser than the sample, times a limit. Values are reach and density of each vector; the
// sample's own reach to a neighbour is never less than the neighbour's.
template <typename Sum, typename Value>
WHIT_INLINE bool neighbours_inlier_by(const NearestNeighboursParameters &p, const NearestList<Sum> &list, const Value *values) {
  Sum reach = 0, density = 0;
  for (int16_t i = 0; i < p.neighbours; ++i) {
    const Value *const of_vector = values + 2 * static_cast<ptrdiff_t>(list.vectors[i]);
    const Sum least = static_cast<Sum>(load(of_vector)), length = neighbour_length(p, list.distances[i]);
    reach += length > least ? length : least;
    density += static_cast<Sum>(load(of_vector + 1));
  }
  if (p.data == 0) return static_cast<float>(reach) * static_cast<float>(density) <= p.scale;
  return static_cast<int64_t>(reach) * static_cast<int64_t>(density) <= p.limit;
}

WHIT_INLINE void neighbours_write(int16_t label, int16_t label_bytes, void *output) {
  if (label_bytes == 1)
    *static_cast<uint8_t *>(output) = static_cast<uint8_t>(label);
  else
    *static_cast<int32_t *>(output) = label;
}

// Scratch: k distances, a vote a class, k vectors. `data` of the parameters is 0 for floats.
template <typename Sum, typename Element, typename Value>
WHIT_INLINE void nearest_neighbours_by(const NearestNeighboursParameters &p, const Element *data, const Element *vectors, const Value *values,
                                       void *output, void *scratch) {
  Sum *const distances = static_cast<Sum *>(scratch), *const votes = distances + p.neighbours;
  NearestList<Sum> list = {distances, reinterpret_cast<int16_t *>(votes + p.classes), 0};
  for (int16_t vector = 0; vector < p.vectors; ++vector, vectors += p.features)
    insert_nearest(list, p.neighbours, neighbour_distance<Sum>(p, data, vectors), vector);
  if (p.result == neighbours_label)
    neighbours_write(neighbours_vote(p, list, values, votes), p.label_bytes, output);
  else if (p.result == neighbours_reals)
    neighbours_mean(p, list, values, static_cast<float *>(output));
  else
    neighbours_write(neighbours_inlier_by(p, list, values), p.label_bytes, output);
}

template <typename Sum, int result, int features, int vectors, int neighbours, int values, int classes, int label_bytes, int city_block,
          int by_distance, int distance_shift, int data, long farthest, typename Element, typename Value>
WHIT_KERNEL void nearest_neighbours(const NearestNeighboursParameters *parameters, const Element *sample, const Element *kept, const Value *known,
                                    void *output, Scratch scratch) {
  const NearestNeighboursParameters p = {features, vectors, neighbours, values, classes, label_bytes, result, city_block, by_distance, distance_shift, data, 0, farthest,
                                         result == neighbours_inlier && data != 0 ? load(&parameters->limit) : 0,
                                         result == neighbours_label || (result == neighbours_inlier && data != 0) ? 1.0F : load(&parameters->scale)};
  nearest_neighbours_by<Sum>(p, sample, kept, known, output, static_cast<void *>(static_cast<uint8_t *>(scratch)));
}

}  // namespace whit

#endif
