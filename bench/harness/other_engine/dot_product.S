// SPDX-License-Identifier: Apache-2.0
// uint16_t dot_product(const uint8_t *a, const uint8_t *b, uint8_t count), with the cycles of each instruction by the
// core's manual. For count = n, from the entry to dot_product_done:
//
//   ATmega (AVR instruction set manual)                                4 + 11 n - 1 = 11 n + 3
//   Cortex-M0+ (technical reference manual, one-cycle multiplier)      5 + 11 n - 1 = 11 n + 4
//   Cortex-M4 (technical reference manual; a taken branch costs 1 + P, P = 2)  5 + 11 n - 2 = 11 n + 3
//   RV32 as ESP32-C3 (the costs that bench/sims/README.md assumes)      1 + 11 n - 2 = 11 n - 1
//
// Behind it stands the return, whose cycles depend on where it lands.

  .text
  .global dot_product
  .type dot_product, %function
  .global dot_product_done

#ifdef __AVR__

dot_product:        // a in r25:r24, b in r23:r22, count in r20
  movw r26, r24     // 1
  movw r30, r22     // 1
  ldi r24, 0        // 1
  ldi r25, 0        // 1
1:
  ld r18, X+        // 2
  ld r19, Z+        // 2
  mul r18, r19      // 2
  add r24, r0       // 1
  adc r25, r1       // 1
  dec r20           // 1
  brne 1b           // 2 taken, 1 not: n - 1 times and once
dot_product_done:
  clr r1            // 1
  ret               // 4

#elif defined(__riscv)

  .balign 4
dot_product:            // a in a0, b in a1, count in a2
  li a3, 0              // 1
1:
  lbu a4, 0(a0)         // 1
  lbu a5, 0(a1)         // 1
  mul a4, a4, a5        // 1, and 1 to wait for a5
  add a3, a3, a4        // 1
  addi a0, a0, 1        // 1
  addi a1, a1, 1        // 1
  addi a2, a2, -1       // 1
  bnez a2, 1b           // 3 taken, 1 not
dot_product_done:
  slli a0, a3, 16
  srli a0, a0, 16
  ret

#else

  .syntax unified
  .thumb
  .thumb_func
  .balign 4
dot_product:        // a in r0, b in r1, count in r2    M0+           M4
  push {r4, r5, lr} //                                  1 + 3         1 + 3
  movs r3, #0       //                                  1             1
1:
  ldrb r4, [r0]     //                                  2             2
  ldrb r5, [r1]     //                                  2             1, behind a load
  muls r4, r5       //                                  1             1
  adds r3, r4       //                                  1             1
  adds r0, #1       //                                  1             1
  adds r1, #1       //                                  1             1
  subs r2, #1       //                                  1             1
  bne 1b            //                                  2 taken, 1    3 taken, 1
dot_product_done:
  uxth r0, r3       //                                  1             1
  pop {r4, r5, pc}  //                                  3 + 3         1 + 3 + 2

#endif

  .size dot_product, .-dot_product
