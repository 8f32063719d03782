// SPDX-License-Identifier: Apache-2.0
// The walk over the rows of linear models, whichever way a row is summed: sum[k] = bias[k] + sum over f of
// weight[k][f] * feature[f], then what is asked of the sums; and the portable sum, one product after the other. Rules: docs/semantics.md, "linear".
#ifndef WHIT_DEVICE_CORE_LINEAR_HPP
#define WHIT_DEVICE_CORE_LINEAR_HPP

#include "device/core/core.hpp"

namespace whit {

enum { linear_result_label, linear_result_pairs, linear_result_scores, linear_result_reals, linear_result_integers };

#define WHIT_LINEAR_FIELDS(FIELD)                                                                          \
  FIELD(int16_t, features) FIELD(int16_t, rows) FIELD(int16_t, classes) FIELD(int16_t, label_bytes)        \
  FIELD(int8_t, result) FIELD(int8_t, shift) FIELD(int8_t, relu) FIELD(int8_t, data) FIELD(int8_t, weights) FIELD(float, scale)
WHIT_PARAMETERS(LinearParameters, WHIT_LINEAR_FIELDS)

struct LinearProducts {
  template <typename Sum, typename Element, typename Weight>
  WHIT_INLINE Sum sum(const Element *data, const Weight *weights, Sum sum, int16_t features) {
    for (int16_t feature = 0; feature < features; ++feature)
      sum += static_cast<Sum>(data[feature]) * static_cast<Sum>(load(weights + feature));
    return sum;
  }
};

WHIT_INLINE void linear_write_label(int16_t label, int16_t label_bytes, void *output) {
  if (label_bytes == 1)
    *static_cast<uint8_t *>(output) = static_cast<uint8_t>(label);
  else
    *static_cast<int32_t *>(output) = label;
}

// The first of the largest sums; a single row decides between class 0 and, above 0, class 1.
template <typename Products, typename Sum, typename Element, typename Weight>
WHIT_INLINE int16_t linear_label(int16_t rows, int16_t features, const Element *data, const Weight *weights, const Sum *bias) {
  Sum most = 0;
  int16_t label = 0;
  for (int16_t row = 0; row < rows; ++row, weights += features) {
    const Sum sum = Products::template sum<Sum>(data, weights, load(bias + row), features);
    if (rows == 1) return sum > 0;
    if (row != 0 && !(sum > most)) continue;
    most = sum;
    label = row;
  }
  return label;
}

// A row for each pair of classes, (0, 1), (0, 2) ... (1, 2) ...: above 0 it votes for the first, otherwise for the
// second. The first class with the most votes.
template <typename Products, typename Sum, typename Element, typename Weight>
WHIT_INLINE int16_t linear_pairs(int16_t classes, int16_t features, const Element *data, const Weight *weights, const Sum *bias,
                                 int16_t *votes) {
  int16_t label = 0;
  for (int16_t i = 0; i < classes; ++i) votes[i] = 0;
  for (int16_t first = 0; first < classes; ++first)
    for (int16_t second = static_cast<int16_t>(first + 1); second < classes; ++second, weights += features, ++bias)
      ++votes[Products::template sum<Sum>(data, weights, load(bias), features) > 0 ? first : second];
  for (int16_t i = 1; i < classes; ++i)
    if (votes[i] > votes[label]) label = i;
  return label;
}

// sum / 2^shift, rounded down (the half that makes it the nearest stands in the bias), within 16 bits.
WHIT_INLINE int16_t linear_integer(int32_t sum, int8_t shift, int8_t relu) {
  const int32_t value = sum >> shift;
  return static_cast<int16_t>(value > 32767 ? 32767 : (relu != 0 ? (value < 0 ? 0 : value) : (value < -32768 ? -32768 : value)));
}
WHIT_INLINE int16_t linear_integer(float, int8_t, int8_t) { return 0; }  // never asked for

// As the host runs it; a firmware's sizes are constants, so only one of the results is left.
template <typename Products, typename Sum, typename Element, typename Weight>
WHIT_INLINE void linear_by(const LinearParameters &p, const Element *data, const Weight *weights, const Sum *bias, void *output,
                           void *scratch) {
  if (p.result == linear_result_label)
    return linear_write_label(linear_label<Products, Sum>(p.rows, p.features, data, weights, bias), p.label_bytes, output);
  if (p.result == linear_result_pairs)
    return linear_write_label(linear_pairs<Products, Sum>(p.classes, p.features, data, weights, bias, static_cast<int16_t *>(scratch)),
                              p.label_bytes, output);
  for (int16_t row = 0; row < p.rows; ++row, weights += p.features) {
    const Sum sum = Products::template sum<Sum>(data, weights, load(bias + row), p.features);
    if (p.result == linear_result_reals)
      static_cast<float *>(output)[row] = static_cast<float>(sum) * p.scale;
    else if (p.result == linear_result_integers)
      static_cast<int16_t *>(output)[row] = linear_integer(sum, p.shift, p.relu);
    else
      static_cast<Sum *>(output)[row] = p.relu != 0 && sum < 0 ? 0 : sum;
  }
}

template <typename Products, typename Sum, int result, int features, int rows, int classes, int label_bytes, int shift, int relu, typename Element, typename Weight>
WHIT_KERNEL void linear(const LinearParameters *parameters, const Element *data, const Weight *weights, const Sum *bias,
                        void *output, Scratch scratch = Scratch(nullptr)) {
  LinearParameters p = {features, rows, classes, label_bytes, result, shift, relu, 0, 0, 1.0F};
  if (result == linear_result_reals) p.scale = load(&parameters->scale);
  linear_by<Products, Sum>(p, data, weights, bias, output, static_cast<void *>(static_cast<uint8_t *>(scratch)));
}

}  // namespace whit

#endif
