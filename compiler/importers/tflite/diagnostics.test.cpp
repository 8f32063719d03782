// SPDX-License-Identifier: Apache-2.0
// What a user reads when a model is refused, word for word.
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "compiler/importers/tflite/import.hpp"
#include "compiler/importers/tflite/test_model.hpp"

namespace whit {
namespace {

std::string refusal(std::span<const uint8_t> bytes) {
  try {
    import_tflite(bytes, "model.tflite");
  } catch (const UserError &error) {
    EXPECT_EQ(error.code(), ExitCode::model);
    return error.what();
  }
  return "accepted";
}

std::string refusal(const std::function<void(TestModel &)> &bend) {
  TestModel model = convolution_model();
  bend(model);
  return refusal(model.bytes());
}

const std::string damaged = "\n  hint: the file is damaged: export it again";

TEST(TfliteDiagnostics, another_file) {
  EXPECT_EQ(
      refusal(Bytes(100, 7)),
      "model.tflite: not a TensorFlow Lite model (its identifier TFL3 is missing)\n  hint: is this the right file?");
}

TEST(TfliteDiagnostics, truncated) {
  Bytes bytes = convolution_model().bytes();
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(refusal(bytes), "model.tflite: the file is truncated or damaged\n  hint: copy or export it again");
}

TEST(TfliteDiagnostics, all_unsupported_operators_at_once) {
  EXPECT_EQ(
      refusal([](TestModel &model) {
        model.add_node(tflite::BuiltinOperator_LSTM, {3}, {model.add_tensor("memory", tflite::TensorType_INT8, {1})});
        model.add_node(tflite::BuiltinOperator_CUSTOM, {3}, {model.add_tensor("npu", tflite::TensorType_INT8, {1})});
        model.table.operator_codes.back()->custom_code = "ethos-u";
        model.add_node(tflite::BuiltinOperator_CUSTOM, {3}, {});
        model.table.operator_codes.back()->custom_code = "FlexErf";
        model.add_node(static_cast<tflite::BuiltinOperator>(1000), {3}, {});
      }),
      "model.tflite, operator 1, LSTM, output 'memory': whit lacks this operator\n"
      "  hint: replace it in the model by operators that `whit ops` lists\n"
      "model.tflite, operator 2, custom ethos-u, output 'npu': whit lacks this operator\n"
      "  hint: this file was compiled for Arm's Ethos-U by Vela; give whit the .tflite file from before that step\n"
      "model.tflite, operator 3, custom FlexErf: whit lacks this operator\n"
      "  hint: convert the model with TFLITE_BUILTINS only, without SELECT_TF_OPS\n"
      "model.tflite, operator 4, code 1000: whit lacks this operator\n"
      "  hint: replace it in the model by operators that `whit ops` lists");
}

TEST(TfliteDiagnostics, indices_out_of_range) {
  EXPECT_EQ(refusal([](TestModel &model) { model.node(0).inputs[0] = 4; }),
            "model.tflite, operator 0, CONV_2D: an input is tensor 4 of 4" + damaged);
  EXPECT_EQ(refusal([](TestModel &model) { model.graph().outputs = {-1}; }),
            "model.tflite: a model output is tensor -1 of 4" + damaged);
  EXPECT_EQ(refusal([](TestModel &model) { model.node(0).opcode_index = 9; }),
            "model.tflite, operator 0: its code 9 is not listed" + damaged);
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(1).buffer = 77; }),
            "model.tflite, tensor 1 'weights': its buffer 77 is not listed" + damaged);
}

TEST(TfliteDiagnostics, bytes_do_not_match_the_shape) {
  EXPECT_EQ(refusal([](TestModel &model) { model.table.buffers[1]->data.pop_back(); }),
            "model.tflite, tensor 1 'weights': 7 bytes for 2x2x2x1 values of int8\n  supported: 8 bytes" + damaged);
}

TEST(TfliteDiagnostics, dynamic_axes_other_than_the_batch) {
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(0).shape_signature = {-1, -1, 3, 1}; }),
            "model.tflite, input tensor 0 'image': axis 1 has no fixed length\n"
            "  supported: fixed shapes; only a batch without a length is taken as 1\n"
            "  hint: give the model a fixed input shape before converting it, for instance keras.Input(shape=..., "
            "batch_size=1)");
}

TEST(TfliteDiagnostics, shapes) {
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(0).shape[2] = 0; }),
            "model.tflite, tensor 0 'image': shape 1x3x0x1\n  supported: axes of at least 1\n  hint: export the model with fixed shapes and without empty tensors");
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(0).shape = {1, 1 << 30, 1 << 30, 1 << 30}; }),
            "model.tflite, tensor 0 'image': shape 1x1073741824x1073741824x1073741824 of int8\n"
            "  supported: less than 2 GiB" + damaged);
  EXPECT_EQ(
      refusal([](TestModel &model) { model.tensor(3).shape[1] = 5; }),
      "model.tflite, operator 0, CONV_2D, output 'result': 1x5x3x2 of int8, but the operator gives 1x3x3x2 of int8\n"
      "  hint: the file is damaged, or its converter knew other rules: export it again");
}

