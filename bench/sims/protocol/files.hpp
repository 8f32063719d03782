// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Whole files in, with a limit on their size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace whit::sims {

// Throws a SimError of kind `error_kind` if the file cannot be read, is no regular file, or is larger than `limit` bytes.
std::vector<uint8_t> read_file(const std::string &path, const std::string &error_kind, size_t limit);

}  // namespace whit::sims
