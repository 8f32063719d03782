// SPDX-License-Identifier: Apache-2.0
// signal_rfft and signal_irfft, portable: a mixed-radix transform of complex numbers, decimated in time, in the output's
// own memory, and the step between it and twice as many real ones. Rules: docs/semantics.md, "Audio front end".
#ifndef WHIT_OPS_FFT_KERNEL_HPP
#define WHIT_OPS_FFT_KERNEL_HPP

#include "device/core/core.hpp"

namespace whit {

// `length` complex numbers, in `stages` steps; each row has `input_length` values, the rest count as 0.
#define WHIT_FFT_FIELDS(FIELD) \
  FIELD(int32_t, rows) FIELD(int32_t, input_length) FIELD(int32_t, length) FIELD(int16_t, stages)
WHIT_PARAMETERS(FftParameters, WHIT_FFT_FIELDS)

enum { fft_largest_radix = 31 };

// Fixed point with `bits` fraction bits: products are rounded, halves up; sums wrap.
template <typename T, typename Product, int8_t bits>
struct FixedSignal {
  typedef T Scalar;
  typedef Product Wide;
  enum { averages = 0 };
  WHIT_INLINE T rounded(Wide value) { return static_cast<T>((value + (Wide{1} << (bits - 1))) >> bits); }
  WHIT_INLINE Wide product(T a, T b) { return static_cast<Wide>(a) * b; }
  WHIT_INLINE int32_t wide_sum(T a, T b) {
    return static_cast<int32_t>(static_cast<uint32_t>(static_cast<int32_t>(a)) + static_cast<uint32_t>(static_cast<int32_t>(b)));
  }
  WHIT_INLINE int32_t wide_difference(T a, T b) {
    return static_cast<int32_t>(static_cast<uint32_t>(static_cast<int32_t>(a)) - static_cast<uint32_t>(static_cast<int32_t>(b)));
  }
  WHIT_INLINE T sum(T a, T b) { return static_cast<T>(wide_sum(a, b)); }
  WHIT_INLINE T difference(T a, T b) { return static_cast<T>(wide_difference(a, b)); }
  WHIT_INLINE T half(T value) { return static_cast<T>(value >> 1); }
  WHIT_INLINE T half_sum(T a, T b) { return static_cast<T>(wide_sum(a, b) >> 1); }
  WHIT_INLINE T half_difference(T a, T b) { return static_cast<T>(wide_difference(a, b) >> 1); }
  // Each stage makes room for its sums: a radix of n divides by n, times the largest number below 1.
  WHIT_INLINE T divided(T value, int16_t by) {
    const T largest = static_cast<T>((Wide{1} << bits) - 1);
    return rounded(product(value, static_cast<T>(largest / by)));
  }
};

typedef FixedSignal<int16_t, int32_t, 15> Signal16;
typedef FixedSignal<int32_t, int64_t, 31> Signal32;

// The inverse divides by the number of values.
struct FloatSignal {
  typedef float Scalar;
  typedef float Wide;
  enum { averages = 1 };
  WHIT_INLINE float rounded(float value) { return value; }
  WHIT_INLINE float product(float a, float b) { return a * b; }
  WHIT_INLINE float sum(float a, float b) { return a + b; }
  WHIT_INLINE float difference(float a, float b) { return a - b; }
  WHIT_INLINE float half(float value) { return value * 0.5F; }
  WHIT_INLINE float half_sum(float a, float b) { return (a + b) * 0.5F; }
  WHIT_INLINE float half_difference(float a, float b) { return (a - b) * 0.5F; }
  WHIT_INLINE float divided(float value, int16_t) { return value; }
};

template <typename Signal>
struct Complex {
  typedef typename Signal::Scalar Scalar;
  Scalar real, imaginary;

