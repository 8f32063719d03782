// SPDX-License-Identifier: Apache-2.0
// The program around any tool's model: the simulator writes a sample's features, lets bench_predict run, and reads what
// it says. The tool's own source defines bench_predict.
extern "C" {

void bench_predict(void);

__attribute__((noinline)) void bench_wait(void) { __asm__ volatile("" ::: "memory"); }

int main(void) {
  for (;;) {
    bench_wait();
    bench_predict();
  }
}

}
