// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Reads a file whole.
#include "bench/sims/protocol/files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "bench/sims/protocol/error.hpp"

namespace whit::sims {

std::vector<uint8_t> read_file(const std::string &path, const std::string &error_kind, size_t limit) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    throw SimError(error_kind, fmt::format("{}: no such file", path));
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > limit)
    throw SimError(error_kind, fmt::format("{}: {} bytes, at most {} are read", path, error ? 0 : size, limit));
  std::vector<uint8_t> bytes(size);
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char *>(bytes.data()), static_cast<std::streamsize>(size)))
    throw SimError(error_kind, fmt::format("{}: cannot be read", path));
  return bytes;
}

}  // namespace whit::sims