  Complex operator+(const Complex &b) const {
    const Complex result = {Signal::sum(real, b.real), Signal::sum(imaginary, b.imaginary)};
    return result;
  }
  Complex operator-(const Complex &b) const {
    const Complex result = {Signal::difference(real, b.real), Signal::difference(imaginary, b.imaginary)};
    return result;
  }
  Complex operator*(const Complex &b) const {
    const Complex result = {
        Signal::rounded(Signal::product(real, b.real) - Signal::product(imaginary, b.imaginary)),
        Signal::rounded(Signal::product(real, b.imaginary) + Signal::product(imaginary, b.real))};
    return result;
  }
  Complex scaled(Scalar by) const {
    const Complex result = {Signal::rounded(Signal::product(real, by)), Signal::rounded(Signal::product(imaginary, by))};
    return result;
  }
  // Times i.
  Complex turned() const {
    const Complex result = {Signal::difference(Scalar{0}, imaginary), real};
    return result;
  }
  Complex conjugate() const {
    const Complex result = {real, Signal::difference(Scalar{0}, imaginary)};
    return result;
  }
  Complex divided(int16_t by) const {
    const Complex result = {Signal::divided(real, by), Signal::divided(imaginary, by)};
    return result;
  }
};

// The numbers e^(+-2 pi i k / n), as pairs in a constant.
template <typename Signal>
WHIT_INLINE Complex<Signal> turn(const typename Signal::Scalar *turns, ptrdiff_t k) {
  const Complex<Signal> result = {load(turns + 2 * k), load(turns + 2 * k + 1)};
  return result;
}

// A stage joins `radix` transforms of `part` numbers that lie one after the other; neighbouring turns are `step` apart.
struct Stage {
  int16_t radix;
  ptrdiff_t part, step;
};

template <typename Signal>
WHIT_INLINE void join_two(Complex<Signal> *data, Stage stage, const typename Signal::Scalar *turns) {
  for (ptrdiff_t k = 0; k < stage.part; ++k, ++data) {
    const Complex<Signal> first = data[0].divided(2);
    const Complex<Signal> second = data[stage.part].divided(2) * turn<Signal>(turns, k * stage.step);
    data[stage.part] = first - second;
    data[0] = first + second;
  }
}

template <typename Signal>
WHIT_INLINE void join_three(Complex<Signal> *data, Stage stage, const typename Signal::Scalar *turns) {
  const typename Signal::Scalar third = turn<Signal>(turns, stage.step * stage.part).imaginary;
  for (ptrdiff_t k = 0; k < stage.part; ++k, ++data) {
    const Complex<Signal> first = data[0].divided(3);
    const Complex<Signal> second = data[stage.part].divided(3) * turn<Signal>(turns, k * stage.step);
    const Complex<Signal> last = data[2 * stage.part].divided(3) * turn<Signal>(turns, 2 * k * stage.step);
    const Complex<Signal> both = second + last, across = (second - last).scaled(third).turned();
    const Complex<Signal> half = {Signal::half(both.real), Signal::half(both.imaginary)}, middle = first - half;
    data[0] = first + both;
    data[stage.part] = middle + across;
    data[2 * stage.part] = middle - across;
  }
}

template <typename Signal, bool inverse>
WHIT_INLINE void join_four(Complex<Signal> *data, Stage stage, const typename Signal::Scalar *turns) {
  for (ptrdiff_t k = 0; k < stage.part; ++k, ++data) {
    const Complex<Signal> first = data[0].divided(4);
    const Complex<Signal> second = data[stage.part].divided(4) * turn<Signal>(turns, k * stage.step);
    const Complex<Signal> third = data[2 * stage.part].divided(4) * turn<Signal>(turns, 2 * k * stage.step);
    const Complex<Signal> fourth = data[3 * stage.part].divided(4) * turn<Signal>(turns, 3 * k * stage.step);
    const Complex<Signal> even = first + third, odd = first - third, sides = second + fourth;
    const Complex<Signal> across = (second - fourth).turned();
    data[0] = even + sides;
    data[2 * stage.part] = even - sides;
    data[stage.part] = inverse ? odd + across : odd - across;
    data[3 * stage.part] = inverse ? odd - across : odd + across;
  }
}

// near * a + far * b, each product rounded, one after the other added to `start`.
template <typename Signal>
WHIT_INLINE Complex<Signal> two_sums(Complex<Signal> start, Complex<Signal> near, typename Signal::Scalar a,
                                     Complex<Signal> far, typename Signal::Scalar b) {
  return start + near.scaled(a) + far.scaled(b);
}

template <typename Signal>
WHIT_INLINE void join_five(Complex<Signal> *data, Stage stage, const typename Signal::Scalar *turns) {
  const ptrdiff_t part = stage.part;
  const Complex<Signal> fifth = turn<Signal>(turns, stage.step * part), two_fifths = turn<Signal>(turns, 2 * stage.step * part);
  for (ptrdiff_t k = 0; k < part; ++k, ++data) {
    const ptrdiff_t place = k * stage.step;
    const Complex<Signal> first = data[0].divided(5);
    const Complex<Signal> second = data[part].divided(5) * turn<Signal>(turns, place);
    const Complex<Signal> third = data[2 * part].divided(5) * turn<Signal>(turns, 2 * place);
    const Complex<Signal> fourth = data[3 * part].divided(5) * turn<Signal>(turns, 3 * place);
    const Complex<Signal> last = data[4 * part].divided(5) * turn<Signal>(turns, 4 * place);
    const Complex<Signal> outer = second + last, inner = third + fourth;
    const Complex<Signal> outer_across = second - last, inner_across = third - fourth;
    const Complex<Signal> zero = {typename Signal::Scalar{0}, typename Signal::Scalar{0}};
    const Complex<Signal> near = two_sums(first, outer, fifth.real, inner, two_fifths.real);
    const Complex<Signal> far = two_sums(first, outer, two_fifths.real, inner, fifth.real);
    const Complex<Signal> near_across = two_sums(zero, outer_across, fifth.imaginary, inner_across, two_fifths.imaginary).turned();
    const Complex<Signal> far_across =
        (outer_across.scaled(two_fifths.imaginary) - inner_across.scaled(fifth.imaginary)).turned();
    data[0] = first + (outer + inner);
    data[part] = near + near_across;
    data[4 * part] = near - near_across;
    data[2 * part] = far + far_across;
    data[3 * part] = far - far_across;
  }
}

// Any radix up to fft_largest_radix: every output is the sum of all inputs, each turned. `length` turns make a circle.
template <typename Signal>
WHIT_INLINE void join_any(Complex<Signal> *data, Stage stage, const typename Signal::Scalar *turns, ptrdiff_t length) {
  Complex<Signal> all[fft_largest_radix];
  for (ptrdiff_t k = 0; k < stage.part; ++k) {
    for (int16_t input = 0; input < stage.radix; ++input) all[input] = data[k + input * stage.part].divided(stage.radix);
    for (int16_t output = 0; output < stage.radix; ++output) {
      const ptrdiff_t place = k + output * stage.part;
      Complex<Signal> total = all[0];
      ptrdiff_t angle = 0;
      for (int16_t input = 1; input < stage.radix; ++input) {
        angle += stage.step * place;
        if (angle >= length) angle -= length;
        total = total + all[input] * turn<Signal>(turns, angle);
      }
      data[place] = total;
    }
  }
}

template <typename Signal, bool inverse>
WHIT_INLINE void join(Complex<Signal> *data, Stage stage, const typename Signal::Scalar *turns, ptrdiff_t length) {
  switch (stage.radix) {
    case 2: return join_two<Signal>(data, stage, turns);
    case 3: return join_three<Signal>(data, stage, turns);
    case 4: return join_four<Signal, inverse>(data, stage, turns);
    case 5: return join_five<Signal>(data, stage, turns);
    default: return join_any<Signal>(data, stage, turns, length);
  }
}

// Where number `index` lies before the first stage. `radices` from the last stage to the first.
WHIT_INLINE ptrdiff_t place_before_stages(const FftParameters &p, const int16_t *radices, ptrdiff_t index) {
  ptrdiff_t place = 0, part = p.length;
  for (int16_t stage = 0; stage < p.stages; ++stage) {
    const int16_t radix = load(radices + stage);
    part /= radix;
    place += index % radix * part;
    index /= radix;
  }
  return place;
}

template <typename Signal, bool inverse>
WHIT_KERNEL void transform(const FftParameters &p, const int16_t *radices, const typename Signal::Scalar *turns,
                           Complex<Signal> *data) {
  Stage stage = {0, 1, p.length};
  for (int16_t left = p.stages; left != 0; --left) {
    stage.radix = load(radices + left - 1);
    const ptrdiff_t whole = stage.part * stage.radix;
    stage.step = p.length / whole;
    for (ptrdiff_t block = 0; block < p.length; block += whole)
      join<Signal, inverse>(data + block, stage, turns, p.length);
    stage.part = whole;
  }
}

// From the transform of even values + i odd values to that of all values, in place; one more number than `length`.
template <typename Signal>
WHIT_INLINE void split_real(ptrdiff_t length, const typename Signal::Scalar *half_turns, Complex<Signal> *data) {
  typedef typename Signal::Scalar Scalar;
  const Complex<Signal> begin = data[0].divided(2);
  const Complex<Signal> lowest = {Signal::sum(begin.real, begin.imaginary), Scalar{0}};
  const Complex<Signal> highest = {Signal::difference(begin.real, begin.imaginary), Scalar{0}};
  for (ptrdiff_t k = 1; k <= length / 2; ++k) {
    const Complex<Signal> near = data[k].divided(2), far = data[length - k].conjugate().divided(2);
    const Complex<Signal> even = near + far, odd = (near - far) * turn<Signal>(half_turns, k - 1);
    const Complex<Signal> low = {Signal::half_sum(even.real, odd.real), Signal::half_sum(even.imaginary, odd.imaginary)};
    const Complex<Signal> high = {Signal::half_difference(even.real, odd.real),
                                  Signal::half_difference(odd.imaginary, even.imaginary)};
    data[k] = low;
    data[length - k] = high;
  }
  data[0] = lowest;
  data[length] = highest;
}

template <typename Signal>
WHIT_KERNEL void signal_rfft(const FftParameters *parameters, const int16_t *radices, const typename Signal::Scalar *turns,
                             const typename Signal::Scalar *half_turns, const typename Signal::Scalar *input,
                             typename Signal::Scalar *output) {
  WHIT_LOAD_PARAMETERS(FftParameters, p, parameters);
  typedef typename Signal::Scalar Scalar;
  for (int32_t row = 0; row < p.rows; ++row, input += p.input_length, output += 2 * (p.length + 1)) {
    Complex<Signal> *data = reinterpret_cast<Complex<Signal> *>(output);
    for (ptrdiff_t i = 0; i < p.length; ++i) {
      const Complex<Signal> value = {2 * i < p.input_length ? input[2 * i] : Scalar{0},
                                     2 * i + 1 < p.input_length ? input[2 * i + 1] : Scalar{0}};
      data[place_before_stages(p, radices, i)] = value;
    }
    transform<Signal, false>(p, radices, turns, data);
    split_real<Signal>(p.length, half_turns, data);
  }
}

template <typename Signal>
WHIT_KERNEL void signal_irfft(const FftParameters *parameters, const int16_t *radices,
                              const typename Signal::Scalar *turns, const typename Signal::Scalar *half_turns,
                              const typename Signal::Scalar *input, typename Signal::Scalar *output) {
  WHIT_LOAD_PARAMETERS(FftParameters, p, parameters);
  for (int32_t row = 0; row < p.rows; ++row, input += 2 * (p.length + 1), output += 2 * p.length) {
    const Complex<Signal> *in = reinterpret_cast<const Complex<Signal> *>(input);
    Complex<Signal> *data = reinterpret_cast<Complex<Signal> *>(output);
    const Complex<Signal> begin = {Signal::sum(in[0].real, in[p.length].real),
                                   Signal::difference(in[0].real, in[p.length].real)};
    data[0] = begin.divided(2);
    for (ptrdiff_t k = 1; k <= p.length / 2; ++k) {
      const Complex<Signal> near = in[k].divided(2), far = in[p.length - k].conjugate().divided(2);
      const Complex<Signal> even = near + far, odd = (near - far) * turn<Signal>(half_turns, k - 1);
      data[place_before_stages(p, radices, k)] = even + odd;
      data[place_before_stages(p, radices, p.length - k)] = (even - odd).conjugate();
    }
    transform<Signal, true>(p, radices, turns, data);
    if (Signal::averages != 0)
      for (ptrdiff_t i = 0; i < 2 * p.length; ++i)
        output[i] = static_cast<typename Signal::Scalar>(output[i] / static_cast<typename Signal::Scalar>(2 * p.length));
  }
}

}  // namespace whit

#endif