TEST(TfliteDiagnostics, quantisation) {
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(0).quantization->scale = {0.0F}; }),
            "model.tflite, tensor 0 'image': a scale is 0\n  supported: finite scales above 0" + damaged);
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(0).quantization->zero_point = {200}; }),
            "model.tflite, tensor 0 'image': zero point 200 for int8\n  supported: -128 to 127" + damaged);
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(1).quantization->zero_point = {0}; }),
            "model.tflite, tensor 1 'weights': 2 scales with 1 zero points\n  supported: as many of each" + damaged);
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(1).quantization->quantized_dimension = 3; }),
            "model.tflite, tensor 1 'weights': 2 scales along axis 3 of 2x2x2x1\n"
            "  supported: one scale, or one a slice of an axis" + damaged);
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(0).quantization.reset(); }),
            "model.tflite, operator 0, CONV_2D (conv2d): tensor 'image' is int8 without a scale\n  supported: integers with scale and zero point\n"
            "  hint: convert the model with full integer quantisation");
}

TEST(TfliteDiagnostics, weights) {
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(1).quantization->quantized_dimension = 1; }),
            "model.tflite, graph 'main', node 0, operator 0, CONV_2D (conv2d): weights quantised along axis 1\n"
            "  supported: one scale, or one an output channel (axis 0)\n  hint: the model file may be damaged");
}

TEST(TfliteDiagnostics, sums_beyond_32_bits) {
  const std::string supported = "\n  supported: sums and outputs within 32 bits\n"
                                "  hint: check the weights' scales, or convert the model again";
  EXPECT_EQ(
      refusal([](TestModel &model) {
        model.table.buffers[2]->data = bytes_of<int32_t>({0x7FFFFFFF, 0});
      }),
      "model.tflite, operator 0, CONV_2D (conv2d): output channel 0 sums up to between 2147482357 and 2147484907, "
      "which is then scaled by 2^-1" +
          supported);
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(3).quantization->scale = {1e-9F}; }),
            "model.tflite, operator 0, CONV_2D (conv2d): output channel 0 sums up to between -1280 and 1270, "
            "which is then scaled by 2^27" + supported);
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(3).quantization->scale = {1e-20F}; }),
            "model.tflite, operator 0, CONV_2D (conv2d): two scales are a factor of 1.25e+19 apart\n"
            "  supported: factors below 2^30\n  hint: check the model's scales, or convert it again");
}

TEST(TfliteDiagnostics, types) {
  EXPECT_EQ(refusal([](TestModel &model) { model.tensor(0).type = tflite::TensorType_FLOAT16; }),
            "model.tflite, tensor 0 'image': type FLOAT16\n"
            "  supported: FLOAT32, INT8, UINT8, INT16, INT32, INT64, INT4, BOOL\n"
            "  hint: convert the model with int8 quantisation or as float32");
}

TEST(TfliteDiagnostics, order) {
  EXPECT_EQ(refusal([](TestModel &model) { model.node(0).inputs[0] = 3; }),
            "model.tflite, operator 0, CONV_2D: waits for its own output: the operators form a cycle\n"
            "  supported: graphs without cycles" + damaged);
  EXPECT_EQ(refusal([](TestModel &model) { model.graph().inputs = {}; }),
            "model.tflite, operator 0, CONV_2D: reads tensor 0, which nothing computes" + damaged);
  EXPECT_EQ(refusal([](TestModel &model) { model.node(0).outputs = {1}; }),
            "model.tflite, operator 0, CONV_2D: writes tensor 1, a model input, constant or variable" + damaged);
  EXPECT_EQ(refusal([](TestModel &model) {
              model.graph().operators.push_back(std::make_unique<tflite::OperatorT>(model.node(0)));
            }),
            "model.tflite, operator 1, CONV_2D: writes tensor 3, as does operator 0, CONV_2D\n"
            "  supported: one writer a tensor" + damaged);
}

TEST(TfliteDiagnostics, fused_activation_that_is_no_clamp) {
  EXPECT_EQ(refusal([](TestModel &model) {
              model.node(0).builtin_options.AsConv2DOptions()->fused_activation_function =
                  tflite::ActivationFunctionType_TANH;
            }),
            "model.tflite, operator 0, CONV_2D: fused activation TANH\n"
            "  supported: NONE, RELU, RELU6, RELU_N1_TO_1\n"
            "  hint: export the activation as an operator of its own");
}

}  // namespace
}  // namespace whit
