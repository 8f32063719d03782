// SPDX-License-Identifier: Apache-2.0
// Bytes in memory and in files: typed views that check sizes and alignment, reading with a limit, hashes.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/error.hpp"

namespace whit {

using Bytes = std::vector<uint8_t>;

// The largest file whit reads; more than any model for a microcontroller.
inline constexpr uint64_t largest_file = uint64_t{1} << 30;

// The whole file. UserError when it is missing, unreadable, not a regular file or over `limit` bytes.
Bytes read_file(const std::filesystem::path &path, uint64_t limit = largest_file);

// Writes the file whole: to a temporary name beside it first, then renamed, so a reader never sees half of it.
void write_file(const std::filesystem::path &path, std::span<const uint8_t> bytes);
void write_file(const std::filesystem::path &path, std::string_view text);

// FNV-1a, 32 bit: the check value of golden outputs and of the emitted self-test.
uint32_t fnv1a32(std::span<const uint8_t> bytes);

// FNV-1a, 64 bit, in hexadecimal: names a model in the emitted files.
std::string fingerprint(std::span<const uint8_t> bytes);

// The values of type T that the bytes hold (copied, so alignment does not matter).
// InternalError when the bytes are not a whole number of T.
template <typename T>
std::vector<T> values_of(std::span<const uint8_t> bytes) {
  internal_check(bytes.size() % sizeof(T) == 0, "{} bytes are no whole number of {}-byte values", bytes.size(),
                 sizeof(T));
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

// The little-endian bytes of the values.
template <typename T>
Bytes bytes_of(const std::vector<T> &values) {
  Bytes bytes(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

}  // namespace whit
