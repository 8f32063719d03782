// SPDX-License-Identifier: Apache-2.0
// A bench image: the emitted library of a model with the harness around it, compiled and linked for its board.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "bench/map_file.hpp"
#include "compiler/driver/compile.hpp"

namespace whit {

struct Image {
  std::filesystem::path program{};  // the ELF file, in the folder given
  std::string compiler{};           // "arm-none-eabi-g++ 12.2.1 -mcpu=... -O2 ..."
  ImageSize library{};              // the model's library with what it pulls in of libgcc and libc
  ImageSize whole{};                // everything, harness and start-up included
};

// Builds in `folder`. MissingTool when there is no compiler (with the package to install); UserError, code does_not_fit, when
// the linked image is larger than the board's memories. InternalError when our own source does not compile.
Image build_image(const Compilation &compilation, const std::filesystem::path &folder);

// UserError, code does_not_fit, when static memory and this much stack together do not fit the RAM.
void check_stack(const Target &target, const Image &image, std::optional<int64_t> stack);

}  // namespace whit
