// SPDX-License-Identifier: Apache-2.0
// kernel_machine, portable: weighted sums of a kernel between the sample and each kept vector, then what is asked of the
// sums. Each kernel value is computed once. Rules: docs/semantics.md, "kernel_machine".
//
// Vectors stand group by group (the classes of pairs; else one group); each has one coefficient for each of its group's
// `rows` sums. Of K classes, sum r of group c belongs to the pair of c and the r-th other class.
#ifndef WHIT_OPS_KERNEL_MACHINE_KERNEL_HPP
#define WHIT_OPS_KERNEL_MACHINE_KERNEL_HPP

#include "device/core/float_math.hpp"
#include "device/core/instructions.dsp.hpp"
#include "device/core/power_table.hpp"

namespace whit {

enum { kernel_rbf, kernel_polynomial, kernel_sigmoid };
enum { kernel_machine_label, kernel_machine_pairs, kernel_machine_sums, kernel_machine_reals };

#define WHIT_KERNEL_MACHINE_FIELDS(FIELD)                                                                             \
  FIELD(int16_t, features) FIELD(int16_t, groups) FIELD(int16_t, rows) FIELD(int16_t, label_bytes)                    \
  FIELD(int8_t, kind) FIELD(int8_t, result) FIELD(int8_t, data) FIELD(int8_t, coefficients) FIELD(int16_t, degree)    \
  FIELD(int8_t, norm_shift) FIELD(int8_t, early_shift) FIELD(int8_t, shift) FIELD(int16_t, multiplier)                \
  FIELD(int16_t, limit) FIELD(int8_t, sum_shift)                                                                      \
  FIELD(int32_t, constant) FIELD(float, gamma) FIELD(float, offset) FIELD(float, scale)
WHIT_PARAMETERS(KernelMachineParameters, WHIT_KERNEL_MACHINE_FIELDS)

// Products in no more bits than they need, which counts where bytes are multiplied.
WHIT_INLINE int16_t kernel_product(int8_t a, int8_t b) { return static_cast<int16_t>(a * b); }
WHIT_INLINE uint16_t kernel_product(uint8_t a, uint8_t b) {
  uint16_t product = static_cast<uint16_t>(static_cast<uint16_t>(a) * b);
#if defined(__AVR__)
  __asm__("" : "+r"(product));  // else avr-gcc -Os takes its extension to 32 bits for a wide product, and calls a function
#endif
  return product;
}
WHIT_INLINE int32_t kernel_product(int16_t a, int16_t b) { return static_cast<int32_t>(a) * b; }

// The sum of products of the sample and one vector.
struct KernelProducts {
  template <typename Element>
  WHIT_INLINE int32_t sum(const Element *data, const Element *vector, int16_t features) {
    int32_t result = 0;
#pragma GCC unroll 4
    for (int16_t i = 0; i < features; ++i) result += kernel_product(data[i], load(vector + i));
    return result;
  }
};

#if defined(__ARM_FEATURE_DSP)
// The same on cores with DSP instructions: four bytes of each are widened and take two instructions, 16 bits one for two.
struct KernelProductsDsp {
  WHIT_INLINE uint32_t even(uint32_t bytes, int8_t) { return widen_even(bytes); }
  WHIT_INLINE uint32_t odd(uint32_t bytes, int8_t) { return widen_odd(bytes); }
  WHIT_INLINE uint32_t even(uint32_t bytes, uint8_t) { return widen_even_unsigned(bytes); }
  WHIT_INLINE uint32_t odd(uint32_t bytes, uint8_t) { return widen_odd_unsigned(bytes); }

  template <typename Element>
  WHIT_INLINE int32_t sum(const Element *data, const Element *vector, int16_t features) {
    int32_t result = 0;
#pragma GCC unroll 8
    for (int16_t fours = static_cast<int16_t>(features / 4); fours != 0; --fours, data += 4, vector += 4) {
      const uint32_t first = load_word(data), second = load_word(vector);
      __asm__("smlad %0, %1, %2, %0" : "+r"(result) : "r"(even(first, Element())), "r"(even(second, Element())));
      __asm__("smlad %0, %1, %2, %0" : "+r"(result) : "r"(odd(first, Element())), "r"(odd(second, Element())));
    }
    for (int16_t left = features & 3; left != 0; --left) result += *data++ * static_cast<int32_t>(*vector++);
    return result;
  }

