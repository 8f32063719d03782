// SPDX-License-Identifier: Apache-2.0
// The place for the engine. This one stands in for a real engine: a dot product whose cycles are counted by hand in
// dot_product.S, so that the ruler itself can be checked. Replace it by calls of yours.
#include <stdint.h>

enum { elements = 100 };

uint16_t dot_product(const uint8_t *a, const uint8_t *b, uint8_t count);

static uint8_t a[elements], b[elements];
volatile uint16_t engine_result;

void engine_setup(void) {
  for (uint8_t i = 0; i < elements; ++i) {
    a[i] = i;
    b[i] = (uint8_t)(3 * i);
  }
}

void engine_run(void) { engine_result = dot_product(a, b, elements); }
