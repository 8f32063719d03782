// SPDX-License-Identifier: Apache-2.0
// The custom operators of the audio front end. Tensors of unsigned 32- and 64-bit numbers come as int32 and int64.
#include "compiler/importers/tflite/custom_options.hpp"
#include "compiler/importers/tflite/operators.hpp"

namespace whit::tflite_operators {

namespace {

Node node_of(OperatorReader &reader, std::string op, size_t inputs) {
  Node node{.op = std::move(op)};
  for (size_t position = 0; position < inputs; ++position) node.inputs.push_back(reader.data(position));
  return node;
}

Node transform(OperatorReader &reader, std::string op) {
  Node node = node_of(reader, std::move(op), 1);
  node.attributes.set("fft_length", CustomOptions(reader).integer("fft_length"));
  return node;
}

}  // namespace

Node signal_rfft(OperatorReader &reader) { return transform(reader, "signal_rfft"); }
Node signal_irfft(OperatorReader &reader) { return transform(reader, "signal_irfft"); }
Node signal_fft_auto_scale(OperatorReader &reader) { return node_of(reader, "signal_fft_auto_scale", 1); }

Node signal_window(OperatorReader &reader) {
  Node node = node_of(reader, "signal_window", 2);
  node.attributes.set("shift", CustomOptions(reader).integer("shift"));
  return node;
}

Node signal_energy(OperatorReader &reader) {
  const CustomOptions options(reader);
  Node node = node_of(reader, "signal_energy", 1);
  node.attributes.set("start_index", options.integer("start_index"));
  node.attributes.set("end_index", options.integer("end_index"));
  return node;
}

Node signal_filter_bank(OperatorReader &reader) {
  Node node = node_of(reader, "signal_filter_bank", 6);
  node.attributes.set("num_channels", CustomOptions(reader).integer("num_channels"));
  return node;
}

Node signal_filter_bank_square_root(OperatorReader &reader) { return node_of(reader, "signal_filter_bank_square_root", 2); }

Node signal_filter_bank_log(OperatorReader &reader) {
  const CustomOptions options(reader);
  Node node = node_of(reader, "signal_filter_bank_log", 1);
  node.attributes.set("output_scale", options.integer("output_scale"));
  node.attributes.set("input_correction_bits", options.integer("input_correction_bits"));
  return node;
}

Node signal_pcan(OperatorReader &reader) {
  Node node = node_of(reader, "signal_pcan", 3);
  node.attributes.set("snr_shift", CustomOptions(reader).integer("snr_shift"));
  return node;
}

}  // namespace whit::tflite_operators
