// SPDX-License-Identifier: Apache-2.0
// fully_connected for cores with DSP instructions: the input is widened to 16 bits in scratch once, then four output
// rows are summed at a time from a stream of constants as in device/core/matmul.dsp.hpp (two rows of weights in the
// lanes of a word). Four values by four rows take 19 cycles on a Cortex-M4.
//
// Values lie in the order 0 2 1 3, 4 6 5 7..., which widening gives for free; the host packs weights alike. The depth is
// filled up to a multiple of four with weights of zero.
#ifndef WHIT_OPS_FULLY_CONNECTED_DSP_KERNEL_HPP
#define WHIT_OPS_FULLY_CONNECTED_DSP_KERNEL_HPP

#include "device/core/widen.dsp.hpp"

namespace whit {

#define WHIT_FULLY_CONNECTED_DSP_FIELDS(FIELD)                                            \
  FIELD(int32_t, rows) FIELD(int32_t, depth) FIELD(int32_t, outputs)                      \
  FIELD(int32_t, first_outputs) /* outputs % 4: where the second block of four begins */  \
  FIELD(int32_t, block_bytes) FIELD(int32_t, stream_bytes)
WHIT_PARAMETERS(FullyConnectedDspParameters, WHIT_FULLY_CONNECTED_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

// A run over whole blocks of the stream. The asm reads the members at their offsets.
struct DotProducts {
  const uint32_t *values;
  const void *stream;
  const void *stream_end;
  int8_t *output;
  int32_t fours;  // of values
};

// Registers: r0 values, r1 stream, both four bytes behind; r2 r3 values, r4-r7 lanes of weights, r8-r11 sums of rows
// a0 b0 a1 b1, r12 end of the values, lr output. Sixteen values are unrolled eight-fold; a remainder enters in the
// middle.
#define WHIT_DOT_ENTER                              \
  ".syntax unified\n"                               \
  "push {r4-r11, lr}\n"                             \
  "ldr r1, [r0, #16]\n"                             \
  "sub r2, r1, #1\n"                                \
  "and r2, r2, #7\n"                                \
  "rsb r2, r2, #7\n" /* skipped at first */         \
  "mov r3, #60\n"    /* bytes of code */            \
  "adr.w r4, 4f\n"                                  \
  "mla r3, r2, r3, r4\n"                            \
  "orr r3, r3, #1\n"                                \
  "ldr r4, [r0, #0]\n"                              \
  "sub r4, r4, #4\n"                                \
  "add r12, r4, r1, lsl #3\n"                       \
  "sub r4, r4, r2, lsl #3\n"                        \
  "lsl r2, r2, #4\n"                                \
  "ldr r5, [r0, #8]\n"                              \
  "sub r5, r5, #4\n"                                \
  "push {r2, r3, r4, r5}\n" /* [sp]: skipped bytes of stream, entry, values, end of the stream */ \
  "ldr r1, [r0, #4]\n"                              \
  "ldr lr, [r0, #12]\n"                             \
  "sub r1, r1, #4\n"                                \
  "2:\n"                                            \
  "ldr r8, [r1, #4]\n"                              \
  "ldr r10, [r1, #8]!\n"                            \
  "ldr r2, [sp, #0]\n"                              \
  "ldr r3, [sp, #4]\n"                              \
  "ldr r0, [sp, #8]\n"                              \
  "mov r9, #0\n"                                    \
  "mov r11, #0\n"                                   \
  "sub r1, r1, r2\n"                                \
  "bx r3\n"                                         \
  ".balign 4\n"                                     \
  "4:\n"

#define WHIT_DOT_PRODUCTS         \
  "smlad r8, r4, r2, r8\n"        \
  "smlad r10, r5, r2, r10\n"      \
  "sxtb16 r4, r4\n"               \
  "sxtb16 r5, r5\n"               \
  "smlad r8, r6, r3, r8\n"        \
  "smlad r10, r7, r3, r10\n"      \
  "sxtb16 r6, r6\n"               \
  "sxtb16 r7, r7\n"               \
  "smlad r9, r4, r2, r9\n"        \
  "smlad r11, r5, r2, r11\n"      \
  "smlad r9, r6, r3, r9\n"        \
  "smlad r11, r7, r3, r11\n"

// Four values, `index`-th of the eight fours of an iteration.
#define WHIT_DOT_FOUR(index)                   \
  "ldr.n r2, [r0, #(8*" #index "+4)]\n"        \
  "ldr.n r3, [r0, #(8*" #index "+8)]\n"        \
  "ldr.n r4, [r1, #(16*" #index "+4)]\n"       \
  "ldr.n r5, [r1, #(16*" #index "+8)]\n"       \
  "ldr.n r6, [r1, #(16*" #index "+12)]\n"      \
  "ldr.n r7, [r1, #(16*" #index "+16)]\n"      \
  WHIT_DOT_PRODUCTS

#define WHIT_DOT_LOOP                                                                        \
  WHIT_DOT_FOUR(0) WHIT_DOT_FOUR(1) WHIT_DOT_FOUR(2) WHIT_DOT_FOUR(3)                        \
  WHIT_DOT_FOUR(4) WHIT_DOT_FOUR(5) WHIT_DOT_FOUR(6)                                         \
  "ldr.n r2, [r0, #60]\n"                                                                    \
  "ldr r3, [r0, #64]!\n"                                                                     \
  "ldr.n r4, [r1, #116]\n"                                                                   \
  "ldr.n r5, [r1, #120]\n"                                                                   \
  "ldr.n r6, [r1, #124]\n"                                                                   \
  "ldr r7, [r1, #128]!\n"                                                                    \
  WHIT_DOT_PRODUCTS                                                                          \
  "cmp r0, r12\n"                                                                            \
  "bne.w 4b\n"                                                                               \
  "ldr r2, [r1, #4]\n" /* split the sums of rows a from those of rows b, add the bias of b */ \
  "ldr r3, [r1, #8]\n"                                                                       \
  "sub r8, r8, r9\n"                                                                         \
  "sub r10, r10, r11\n"                                                                      \
  "add r9, r2, r9, lsl #8\n"                                                                 \
  "add r11, r3, r11, lsl #8\n"

#define WHIT_DOT_STEPS(offset, sum)              \
  "smmulr " #sum ", " #sum ", " #offset "\n"     \
  "ssat " #sum ", #8, " #sum ", asr #9\n"

#define WHIT_DOT_REQUANTIZE_STEPS \
  "ldr r4, [r1, #12]\n"           \
  "ldr r5, [r1, #16]\n"           \
  "ldr r6, [r1, #20]\n"           \
  "ldr r7, [r1, #24]!\n"          \
  WHIT_DOT_STEPS(r4, r8) WHIT_DOT_STEPS(r5, r9) WHIT_DOT_STEPS(r6, r10) WHIT_DOT_STEPS(r7, r11)

#define WHIT_DOT_EXACT(offset, sum)                \
  "ldr r2, [r1, #" #offset "]\n"                   \
  "ldr r3, [r1, #(" #offset "+4)]\n"               \
  "ldr r4, [r1, #(" #offset "+8)]\n"               \
  "asr " #sum ", " #sum ", #7\n"                   \
  "add r3, r3, " #sum ", asr #31\n"                \
  "smmlar " #sum ", " #sum ", r2, r3\n"            \
  "asr " #sum ", " #sum ", r4\n"                   \
  "ssat " #sum ", #8, " #sum "\n"

#define WHIT_DOT_REQUANTIZE_EXACT                                                                       \
  WHIT_DOT_EXACT(12, r8) WHIT_DOT_EXACT(24, r9) WHIT_DOT_EXACT(36, r10) WHIT_DOT_EXACT(48, r11)         \
  "add r1, r1, #56\n"

#define WHIT_DOT_LEAVE        \
  "bfi r8, r9, #8, #8\n"      \
  "bfi r8, r10, #16, #8\n"    \
  "bfi r8, r11, #24, #8\n"    \
  "ldr r2, [sp, #12]\n"       \
  "str r8, [lr], #4\n"        \
  "cmp r1, r2\n"              \
  "bne.w 2b\n"                \
  "add sp, sp, #16\n"         \
  "pop {r4-r11, pc}\n"

#define WHIT_DEFINE_DOT_PRODUCTS(name, requantize)                                \
  static __attribute__((naked, noinline, unused)) void name(const DotProducts *) { \
    __asm__ volatile(WHIT_DOT_ENTER WHIT_DOT_LOOP requantize WHIT_DOT_LEAVE);     \
  }

WHIT_DEFINE_DOT_PRODUCTS(dot_products_steps, WHIT_DOT_REQUANTIZE_STEPS)
WHIT_DEFINE_DOT_PRODUCTS(dot_products_exact, WHIT_DOT_REQUANTIZE_EXACT)

// Fewer than four outputs are padded to four by the host and pass through a word of their own.
template <void (*dot_products)(const DotProducts *)>
WHIT_KERNEL void fully_connected_dsp(const FullyConnectedDspParameters *parameters, const int8_t *input,
                                     const int32_t *stream, int8_t *output, int32_t *scratch) {
  const FullyConnectedDspParameters &p = *parameters;
  const uint8_t *begin = reinterpret_cast<const uint8_t *>(stream), *end = begin + p.stream_bytes;
  uint32_t *values = reinterpret_cast<uint32_t *>(scratch);
  int8_t few[4];
  DotProducts run;
  run.values = values;
  run.fours = (p.depth + 3) / 4;
  for (int32_t row = 0; row < p.rows; ++row, input += p.depth, output += p.outputs) {
    widen_values(values, input, p.depth);
    run.stream = begin;
    run.output = p.outputs < 4 ? few : output;
    if (p.first_outputs != 0) {
      run.stream_end = begin + p.block_bytes;
      dot_products(&run);
      run.stream = run.stream_end;
      run.output += p.first_outputs;
    }
    run.stream_end = end;
    if (run.stream != run.stream_end) dot_products(&run);
    if (p.outputs < 4)
      for (int32_t index = 0; index < p.outputs; ++index) output[index] = few[index];
  }
}

#endif

}  // namespace whit

#endif
