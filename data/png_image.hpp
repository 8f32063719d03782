// SPDX-License-Identifier: Apache-2.0
// PNG files as plain pixels.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "compiler/base/bytes.hpp"

namespace whit {

struct ImageSize {
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 0;  // 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha

  bool operator==(const ImageSize &) const = default;
};

// The pixels' bytes as the file stores them (height x width x channels), gamma and colour profiles ignored; a palette's
// colours are looked up. UserError, with `place`, for a damaged file, another depth than 8 bits, or another size than
// `wanted`, which is checked before anything is decoded.
Bytes parse_png(const std::string &place, std::span<const uint8_t> content, const ImageSize &wanted);

}  // namespace whit