  WHIT_INLINE int32_t sum(const int16_t *data, const int16_t *vector, int16_t features) {
    int32_t result = 0;
#pragma GCC unroll 8
    for (int16_t pairs = static_cast<int16_t>(features / 2); pairs != 0; --pairs, data += 2, vector += 2)
      __asm__("smlad %0, %1, %2, %0" : "+r"(result) : "r"(load_word(data)), "r"(load_word(vector)));
    return (features & 1) != 0 ? result + kernel_product(*data, *vector) : result;
  }
};
#endif

// value / 2^early * multiplier / 2^shift, in 32 bits: the host has seen to it that the product fits.
WHIT_INLINE int32_t kernel_scaled(const KernelMachineParameters &p, int32_t value) {
  return ((value >> p.early_shift) * p.multiplier) >> p.shift;
}

// tanh(argument / 1024 * ln 2 / 2) in 1/32768ths.
WHIT_KERNEL int32_t kernel_tanh(int32_t argument) {
  const int32_t power = two_to_minus(static_cast<uint32_t>(argument < 0 ? -argument : argument));
  const int32_t value = ((32768 - power) << 15) / (32768 + power);
  const int32_t limited = value > 32767 ? 32767 : value;
  return argument < 0 ? -limited : limited;
}

// The kernel of integers in 1/32768ths of the largest value. `norm` is that of the vector, without sign, in 2^norm_shift; `own` the
// sample's.
template <typename Products, typename Element>
WHIT_INLINE int32_t kernel_value(const KernelMachineParameters &p, const Element *data, const Element *vector, int32_t own,
                                 const int16_t *norm) {
  const int32_t products = Products::sum(data, vector, p.features);
  if (p.kind == kernel_rbf) {
    const int32_t distance = own + (static_cast<int32_t>(static_cast<uint16_t>(load(norm))) << p.norm_shift) - 2 * products;
    if (distance <= 0) return 32767;
    const int32_t value = two_to_minus((static_cast<uint32_t>(distance >> p.early_shift) * static_cast<uint32_t>(p.multiplier)) >> p.shift);
    return value > 32767 ? 32767 : value;
  }
  const int32_t argument = kernel_scaled(p, products) + p.constant;
  if (p.kind == kernel_sigmoid) return kernel_tanh(argument);
  const int32_t limited = argument > 32767 ? 32767 : (argument < -32767 ? -32767 : argument);
  int32_t power = limited;
  for (int16_t i = 1; i < p.degree; ++i) power = (power * limited) >> 15;
  return power;
}

// The kernel of reals.
WHIT_INLINE float kernel_value_float(const KernelMachineParameters &p, const float *data, const float *vector) {
  float sum = 0.0F;
  for (int16_t i = 0; i < p.features; ++i) {
    const float other = load(vector + i), difference = data[i] - other;
    sum += p.kind == kernel_rbf ? difference * difference : data[i] * other;
  }
  if (p.kind == kernel_rbf) return exp_float(-p.gamma * sum);
  const float argument = p.gamma * sum + p.offset;
  if (p.kind == kernel_sigmoid) {
    const float power = exp_float(-2.0F * absolute(argument));
    return with_sign_of((1.0F - power) / (1.0F + power), argument);
  }
  float power = argument;
  for (int16_t i = 1; i < p.degree; ++i) power *= argument;
  return power;
}

// What a kernel value adds to a sum.
WHIT_INLINE int32_t kernel_term(const KernelMachineParameters &p, int32_t product) {
  return p.sum_shift == 0 ? product : (product + (static_cast<int32_t>(1) << (p.sum_shift - 1))) >> p.sum_shift;
}

// The sample, of 16 bits with a copy that keeps to what sums of products hold.
template <typename Element>
WHIT_INLINE const Element *kernel_sample(const KernelMachineParameters &, const Element *data, int16_t *) { return data; }
WHIT_INLINE const int16_t *kernel_sample(const KernelMachineParameters &p, const int16_t *data, int16_t *copy) {
  for (int16_t i = 0; i < p.features; ++i) copy[i] = data[i] > p.limit ? p.limit : (data[i] < -p.limit ? static_cast<int16_t>(-p.limit) : data[i]);
  return copy;
}

// sums[group][row], from 0 on.
template <typename Products, typename Element, typename Coefficient>
WHIT_INLINE void kernel_machine_sum(const KernelMachineParameters &p, const Element *data, const Element *vectors,
                                    const int16_t *norms, const Coefficient *coefficients, const int16_t *counts, int32_t *sums) {
  int32_t own = 0;
  if (p.kind == kernel_rbf)
    for (int16_t i = 0; i < p.features; ++i) own += static_cast<int32_t>(data[i]) * data[i];
  for (int16_t group = 0; group < p.groups; ++group, sums += p.rows)
    for (int16_t left = load(counts + group); left != 0; --left, vectors += p.features, ++norms, coefficients += p.rows) {
      const int32_t value = kernel_value<Products>(p, data, vectors, own, norms);
      for (int16_t row = 0; row < p.rows; ++row) sums[row] += kernel_term(p, value * load(coefficients + row));
    }
}

template <typename Products>
WHIT_INLINE void kernel_machine_sum(const KernelMachineParameters &p, const float *data, const float *vectors, const int16_t *,
                                    const float *coefficients, const int16_t *counts, float *sums) {
  for (int16_t group = 0; group < p.groups; ++group, sums += p.rows)
    for (int16_t left = load(counts + group); left != 0; --left, vectors += p.features, coefficients += p.rows) {
      const float value = kernel_value_float(p, data, vectors);
      for (int16_t row = 0; row < p.rows; ++row) sums[row] += value * load(coefficients + row);
    }
}

// The value of each pair (0, 1), (0, 2) ... (1, 2) ...: above 0 it votes for the first, otherwise for the second; the
// first class with the most votes. Votes lie behind the sums.
template <typename Sum>
WHIT_INLINE int16_t kernel_machine_vote(int16_t classes, const Sum *sums, const Sum *bias, int16_t *votes) {
  int16_t label = 0;
  for (int16_t i = 0; i < classes; ++i) votes[i] = 0;
  for (int16_t first = 0; first < classes; ++first)
    for (int16_t second = static_cast<int16_t>(first + 1); second < classes; ++second, ++bias)
      ++votes[sums[first * (classes - 1) + second - 1] + sums[second * (classes - 1) + first] + load(bias) > 0 ? first : second];
  for (int16_t i = 1; i < classes; ++i)
    if (votes[i] > votes[label]) label = i;
  return label;
}

// Sums with their bias, one a row, or one a pair.
template <typename Sum, typename Output>
WHIT_INLINE void kernel_machine_write(const KernelMachineParameters &p, const Sum *sums, const Sum *bias, Output *output) {
  if (p.groups == 1) {
    for (int16_t row = 0; row < p.rows; ++row) output[row] = static_cast<Output>(static_cast<Output>(sums[row] + load(bias + row)) * static_cast<Output>(p.scale));
    return;
  }
  for (int16_t first = 0; first < p.groups; ++first)
    for (int16_t second = static_cast<int16_t>(first + 1); second < p.groups; ++second, ++bias)
      *output++ = static_cast<Output>(static_cast<Output>(sums[first * p.rows + second - 1] + sums[second * p.rows + first] + load(bias)) * static_cast<Output>(p.scale));
}

WHIT_INLINE void kernel_machine_label_to(int16_t label, int16_t label_bytes, void *output) {
  if (label_bytes == 1)
    *static_cast<uint8_t *>(output) = static_cast<uint8_t>(label);
  else
    *static_cast<int32_t *>(output) = label;
}

// As the host runs it; a firmware's sizes are constants, so only one kernel and one result are left.
template <typename Products, typename Sum, typename Element, typename Coefficient>
WHIT_INLINE void kernel_machine_by(const KernelMachineParameters &p, const Element *data, const Element *vectors, const int16_t *norms,
                                   const Coefficient *coefficients, const int16_t *counts, const Sum *bias, void *output, void *scratch) {
  Sum *const sums = static_cast<Sum *>(scratch);
  const int16_t count = static_cast<int16_t>(p.groups * p.rows);
  for (int16_t i = 0; i < count; ++i) sums[i] = 0;
  int16_t *const votes = reinterpret_cast<int16_t *>(sums + count);
  const Element *const sample = kernel_sample(p, data, votes + (p.result == kernel_machine_pairs ? p.groups : 0));
  kernel_machine_sum<Products>(p, sample, vectors, norms, coefficients, counts, sums);
  if (p.result == kernel_machine_label)
    kernel_machine_label_to(sums[0] + load(bias) > 0, p.label_bytes, output);
  else if (p.result == kernel_machine_pairs)
    kernel_machine_label_to(kernel_machine_vote(p.groups, sums, bias, votes), p.label_bytes, output);
  else if (p.result == kernel_machine_reals)
    kernel_machine_write(p, sums, bias, static_cast<float *>(output));
  else
    kernel_machine_write(p, sums, bias, static_cast<Sum *>(output));
}

template <typename Products, typename Sum, int kind, int result, int features, int groups, int rows, int degree, int label_bytes,
          int norm_shift, int early_shift, int shift, int multiplier, int limit, int sum_shift, typename Element, typename Coefficient>
WHIT_KERNEL void kernel_machine(const KernelMachineParameters *parameters, const Element *data, const Element *vectors,
                                const int16_t *norms, const Coefficient *coefficients, const int16_t *counts, const Sum *bias,
                                void *output, Scratch scratch) {
  const KernelMachineParameters p = {features, groups, rows, label_bytes, kind, result, 0, 0, degree, norm_shift, early_shift,
                                     shift, multiplier, limit, sum_shift, load(&parameters->constant), load(&parameters->gamma),
                                     load(&parameters->offset), result == kernel_machine_reals ? load(&parameters->scale) : 1.0F};
  kernel_machine_by<Products>(p, data, vectors, norms, coefficients, counts, bias, output, static_cast<void *>(static_cast<uint8_t *>(scratch)));
}

}  // namespace whit

#endif
