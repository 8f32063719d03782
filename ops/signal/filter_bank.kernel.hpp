// SPDX-License-Identifier: Apache-2.0
// The filter bank of the audio front end, portable: sums of energies, their roots, gain control and logarithms. Numbers of
// 32 and 64 bits have no sign. Rules: docs/semantics.md, "Audio front end".
#ifndef WHIT_OPS_FILTER_BANK_KERNEL_HPP
#define WHIT_OPS_FILTER_BANK_KERNEL_HPP

#include "device/core/core.hpp"

namespace whit {

#define WHIT_FILTER_BANK_FIELDS(FIELD) FIELD(int32_t, channels)
WHIT_PARAMETERS(FilterBankParameters, WHIT_FILTER_BANK_FIELDS)

#define WHIT_FILTER_BANK_LOG_FIELDS(FIELD) \
  FIELD(int32_t, channels) FIELD(int32_t, output_scale) FIELD(int16_t, correction_bits)
WHIT_PARAMETERS(FilterBankLogParameters, WHIT_FILTER_BANK_LOG_FIELDS)

#define WHIT_PCAN_FIELDS(FIELD) FIELD(int32_t, channels) FIELD(int16_t, snr_shift)
WHIT_PARAMETERS(PcanParameters, WHIT_PCAN_FIELDS)

// Energy x of a channel's band counts with a weight there and with another in the next channel. `bands`: for each
// channel and one before the first the band's begin, the begin of its weights and its width.
WHIT_KERNEL void signal_filter_bank(const FilterBankParameters *parameters, const int16_t *weights,
                                    const int16_t *next_weights, const int16_t *bands, const int32_t *input,
                                    int64_t *output) {
  WHIT_LOAD_PARAMETERS(FilterBankParameters, p, parameters);
  uint64_t sum = 0;
  for (int32_t channel = 0; channel <= p.channels; ++channel, bands += 3) {
    const int32_t *data = input + load(bands);
    const int16_t first = load(bands + 1), width = load(bands + 2);
    uint64_t next = 0;
    for (int16_t i = 0; i < width; ++i) {
      const uint64_t energy = static_cast<uint32_t>(data[i]);
      sum += energy * static_cast<uint64_t>(static_cast<int64_t>(load(weights + first + i)));
      next += energy * static_cast<uint64_t>(static_cast<int64_t>(load(next_weights + first + i)));
    }
    if (channel > 0) output[channel - 1] = static_cast<int64_t>(sum);
    sum = next;
  }
}

// The root, bit by bit from the top, rounded to nearest but for `largest`.
template <typename T>
WHIT_INLINE uint32_t rounded_root(T value, uint32_t largest) {
  T root = 0, bit = T{1} << (8 * sizeof(T) - 2);
  while (bit > value) bit >>= 2;
  for (; bit != 0; bit >>= 2) {
    if (value >= root + bit) {
      value -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  return static_cast<uint32_t>(value > root && root != largest ? root + 1 : root);
}

WHIT_KERNEL void signal_filter_bank_square_root(const FilterBankParameters *parameters, const int64_t *input,
                                                const int32_t *scale_bits, int32_t *output) {
  WHIT_LOAD_PARAMETERS(FilterBankParameters, p, parameters);
  for (int32_t channel = 0; channel < p.channels; ++channel) {
    const uint64_t value = static_cast<uint64_t>(input[channel]);
    const uint32_t root = (value >> 32) == 0 ? rounded_root(static_cast<uint32_t>(value), 0xFFFFU)
                                             : rounded_root(value, 0xFFFFFFFFU);
    output[channel] = static_cast<int32_t>(root >> (*scale_bits & 31));
  }
}

WHIT_INLINE int8_t position_of_leading_one(uint32_t value) {
  int8_t position = -1;
  for (; value != 0; value >>= 1) ++position;
  return position;
}

// ln(value) * scale / 2^16. `bends` is 2^16 (log2(1 + i/128) - i/128) for i from 0 to 128.
WHIT_INLINE uint32_t scaled_logarithm(uint32_t value, uint32_t scale, const int16_t *bends) {
  const int8_t whole = position_of_leading_one(value);
  const uint32_t above = value - (uint32_t{1} << whole);
  const int32_t fraction = static_cast<int32_t>(whole < 16 ? above << (16 - whole) : above >> (whole - 16));
  const int32_t segment = fraction >> 9;
  const int32_t begin = load(bends + segment), end = load(bends + segment + 1);
  const int32_t bend = begin + (((end - begin) * (fraction - (segment << 9))) >> 16);
  const uint32_t log2 = (static_cast<uint32_t>(whole) << 16) + static_cast<uint32_t>(fraction + bend);
  const uint32_t natural = static_cast<uint32_t>((uint64_t{45426} * log2 + 0x8000U) >> 16);
  return (scale * natural + 0x8000U) >> 16;
}

WHIT_KERNEL void signal_filter_bank_log(const FilterBankLogParameters *parameters, const int16_t *bends,
                                        const int32_t *input, int16_t *output) {
  WHIT_LOAD_PARAMETERS(FilterBankLogParameters, p, parameters);
  for (int32_t channel = 0; channel < p.channels; ++channel) {
    const uint32_t value = static_cast<uint32_t>(input[channel]) << p.correction_bits;
    const uint32_t logarithm = value > 1 ? scaled_logarithm(value, static_cast<uint32_t>(p.output_scale), bends) : 0;
    output[channel] = static_cast<int16_t>(logarithm < 0x7FFFU ? logarithm : 0x7FFFU);
  }
}

// A gain from a table of parabolas, one for each power of two: base, slope, bend and a gap, after those for 0, 1 and 2.
WHIT_INLINE uint32_t gain_for(uint32_t noise, const int16_t *gains) {
  if (noise <= 2) return static_cast<uint32_t>(static_cast<int32_t>(load(gains + noise)));
  const int8_t bits = static_cast<int8_t>(position_of_leading_one(noise) + 1);
  gains += 4 * bits - 6;
  const int32_t fraction = static_cast<int32_t>((bits < 11 ? noise << (11 - bits) : noise >> (bits - 11)) & 0x3FFU);
  const int32_t slope = (static_cast<int32_t>(load(gains + 2)) * fraction) >> 5;
  const uint32_t rise = (static_cast<uint32_t>(slope) + (static_cast<uint32_t>(static_cast<int32_t>(load(gains + 1))) << 5)) *
                        static_cast<uint32_t>(fraction);
  const int32_t gain = (static_cast<int32_t>(rise + 0x4000U) >> 15) + load(gains);
  return static_cast<uint32_t>(static_cast<int32_t>(static_cast<int16_t>(gain)));
}

// With 12 fraction bits in and 6 out: x^2 / 4 below 2, x - 1 from there on.
WHIT_INLINE uint32_t shrunk(uint32_t ratio) {
  return ratio < (uint32_t{2} << 12) ? (ratio * ratio) >> 20 : (ratio >> 6) - 64;
}

WHIT_KERNEL void signal_pcan(const PcanParameters *parameters, const int16_t *gains, const int32_t *input,
                             const int32_t *noise, int32_t *output) {
  WHIT_LOAD_PARAMETERS(PcanParameters, p, parameters);
  for (int32_t channel = 0; channel < p.channels; ++channel) {
    const uint64_t product = static_cast<uint64_t>(static_cast<uint32_t>(input[channel])) *
                             gain_for(static_cast<uint32_t>(noise[channel]), gains);
    output[channel] = static_cast<int32_t>(shrunk(static_cast<uint32_t>(product >> p.snr_shift)));
  }
}

}  // namespace whit

#endif
