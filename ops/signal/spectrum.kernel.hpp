// SPDX-License-Identifier: Apache-2.0
// Around the transform of the audio front end, portable: the window before it, the scaling that uses all of 16 bits, the
// energy after it. Rules: docs/semantics.md, "Audio front end".
#ifndef WHIT_OPS_SPECTRUM_KERNEL_HPP
#define WHIT_OPS_SPECTRUM_KERNEL_HPP

#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_SIGNAL_WINDOW_FIELDS(FIELD) FIELD(int32_t, frames) FIELD(int32_t, length) FIELD(int16_t, shift)
WHIT_PARAMETERS(SignalWindowParameters, WHIT_SIGNAL_WINDOW_FIELDS)

#define WHIT_SIGNAL_COUNT_FIELDS(FIELD) FIELD(int32_t, count)
WHIT_PARAMETERS(SignalCountParameters, WHIT_SIGNAL_COUNT_FIELDS)

#define WHIT_SIGNAL_ENERGY_FIELDS(FIELD) FIELD(int32_t, count) FIELD(int32_t, begin) FIELD(int32_t, end)
WHIT_PARAMETERS(SignalEnergyParameters, WHIT_SIGNAL_ENERGY_FIELDS)

WHIT_KERNEL void signal_window(const SignalWindowParameters *parameters, const int16_t *weights, const int16_t *input,
                               int16_t *output) {
  WHIT_LOAD_PARAMETERS(SignalWindowParameters, p, parameters);
  for (int32_t frame = 0; frame < p.frames; ++frame)
    for (int32_t i = 0; i < p.length; ++i) {
      const int32_t product = static_cast<int32_t>(*input++) * load(weights + i);
      *output++ = static_cast<int16_t>(clamp(product >> p.shift, -32768, 32767));
    }
}

// One more than the position of the leading one; 32 for 0.
WHIT_INLINE int8_t significant_bits(uint32_t value) {
  int8_t bits = value == 0 ? int8_t{32} : int8_t{0};
  for (; value != 0; value >>= 1) ++bits;
  return bits;
}

// The largest distance from 0 as the reference finds it: -32768 counts as -32768, and what follows it is above it.
WHIT_INLINE int16_t largest_magnitude(const int16_t *values, int32_t count) {
  int16_t largest = 0;
  for (int32_t i = 0; i < count; ++i) {
    const int32_t value = values[i];
    if (value > largest)
      largest = static_cast<int16_t>(value);
    else if (-value > largest)
      largest = static_cast<int16_t>(-value);
  }
  return largest;
}

WHIT_KERNEL void signal_fft_auto_scale(const SignalCountParameters *parameters, const int16_t *input, int16_t *output,
                                       int32_t *scale_bits) {
  WHIT_LOAD_PARAMETERS(SignalCountParameters, p, parameters);
  const int32_t largest = largest_magnitude(input, p.count);
  const int8_t free = static_cast<int8_t>(15 - significant_bits(static_cast<uint32_t>(largest)));
  const int8_t bits = free > 0 ? free : int8_t{0};
  for (int32_t i = 0; i < p.count; ++i)
    output[i] = static_cast<int16_t>(static_cast<uint16_t>(static_cast<uint32_t>(static_cast<int32_t>(input[i])) << bits));
  *scale_bits = bits;
}

// Squares of pairs from `begin` on; 0 outside. The numbers have no sign.
WHIT_KERNEL void signal_energy(const SignalEnergyParameters *parameters, const int16_t *input, int32_t *output) {
  WHIT_LOAD_PARAMETERS(SignalEnergyParameters, p, parameters);
  for (int32_t i = 0; i < p.count; ++i, input += 2) {
    const int32_t real = input[0], imaginary = input[1];
    const uint32_t energy = static_cast<uint32_t>(real * real) + static_cast<uint32_t>(imaginary * imaginary);
    output[i] = i >= p.begin && i < p.end ? static_cast<int32_t>(energy) : 0;
  }
}

}  // namespace whit

#endif
