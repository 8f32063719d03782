// SPDX-License-Identifier: Apache-2.0
// The program around a model on an emulated chip (bench/sims/README.md): the simulator stops at bench_wait, reads the
// last output, writes the next input and lets one inference run. MODEL is the model's name.
#define WHIT_JOIN_(a, b) a##b
#define WHIT_JOIN(a, b) WHIT_JOIN_(a, b)
#define WHIT_TEXT_(a) #a
#define WHIT_TEXT(a) WHIT_TEXT_(a)

#include WHIT_TEXT(MODEL.h)

extern "C" {

WHIT_JOIN(MODEL, _model) bench_model;

__attribute__((noinline)) void bench_wait(void) { __asm__ volatile("" ::: "memory"); }

int main(void) {
  WHIT_JOIN(MODEL, _reset)(&bench_model);
  for (;;) {
    bench_wait();
    WHIT_JOIN(MODEL, _run)(&bench_model);
  }
}

}
