// SPDX-License-Identifier: Apache-2.0
// The custom operators of the audio front end. Tensors of unsigned 32- and 64-bit numbers come as int32 and int64.
#include "compiler/importers/tflite/custom_options.hpp"
#include "compiler/importers/tflite/operators.hpp"
#include "ops/signal/signal.hpp"

namespace whit::tflite_operators {

namespace {

// The node with the operator's first inputs, and those options as attributes of the same names.
Node node_of(OperatorReader &reader, std::string op, size_t inputs, std::initializer_list<const char *> options = {}) {
  Node node{.op = std::move(op)};
  for (size_t position = 0; position < inputs; ++position) node.inputs.push_back(reader.data(position));
  for (const char *name : options) node.attributes.set(name, CustomOptions(reader).integer(name));
  return node;
}

}  // namespace

Node signal_rfft(OperatorReader &reader) { return node_of(reader, "signal_rfft", 1, {"fft_length"}); }
Node signal_irfft(OperatorReader &reader) { return node_of(reader, "signal_irfft", 1, {"fft_length"}); }
Node signal_fft_auto_scale(OperatorReader &reader) { return node_of(reader, "signal_fft_auto_scale", 1); }
Node signal_window(OperatorReader &reader) { return node_of(reader, "signal_window", 2, {"shift"}); }
Node signal_energy(OperatorReader &reader) { return node_of(reader, "signal_energy", 1, {"start_index", "end_index"}); }
Node signal_filter_bank(OperatorReader &reader) { return node_of(reader, "signal_filter_bank", 6, {"num_channels"}); }
Node signal_filter_bank_square_root(OperatorReader &reader) { return node_of(reader, "signal_filter_bank_square_root", 2); }
Node signal_pcan(OperatorReader &reader) { return node_of(reader, "signal_pcan", 3, {"snr_shift"}); }

Node signal_filter_bank_log(OperatorReader &reader) {
  return node_of(reader, "signal_filter_bank_log", 1, {"output_scale", "input_correction_bits"});
}

Node signal_filter_bank_spectral_subtraction(OperatorReader &reader) {
  return remembering(reader,
                     node_of(reader, "signal_spectral_subtraction", 1,
                             {"num_channels", "smoothing", "one_minus_smoothing", "alternate_smoothing",
                              "alternate_one_minus_smoothing", "min_signal_remaining", "smoothing_bits",
                              "spectral_subtraction_bits", "clamping"}),
                     spectral_subtraction_states);
}

Node signal_framer(OperatorReader &reader) {
  return remembering(reader, node_of(reader, "signal_framer", 1, {"frame_size", "frame_step", "prefill"}), framer_states);
}

Node signal_delay(OperatorReader &reader) {
  return remembering(reader, node_of(reader, "signal_delay", 1, {"delay_length"}), delay_states);
}

Node signal_stacker(OperatorReader &reader) {
  return remembering(reader,
                     node_of(reader, "signal_stacker", 1,
                             {"num_channels", "stacker_left_context", "stacker_right_context", "stacker_step"}),
                     stacker_states);
}

Node signal_overlap_add(OperatorReader &reader) {
  return remembering(reader, node_of(reader, "signal_overlap_add", 1, {"frame_step"}), overlap_add_states);
}

}  // namespace whit::tflite_operators
