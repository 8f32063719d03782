// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// For tests: the firmware in Thumb assembly that the Cortex-M simulators' tests put their code into. It calls `bench_wait` and
// `run` by turns; the test's code defines `run` with the macro `function`.
#pragma once

#include <fmt/format.h>

#include <string>

#include "bench/sims/protocol/cross_compile.hpp"

namespace whit::sims {

constexpr const char *thumb_frame = R"(
.syntax unified
.thumb
.section .vectors, "a"
.word 0x20002000
.word reset
.text
.macro function name
  .balign 4
  .global \name
  .thumb_func
  .type \name, %function
  \name:
.endm
function reset
1:
  bl bench_wait
  bl run
  b 1b
function bench_wait
  bx lr
)";

// The path of the firmware with this code, its flash at that address, or "".
inline std::string thumb_firmware(const TestFolder &folder, const std::string &code, const std::string &flags, uint32_t flash) {
  const std::string script = folder.write("link.ld", fmt::format("SECTIONS {{ .text {:#x} : {{ KEEP(*(.vectors)) *(.text*) *(.rodata*) }} "
                                                                 ".data 0x20000000 : {{ *(.data*) *(.bss*) }} }}", flash));
  return cross_compile(folder, "arm-none-eabi-gcc",
                       "-mthumb " + flags + " -nostdlib -T " + script + " " + folder.write("firmware.s", thumb_frame + code));
}

}  // namespace whit::sims
