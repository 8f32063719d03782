// SPDX-License-Identifier: Apache-2.0
// Custom operators: their options as FlexBuffers, and where the format's numbers have no sign.
#include "tests/conformance/writing.hpp"

namespace whit {

namespace {

void transform(Writing &w) { w.set_custom({"fft_length"}, format_type(w.node.input(0).type)); }

void energy(Writing &w) {
  w.set_custom({"start_index", "end_index"});
  w.set_unsigned(w.entry().outputs[0]);
}

void filter_bank(Writing &w) {
  w.set_custom({"num_channels"});
  w.set_unsigned(w.entry().inputs[0]);
  w.set_unsigned(w.entry().outputs[0]);
}

void square_root(Writing &w) {
  w.set_unsigned(w.entry().inputs[0]);
  w.set_unsigned(w.entry().outputs[0]);
}

void filter_bank_log(Writing &w) {
  w.set_custom({"output_scale", "input_correction_bits"});
  w.set_unsigned(w.entry().inputs[0]);
}

void pcan(Writing &w) {
  w.set_custom({"snr_shift"});
  for (int32_t index : {w.entry().inputs[0], w.entry().inputs[1], w.entry().outputs[0]}) w.set_unsigned(index);
}

void spectral_subtraction(Writing &w) {
  w.set_custom({"alternate_one_minus_smoothing", "alternate_smoothing", "clamping", "min_signal_remaining", "num_channels",
                "one_minus_smoothing", "smoothing", "smoothing_bits", "spectral_subtraction_bits"});
  for (int32_t index : {w.entry().inputs[0], w.entry().outputs[0], w.entry().outputs[1]}) w.set_unsigned(index);
}

void stacker(Writing &w) {
  w.set_custom({"num_channels", "stacker_left_context", "stacker_right_context", "stacker_step"});
}

void overlap_add(Writing &w) { w.set_custom({"frame_step"}, format_type(w.node.input(0).type)); }

// The reference keeps the slices in the output. Whether it is due shows in whether the run goes on.
void circular_buffer(Writing &w) {
  flexbuffers::Builder builder;
  builder.Map([&] { builder.Int("cycles_max", w.attributes().integer("cycles")); });
  builder.Finish();
  w.entry().custom_options = builder.GetBuffer();
  w.entry().outputs.resize(1);
  w.model.graph().outputs.resize(1);
  tflite::TensorT &output = w.model.tensor(w.entry().outputs[0]);
  output.is_variable = true;
  output.shape = w.model.tensor(w.entry().inputs[0]).shape;
  output.shape[1] = w.integer("slots");
  if (output.quantization != nullptr) output.quantization->zero_point = {w.integer("slots")};  // which the buffer begins with
}

void detection(Writing &w) {
  flexbuffers::Builder builder;
  builder.Map([&] {
    for (const char *name : {"max_detections", "num_classes", "detections_per_class"})
      builder.Int(name, w.attributes().integer(name));
    builder.Int("max_classes_per_detection", 1);
    builder.Bool("use_regular_nms", w.integer("by_class") != 0);
    builder.Float("nms_score_threshold", static_cast<float>(w.attributes().real("score_threshold")));
    builder.Float("nms_iou_threshold", static_cast<float>(w.attributes().real("overlap_threshold")));
    for (const char *name : {"y_scale", "x_scale", "h_scale", "w_scale"})
      builder.Float(name, static_cast<float>(w.attributes().real(name)));
  });
  builder.Finish();
  w.entry().custom_options = builder.GetBuffer();
}

constexpr auto code = tflite::BuiltinOperator_CUSTOM;
constexpr Line lines[] = {
    {"detection_post_process", code, detection, "TFLite_Detection_PostProcess"},
    {"circular_buffer", code, circular_buffer, "CIRCULAR_BUFFER"},
    {"signal_rfft", code, transform, "SignalRfft"},
    {"signal_irfft", code, transform, "SignalIrfft"},
    {"signal_window", code, [](Writing &w) { w.set_custom({"shift"}); }, "SignalWindow"},
    {"signal_fft_auto_scale", code, plain, "SignalFftAutoScale"},
    {"signal_energy", code, energy, "SignalEnergy"},
    {"signal_filter_bank", code, filter_bank, "SignalFilterBank"},
    {"signal_filter_bank_square_root", code, square_root, "SignalFilterBankSquareRoot"},
    {"signal_filter_bank_log", code, filter_bank_log, "SignalFilterBankLog"},
    {"signal_pcan", code, pcan, "SignalPCAN"},
    {"signal_spectral_subtraction", code, spectral_subtraction, "SignalFilterBankSpectralSubtraction"},
    {"signal_framer", code, [](Writing &w) { w.set_custom({"frame_size", "frame_step", "prefill"}); }, "SignalFramer"},
    {"signal_delay", code, [](Writing &w) { w.set_custom({"delay_length"}); }, "SignalDelay"},
    {"signal_stacker", code, stacker, "SignalStacker"},
    {"signal_overlap_add", code, overlap_add, "SignalOverlapAdd"},
};

}  // namespace

std::span<const Line> custom_lines() { return lines; }

}  // namespace whit
