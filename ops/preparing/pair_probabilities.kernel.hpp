// SPDX-License-Identifier: Apache-2.0
// pair_probabilities, portable: the probabilities of classes from those that pairs of them give (Wu, Lin, Weng 2004, "Probability estimates
// for multi-class classification by pairwise coupling", their second approach). Rules: docs/semantics.md, "pair_probabilities".
//
// They minimise the sum over pairs of (p_j r_ij - p_i r_ji)^2 for a sum of 1: p^T Q p, one p_i after the other, each from the others.
#ifndef WHIT_OPS_PAIR_PROBABILITIES_KERNEL_HPP
#define WHIT_OPS_PAIR_PROBABILITIES_KERNEL_HPP

#include "device/core/float_math.hpp"

namespace whit {

#define WHIT_PAIR_PROBABILITIES_FIELDS(FIELD) FIELD(int16_t, classes)
WHIT_PARAMETERS(PairProbabilitiesParameters, WHIT_PAIR_PROBABILITIES_FIELDS)

// wins[i][j]: the probability of class i where it is i or j.
WHIT_INLINE void pair_wins(int16_t classes, const float *sums, const float *slopes, const float *offsets, float *wins) {
  for (int16_t i = 0; i < classes; ++i)
    for (int16_t j = static_cast<int16_t>(i + 1); j < classes; ++j, ++sums, ++slopes, ++offsets) {
      const float share = logistic_float(-(*sums * load(slopes) + load(offsets))), least = 1e-7F, most = 1.0F - 1e-7F;
      const float limited = share < least ? least : (share > most ? most : share);
      wins[i * classes + j] = limited;
      wins[j * classes + i] = 1.0F - limited;
    }
}

// Q in place of the wins: q_ii = the sum of r_ji^2, q_ij = -r_ij r_ji.
WHIT_INLINE void coupling_of(int16_t classes, float *matrix) {
  for (int16_t i = 0; i < classes; ++i) {
    float own = 0.0F;
    for (int16_t j = 0; j < classes; ++j)
      if (j != i) own += matrix[j * classes + i] * matrix[j * classes + i];
    matrix[i * classes + i] = own;
  }
  for (int16_t i = 0; i < classes; ++i)
    for (int16_t j = static_cast<int16_t>(i + 1); j < classes; ++j)
      matrix[i * classes + j] = matrix[j * classes + i] = -matrix[i * classes + j] * matrix[j * classes + i];
}

// products = Q p; their product with p.
WHIT_INLINE float coupled(int16_t classes, const float *matrix, const float *shares, float *products) {
  float all = 0.0F;
  for (int16_t i = 0; i < classes; ++i) {
    products[i] = 0.0F;
    for (int16_t j = 0; j < classes; ++j) products[i] += matrix[i * classes + j] * shares[j];
    all += shares[i] * products[i];
  }
  return all;
}

// Each share is set to its best and all are brought to a sum of 1 again.
WHIT_INLINE void couple_once(int16_t classes, const float *matrix, float *shares, float *products, float all) {
  for (int16_t i = 0; i < classes; ++i) {
    const float own = matrix[i * classes + i], step = (all - products[i]) / own, sum = 1.0F + step;
    shares[i] += step;
    all = (all + step * (step * own + 2.0F * products[i])) / (sum * sum);
    for (int16_t j = 0; j < classes; ++j) {
      products[j] = (products[j] + step * matrix[i * classes + j]) / sum;
      shares[j] /= sum;
    }
  }
}

WHIT_KERNEL void pair_probabilities(const PairProbabilitiesParameters *parameters, const float *sums, const float *slopes, const float *offsets, float *output,
                                    Scratch scratch) {
  WHIT_LOAD_PARAMETERS(PairProbabilitiesParameters, p, parameters);
  float *const matrix = scratch, *const products = matrix + p.classes * p.classes;
  pair_wins(p.classes, sums, slopes, offsets, matrix);
  coupling_of(p.classes, matrix);
  for (int16_t i = 0; i < p.classes; ++i) output[i] = 1.0F / static_cast<float>(p.classes);
  const float near_enough = 0.005F / static_cast<float>(p.classes);
  const int16_t rounds = p.classes > 100 ? p.classes : 100;
  for (int16_t round = 0; round < rounds; ++round) {
    const float all = coupled(p.classes, matrix, output, products);
    float farthest = 0.0F;
    for (int16_t i = 0; i < p.classes; ++i) {
      const float off = absolute(products[i] - all);
      farthest = off > farthest ? off : farthest;
    }
    if (farthest < near_enough) return;
    couple_once(p.classes, matrix, output, products, all);
  }
}

}  // namespace whit

#endif
