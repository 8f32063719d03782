// SPDX-License-Identifier: Apache-2.0
// A text file of the repository that the build put into the program (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace whit {

struct EmbeddedFile {
  std::string_view path;  // from the repository root
  std::string_view text;
};

}  // namespace whit
