// SPDX-License-Identifier: Apache-2.0
// Fuzzer: any bytes as a board file become a target with memories in order, or are refused.
#include "compiler/base/error.hpp"
#include "compiler/targets/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  try {
    const whit::Target target = whit::parse_target({reinterpret_cast<const char *>(data), size}, "board", "board.json");
    for (const whit::Memory &memory : target.memories)
      whit::internal_check(memory.base + memory.size >= memory.base, "a memory beyond the last address");
  } catch (const whit::UserError &) {
    // refused with an explanation: just what hostile files should get
  }
  return 0;
}
