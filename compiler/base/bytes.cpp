// SPDX-License-Identifier: Apache-2.0
// File reading and writing with errors a user can act on, and the two FNV hashes.
#include "compiler/base/bytes.hpp"

#include <fstream>
#include <system_error>

#include <unistd.h>

namespace whit {

namespace fs = std::filesystem;

Bytes read_file(const fs::path &path, uint64_t limit) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (!fs::exists(status)) throw UserError({path.string(), "no such file", "", "check the path"});
  if (!fs::is_regular_file(status)) throw UserError({path.string(), "not a regular file", "", "name a file"});
  const uint64_t size = fs::file_size(path, code);
  if (code) throw UserError({path.string(), "cannot be read: " + code.message(), "", ""});
  if (size > limit)
    throw UserError({path.string(), fmt::format("{} bytes", size), fmt::format("files up to {} bytes", limit), ""});
  Bytes bytes(size);
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char *>(bytes.data()), static_cast<std::streamsize>(size)))
    throw UserError({path.string(), "cannot be read", "", "check the file's permissions"});
  return bytes;
}

void write_file(const fs::path &path, std::span<const uint8_t> bytes) {
  const fs::path partial = path.string() + fmt::format(".partial{}", getpid());
  std::ofstream file(partial, std::ios::binary);
  file.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code code;
  if (file) fs::rename(partial, path, code);
  if (!file || code) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    throw UserError({path.string(), "cannot be written", "", "check that the folder exists, has room and may be written to"}, ExitCode::usage);
  }
}

void write_file(const fs::path &path, std::string_view text) {
  write_file(path, std::span(reinterpret_cast<const uint8_t *>(text.data()), text.size()));
}

uint32_t fnv1a32(std::span<const uint8_t> bytes) {
  uint32_t hash = 2166136261U;
  for (uint8_t byte : bytes) hash = (hash ^ byte) * 16777619U;
  return hash;
}

std::string fingerprint(std::span<const uint8_t> bytes) {
  uint64_t hash = 14695981039346656037ULL;
  for (uint8_t byte : bytes) hash = (hash ^ byte) * 1099511628211ULL;
  return fmt::format("{:016x}", hash);
}

}  // namespace whit
