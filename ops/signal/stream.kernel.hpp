// SPDX-License-Identifier: Apache-2.0
// The audio front end's operators over a stream that comes in pieces, portable. What a row of the stream brought before
// this run is its history, the newest value last; history and new values together are what a run sees.
// Rules: docs/semantics.md, "Audio front end".
#ifndef WHIT_OPS_STREAM_KERNEL_HPP
#define WHIT_OPS_STREAM_KERNEL_HPP

#include "device/core/requantize.hpp"

namespace whit {

// `missing`: runs of `step` values without a whole frame, at the start of the stream.
#define WHIT_SIGNAL_FRAMER_FIELDS(FIELD)                                                                       \
  FIELD(int32_t, rows) FIELD(int32_t, length) FIELD(int32_t, size) FIELD(int32_t, step) FIELD(int32_t, history) \
  FIELD(int32_t, missing)
WHIT_PARAMETERS(SignalFramerParameters, WHIT_SIGNAL_FRAMER_FIELDS)

#define WHIT_SIGNAL_DELAY_FIELDS(FIELD) FIELD(int32_t, rows) FIELD(int32_t, length) FIELD(int32_t, history)
WHIT_PARAMETERS(SignalDelayParameters, WHIT_SIGNAL_DELAY_FIELDS)

// `before` and `after`: slices around that which a stack is made for.
#define WHIT_SIGNAL_STACKER_FIELDS(FIELD) \
  FIELD(int32_t, channels) FIELD(int32_t, before) FIELD(int32_t, after) FIELD(int32_t, step)
WHIT_PARAMETERS(SignalStackerParameters, WHIT_SIGNAL_STACKER_FIELDS)

#define WHIT_SIGNAL_OVERLAP_ADD_FIELDS(FIELD) \
  FIELD(int32_t, rows) FIELD(int32_t, frames) FIELD(int32_t, size) FIELD(int32_t, step)
WHIT_PARAMETERS(SignalOverlapAddParameters, WHIT_SIGNAL_OVERLAP_ADD_FIELDS)

// Values of the stream from `first` on, counted from the history's begin.
WHIT_INLINE void copy_stream(const int16_t *history, int32_t length, const int16_t *data, int32_t first, int32_t count,
                             int16_t *output) {
  for (int32_t i = first; i < first + count; ++i) *output++ = i < length ? history[i] : data[i - length];
}

// Forgets as many of the oldest values as there are new ones.
WHIT_INLINE void remember(int16_t *history, int32_t length, const int16_t *data, int32_t count) {
  const int32_t kept = count < length ? length - count : 0;
  for (int32_t i = 0; i < kept; ++i) history[i] = history[i + count];
  for (int32_t i = kept; i < length; ++i) history[i] = data[count - length + i];
}

WHIT_INLINE void silence(int16_t *values, int32_t count) {
  for (int32_t i = 0; i < count; ++i) values[i] = 0;
}

// `steps`: those that came, as far as they matter. Frames that are not whole yet are 0, and then `valid` is too.
WHIT_KERNEL void signal_framer(const SignalFramerParameters *parameters, const int16_t *input, int16_t *history,
                               int32_t *steps, int16_t *output, uint8_t *valid) {
  WHIT_LOAD_PARAMETERS(SignalFramerParameters, p, parameters);
  const int32_t frames = p.length / p.step, came = *steps;
  for (int32_t row = 0; row < p.rows; ++row) {
    for (int32_t frame = 0; frame < frames; ++frame, output += p.size) {
      if (frame < p.missing - came)
        silence(output, p.size);
      else
        copy_stream(history, p.history, input, frame * p.step, p.size, output);
    }
    remember(history, p.history, input, p.length);
    history += p.history;
    input += p.length;
  }
  *valid = came >= p.missing;
  *steps = frames < p.missing - came ? came + frames : p.missing;
}

WHIT_KERNEL void signal_delay(const SignalDelayParameters *parameters, const int16_t *input, int16_t *history,
                              int16_t *output) {
  WHIT_LOAD_PARAMETERS(SignalDelayParameters, p, parameters);
  for (int32_t row = 0; row < p.rows; ++row) {
    copy_stream(history, p.history, input, 0, p.length, output);
    remember(history, p.history, input, p.length);
    history += p.history;
    input += p.length;
    output += p.length;
  }
}

// `wait`: so many runs until the next stack, this one among them; 0 before the first, whose slice also stands for those
// before it.
WHIT_KERNEL void signal_stacker(const SignalStackerParameters *parameters, const int16_t *input, int16_t *history,
                                int32_t *wait, int16_t *output, uint8_t *valid) {
  WHIT_LOAD_PARAMETERS(SignalStackerParameters, p, parameters);
  const int32_t slices = p.before + p.after, length = slices * p.channels;
  if (*wait == 0) {
    for (int32_t slice = 0; slice < slices; ++slice)
      remember(history + slice * p.channels, p.channels, input, p.channels);
    *wait = p.after + 1;
  }
  *wait -= 1;
  *valid = *wait == 0;
  if (*valid != 0) {
    copy_stream(history, length, input, 0, length + p.channels, output);
    *wait = p.step;
  } else {
    silence(output, length + p.channels);
  }
  remember(history, length, input, p.channels);
}

WHIT_INLINE int16_t overlapped(int16_t a, int16_t b) {
  return static_cast<int16_t>(clamp(static_cast<int32_t>(a) + b, -32768, 32767));
}
WHIT_INLINE float overlapped(float a, float b) { return a + b; }

// `sums`: of each row what the frames before leave for the values after this one's first `step`.
template <typename T>
WHIT_KERNEL void signal_overlap_add(const SignalOverlapAddParameters *parameters, const T *input, T *sums, T *output) {
  WHIT_LOAD_PARAMETERS(SignalOverlapAddParameters, p, parameters);
  const int32_t left = p.size - p.step;
  for (int32_t row = 0; row < p.rows; ++row, sums += left)
    for (int32_t frame = 0; frame < p.frames; ++frame, input += p.size, output += p.step) {
      for (int32_t i = 0; i < p.step; ++i) output[i] = overlapped(i < left ? sums[i] : T(0), input[i]);
      for (int32_t i = 0; i < left; ++i)
        sums[i] = overlapped(i + p.step < left ? sums[i + p.step] : T(0), input[i + p.step]);
    }
}

}  // namespace whit

#endif
