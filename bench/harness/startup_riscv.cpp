// SPDX-License-Identifier: Apache-2.0
// Reset on RISC-V: the firmware's first instruction sets stack and global pointer, then data and zeroed memory, then
// main. The symbols come from bench/link_script.cpp.
#include <stdint.h>

extern "C" {

extern uint32_t bench_data_load, bench_data_begin, bench_data_end, bench_zero_begin, bench_zero_end;

int main(void);

__attribute__((noreturn, used)) void bench_start(void) {
  const uint32_t *from = &bench_data_load;
  for (uint32_t *to = &bench_data_begin; to < &bench_data_end; ++to) *to = *from++;
  for (uint32_t *to = &bench_zero_begin; to < &bench_zero_end; ++to) *to = 0;
  main();
  for (;;) {
  }
}

__attribute__((naked, section(".vectors"), used)) void bench_reset(void) {
  __asm__ volatile(
      ".option push\n"
      ".option norelax\n"
      "la gp, __global_pointer$\n"
      ".option pop\n"
      "la sp, bench_stack_top\n"
      "j bench_start\n");
}

}
