// SPDX-License-Identifier: Apache-2.0
// The linker script of a bench image on a chip with plain memories.
#pragma once

#include <string>

#include "compiler/targets/target.hpp"

namespace whit {

// Bytes at the top of RAM that the script leaves to the stack.
inline constexpr uint64_t bench_stack_bytes = 8192;

// Flash is given generously, so that a model too large still links and its true size can be told.
std::string link_script(const Target &target);

}  // namespace whit
