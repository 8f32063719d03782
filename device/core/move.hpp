// SPDX-License-Identifier: Apache-2.0
// Runs of bytes moved by words where the core can: small C libraries move byte by byte.
#ifndef WHIT_DEVICE_CORE_MOVE_HPP
#define WHIT_DEVICE_CORE_MOVE_HPP

#include "device/core/core.hpp"

namespace whit {

#if defined(__AVR__)
WHIT_INLINE void move_forward(void *to, const void *from, int32_t bytes) { memmove(to, from, static_cast<size_t>(bytes)); }
#else

// A word at an address that the core can read it from.
WHIT_INLINE const void *word_address(const void *address) {
#if defined(__ARM_FEATURE_UNALIGNED)
  return address;
#else
  return __builtin_assume_aligned(address, 4);
#endif
}

WHIT_INLINE bool words_suit(const void *to, const void *from) {
#if defined(__ARM_FEATURE_UNALIGNED)
  (void)to, (void)from;
  return true;
#else
  return ((reinterpret_cast<uintptr_t>(to) | reinterpret_cast<uintptr_t>(from)) & 3U) == 0;
#endif
}

WHIT_INLINE uint32_t word_at(const uint8_t *address) {
  uint32_t word;
  __builtin_memcpy(&word, word_address(address), 4);
  return word;
}

WHIT_INLINE void set_word(uint8_t *address, uint32_t word) {
  __builtin_memcpy(const_cast<void *>(word_address(address)), &word, 4);
}

WHIT_INLINE void move_four_words(uint8_t *to, const uint8_t *from) {
  const uint32_t first = word_at(from), second = word_at(from + 4), third = word_at(from + 8), fourth = word_at(from + 12);
  set_word(to, first);
  set_word(to + 4, second);
  set_word(to + 8, third);
  set_word(to + 12, fourth);
}

// `to` may overlap what lies behind it, not what lies before: each word is read before one ahead of it is written.
WHIT_KERNEL void move_forward(void *to_bytes, const void *from_bytes, int32_t bytes) {
  uint8_t *to = static_cast<uint8_t *>(to_bytes);
  const uint8_t *from = static_cast<const uint8_t *>(from_bytes);
  if (words_suit(to, from)) {
    for (; bytes >= 32; bytes -= 32, to += 32, from += 32) {
      move_four_words(to, from);
      move_four_words(to + 16, from + 16);
    }
    if (bytes >= 16) {
      move_four_words(to, from);
      bytes -= 16, to += 16, from += 16;
    }
    for (; bytes >= 4; bytes -= 4, to += 4, from += 4) set_word(to, word_at(from));
  }
  for (; bytes > 0; --bytes) *to++ = *from++;
}

#endif

}  // namespace whit

#endif
