// SPDX-License-Identifier: Apache-2.0
// Reset on a Cortex-M: vectors, data and zeroed memory, then main. The symbols come from bench/link_script.cpp.
#include <stdint.h>

extern "C" {

extern uint32_t bench_stack_top, bench_data_load, bench_data_begin, bench_data_end, bench_zero_begin, bench_zero_end;

int main(void);

__attribute__((noreturn, used)) void bench_reset(void) {
  const uint32_t *from = &bench_data_load;
  for (uint32_t *to = &bench_data_begin; to < &bench_data_end; ++to) *to = *from++;
  for (uint32_t *to = &bench_zero_begin; to < &bench_zero_end; ++to) *to = 0;
  main();
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) void *const bench_vectors[] = {
    static_cast<void *>(&bench_stack_top), reinterpret_cast<void *>(bench_reset)};

}
