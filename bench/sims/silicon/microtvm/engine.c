// SPDX-License-Identifier: Apache-2.0
// What a program that microTVM generated needs around it: an input of noise, a workspace, and the few functions of its
// run-time library that the board's operating system provided. The workspace is a stack, as its programs free in order.
#include <stdint.h>
#include <string.h>

#include <tvmgen_default.h>
#include <tvm/runtime/c_runtime_api.h>

// The largest input of the four tasks: 96 x 96 x 3 bytes.
#define INPUT_BYTES 27648
#define OUTPUT_BYTES 4096
#define ALIGNMENT 16

static uint8_t input[INPUT_BYTES] __attribute__((aligned(ALIGNMENT)));
static uint8_t output[OUTPUT_BYTES] __attribute__((aligned(ALIGNMENT)));
static uint8_t workspace[WORKSPACE_SIZE] __attribute__((aligned(ALIGNMENT)));
static size_t used;

void *TVMBackendAllocWorkspace(int device_type, int device_id, uint64_t bytes, int type_code, int type_bits) {
  (void)device_type, (void)device_id, (void)type_code, (void)type_bits;
  uint8_t *at = workspace + used;
  used += ((size_t)bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return used <= sizeof(workspace) ? at : 0;
}

int TVMBackendFreeWorkspace(int device_type, int device_id, void *at) {
  (void)device_type, (void)device_id;
  used = (size_t)((uint8_t *)at - workspace);
  return 0;
}

void engine_setup(void) {
  uint32_t noise = 0x12345678;
  for (size_t i = 0; i < INPUT_BYTES; ++i) {
    noise ^= noise << 13;
    noise ^= noise >> 17;
    noise ^= noise << 5;
    input[i] = (uint8_t)(noise >> 24);
  }
}

// Each program names its one input and its one output after its model.
int engine_status;
__attribute__((noinline)) void engine_run(void) {
  void *const in = input, *const out = output;
  struct tvmgen_default_inputs inputs;
  struct tvmgen_default_outputs outputs;
  memcpy(&inputs, &in, sizeof(inputs));
  memcpy(&outputs, &out, sizeof(outputs));
  engine_status = tvmgen_default_run(&inputs, &outputs);
}
