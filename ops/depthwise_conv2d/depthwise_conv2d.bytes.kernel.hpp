// SPDX-License-Identifier: Apache-2.0
// depthwise_conv2d for cores that only multiply bytes (device/core/byte_matmul.hpp), one output for each input channel,
// data channel_last: windows of all channels lie in scratch (device/core/byte_window.hpp), the taps of each channel
// `channels` bytes apart.
//
// Values are stored plus 128, weights as they are: their products are signed, but no sum of values is needed, which
// would be another one in each channel.
#ifndef WHIT_OPS_DEPTHWISE_CONV2D_BYTES_KERNEL_HPP
#define WHIT_OPS_DEPTHWISE_CONV2D_BYTES_KERNEL_HPP

#include "device/core/byte_window.hpp"

namespace whit {

// ByteMatmul with one sum a channel: `eights` holds the channels of the window, `rest` the taps (at least 1); `start` is
// not read.
#if defined(__AVR__)

static __attribute__((naked, noinline, unused)) void byte_depthwise(const ByteMatmul *) {
  __asm__ volatile(
      WHIT_BYTE_ENTER
      "ld r2, Y\n ldd r3, Y+1\n"
      "1:\n" /* a channel; r2 its first tap */
      "movw r30, r16\n movw r26, r2\n clr r18\n clr r19\n ldi r20, 0x40\n ldd r25, Y+11\n ldd r24, Y+12\n"
      "2: ld r22, X\n add r26, r25\n adc r27, r21\n lpm r23, Z+\n mulsu r23, r22\n sbc r20, r21\n"
      "add r18, r0\n adc r19, r1\n adc r20, r21\n dec r24\n brne 2b\n"
      "sec\n adc r2, r21\n adc r3, r21\n movw r16, r30\n"
      WHIT_BYTE_FINISH
      "dec r11\n breq 7f\n rjmp 1b\n"
      "7:\n" WHIT_BYTE_LEAVE);
}

#else

WHIT_KERNEL void byte_depthwise(const ByteMatmul *run) {
  const int8_t *weight = reinterpret_cast<const int8_t *>(run->weights);
  for (uint8_t channel = 0; channel < run->channels; ++channel) {
    const uint8_t *value = run->values + channel;
    uint32_t sum = 1U << 22;
    for (uint8_t tap = run->rest; tap != 0; --tap, value += run->eights) sum += static_cast<uint32_t>(*value * *weight++);
    run->output[channel] = requantize_bytes(sum, run->constants + 14 * channel);
  }
}

#endif

WHIT_KERNEL void depthwise_conv2d_bytes(const ByteWindowParameters *parameters, const int8_t *input,
                                        const uint8_t *weights, const uint8_t *constants, int8_t *output,
                                        ByteSum *scratch) {
  WHIT_LOAD_PARAMETERS(ByteWindowParameters, p, parameters);
  ByteMatmul run;
  run.weights = weights;
  run.constants = constants;
  run.output = output;
  run.eights = static_cast<uint8_t>(p.input_channels);
  run.rest = static_cast<uint8_t>(p.kernel_height * p.kernel_width);
  multiply_windows(p, input, run, scratch, byte_depthwise);
}

}  // namespace whit

#endif
