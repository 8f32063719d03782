// SPDX-License-Identifier: Apache-2.0
// Takes the noise off each channel's energy, portable; numbers of 32 bits have no sign.
// Rules: docs/semantics.md, "Audio front end".
#ifndef WHIT_OPS_SPECTRAL_SUBTRACTION_KERNEL_HPP
#define WHIT_OPS_SPECTRAL_SUBTRACTION_KERNEL_HPP

#include "device/core/core.hpp"

namespace whit {

// Shares of the new energy and of the old estimate, in even and odd channels, and the share of the energy that always
// remains, in 1 / 2^bits; the estimate has `smoothing_bits` fraction bits.
#define WHIT_SPECTRAL_SUBTRACTION_FIELDS(FIELD)                                                          \
  FIELD(int32_t, channels) FIELD(uint32_t, even_new) FIELD(uint32_t, even_old) FIELD(uint32_t, odd_new) \
  FIELD(uint32_t, odd_old) FIELD(uint32_t, remaining) FIELD(int8_t, smoothing_bits) FIELD(int8_t, bits) \
  FIELD(int8_t, clamps)
WHIT_PARAMETERS(SpectralSubtractionParameters, WHIT_SPECTRAL_SUBTRACTION_FIELDS)

WHIT_KERNEL void signal_spectral_subtraction(const SpectralSubtractionParameters *parameters, const int32_t *input,
                                             int32_t *estimates, int32_t *output, int32_t *noise) {
  WHIT_LOAD_PARAMETERS(SpectralSubtractionParameters, p, parameters);
  for (int32_t channel = 0; channel < p.channels; ++channel) {
    const bool odd = (channel & 1) != 0;
    const uint32_t energy = static_cast<uint32_t>(input[channel]), fine = energy << p.smoothing_bits;
    const uint64_t mixed = static_cast<uint64_t>(fine) * (odd ? p.odd_new : p.even_new) +
                           static_cast<uint64_t>(static_cast<uint32_t>(estimates[channel])) * (odd ? p.odd_old : p.even_old);
    const uint32_t estimate = static_cast<uint32_t>(mixed >> p.bits), taken = estimate < fine ? estimate : fine;
    const uint32_t least = static_cast<uint32_t>(static_cast<uint64_t>(energy) * p.remaining >> p.bits);
    const uint32_t left = (fine - taken) >> p.smoothing_bits;
    estimates[channel] = noise[channel] = static_cast<int32_t>(p.clamps != 0 ? taken : estimate);
    output[channel] = static_cast<int32_t>(left > least ? left : least);
  }
}

}  // namespace whit

#endif
