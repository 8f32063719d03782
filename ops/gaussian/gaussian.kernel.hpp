// SPDX-License-Identifier: Apache-2.0
// gaussian, portable: for each class a constant less the squares of weighted sums of the features: densities, and distances
// from a centre. Rules: docs/semantics.md, "gaussian".
#ifndef WHIT_OPS_GAUSSIAN_KERNEL_HPP
#define WHIT_OPS_GAUSSIAN_KERNEL_HPP

#include "device/core/core.hpp"

namespace whit {

enum { gaussian_label, gaussian_scores, gaussian_reals };
enum { gaussian_diagonal, gaussian_triangular, gaussian_full };

#define WHIT_GAUSSIAN_FIELDS(FIELD)                                                                                \
  FIELD(int16_t, features) FIELD(int16_t, classes) FIELD(int16_t, rows) FIELD(int16_t, label_bytes)                \
  FIELD(int8_t, form) FIELD(int8_t, result) FIELD(int8_t, square_shift) FIELD(int8_t, data) FIELD(float, scale)
WHIT_PARAMETERS(GaussianParameters, WHIT_GAUSSIAN_FIELDS)

// What is there for each row of weights: integers have a shift each, which floats do not need.
template <typename Weight, typename Sum>
struct GaussianRows {
  const Weight *weights;
  const Sum *offsets;
  const int8_t *shifts;
};

// sum / 2^shift within 16 bits, squared, over 2^square_shift: so many of them fit 30 bits.
WHIT_INLINE int32_t gaussian_square(const GaussianParameters &p, int32_t sum, const int8_t *shift) {
  int32_t value = sum >> load(shift);
  value = value > 32767 ? 32767 : (value < -32767 ? -32767 : value);
  return (value * value) >> p.square_shift;
}
WHIT_INLINE float gaussian_square(const GaussianParameters &, float sum, const int8_t *) { return sum * sum; }

// The squares of one class. Row r reads feature r, the features up to r, or all.
template <typename Sum, typename Element, typename Weight>
WHIT_INLINE Sum gaussian_squares(const GaussianParameters &p, const Element *data, GaussianRows<Weight, Sum> &at) {
  Sum squares = 0;
  for (int16_t row = 0; row < p.rows; ++row, ++at.offsets, ++at.shifts) {
    Sum sum = load(at.offsets);
    const int16_t first = p.form == gaussian_diagonal ? row : 0;
    const int16_t last = p.form == gaussian_full ? p.features : static_cast<int16_t>(row + 1);
    for (int16_t i = first; i < last; ++i) sum += static_cast<Sum>(data[i]) * static_cast<Sum>(load(at.weights++));
    squares += gaussian_square(p, sum, at.shifts);
  }
  return squares;
}

// As the host runs it; a firmware's sizes are constants, so only one form and one result are left. A label is the first of
// the largest scores; of a single one 1 where it is above 0.
template <typename Sum, typename Element, typename Weight>
WHIT_INLINE void gaussian_by(const GaussianParameters &p, const Element *data, const Weight *weights, const Sum *offsets,
                             const int8_t *shifts, const Sum *constants, void *output) {
  GaussianRows<Weight, Sum> at = {weights, offsets, shifts};
  Sum most = 0;
  int16_t label = 0;
  for (int16_t one = 0; one < p.classes; ++one) {
    const Sum score = load(constants + one) - gaussian_squares<Sum>(p, data, at);
    if (p.result == gaussian_scores)
      static_cast<Sum *>(output)[one] = score;
    else if (p.result == gaussian_reals)
      static_cast<float *>(output)[one] = static_cast<float>(score) * p.scale;
    else if (p.classes == 1 ? score > 0 : one == 0 || score > most) {
      most = score;
      label = p.classes == 1 ? 1 : one;
    }
  }
  if (p.result != gaussian_label) return;
  if (p.label_bytes == 1)
    *static_cast<uint8_t *>(output) = static_cast<uint8_t>(label);
  else
    *static_cast<int32_t *>(output) = label;
}

template <typename Sum, int form, int result, int features, int classes, int rows, int label_bytes, int square_shift, typename Element, typename Weight>
WHIT_KERNEL void gaussian(const GaussianParameters *parameters, const Element *data, const Weight *weights, const Sum *offsets,
                          const int8_t *shifts, const Sum *constants, void *output) {
  const GaussianParameters p = {features, classes, rows, label_bytes, form, result, square_shift, 0,
                                result == gaussian_reals ? load(&parameters->scale) : 1.0F};
  gaussian_by(p, data, weights, offsets, shifts, constants, output);
}

}  // namespace whit

#endif
