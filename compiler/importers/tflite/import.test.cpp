// SPDX-License-Identifier: Apache-2.0
// What comes out of sound models: attributes, shapes, quantisation, order.
#include "compiler/importers/tflite/import.hpp"

#include <gtest/gtest.h>

#include "compiler/base/error.hpp"
#include "compiler/importers/tflite/test_model.hpp"
#include "ops/window.hpp"

namespace whit {
namespace {

Graph import(const TestModel &model) { return import_tflite(model.bytes(), "model.tflite").main(); }

TEST(TfliteImport, convolution_with_its_tensors_and_options) {
  const Graph graph = import(convolution_model());
  ASSERT_EQ(graph.nodes.size(), 1U);
  const Node &node = graph.nodes[0];
  EXPECT_EQ(node.op, "conv2d");
  EXPECT_EQ(node.origin, "operator 0, CONV_2D");
  EXPECT_EQ(node.attributes.text("activation"), "relu");
  EXPECT_EQ(window_of(node.attributes), (Window{.padding_bottom = 1, .padding_right = 1}));
  ASSERT_EQ(graph.inputs.size(), 1U);
  EXPECT_EQ(graph.tensor(graph.inputs[0]).name, "image");
  const Tensor &weights = graph.tensor(node.inputs[1]);
  EXPECT_EQ(weights.quantization, (Quantization{{0.25F, 0.125F}, {0, 0}, 0}));
  EXPECT_EQ(*weights.constant, (Bytes{1, 2, 3, 4, 5, 6, 7, 8}));
  const Tensor &result = graph.tensor(graph.outputs[0]);
  EXPECT_EQ(result.name, "result");
  EXPECT_EQ(result.shape, (Shape{1, 3, 3, 2}));
  EXPECT_EQ(result.quantization, (Quantization{{0.5F}, {1}, -1}));
}

TEST(TfliteImport, a_bias_has_but_one_axis_to_quantise) {
  TestModel model = convolution_model();
  model.tensor(2).quantization = std::make_unique<tflite::QuantizationParametersT>();
  model.tensor(2).quantization->scale = {0.125F, 0.0625F};
  model.tensor(2).quantization->zero_point = {0, 0};
  model.tensor(2).quantization->quantized_dimension = 3;  // as the weights' of a depthwise convolution
  EXPECT_EQ(import(model).tensor(2).quantization.axis, 0);
}

TEST(TfliteImport, a_cast_needs_no_scale_but_what_counts_with_its_result_does) {
  TestModel model;
  model.graph().inputs = {model.add_tensor("numbers", tflite::TensorType_INT32, {4})};
  const int32_t bytes = model.add_tensor("bytes", tflite::TensorType_INT8, {4});
  model.graph().outputs = {bytes};
  model.tensor(bytes).quantization.reset();
  model.add_node(tflite::BuiltinOperator_CAST, {0}, {bytes});
  EXPECT_EQ(import(model).nodes.at(0).op, "cast");
  model.graph().outputs = {model.add_tensor("result", tflite::TensorType_INT8, {4})};
  model.add_node(tflite::BuiltinOperator_RELU, {bytes}, model.graph().outputs);
  EXPECT_THROW(import(model), UserError);
}

TEST(TfliteImport, a_transposed_convolution_whose_shape_is_computed_has_that_of_its_output) {
  TestModel model;
  const int32_t shape = model.add_tensor("shape", tflite::TensorType_INT32, {4});
  const int32_t weights = model.add_constant<float>("weights", tflite::TensorType_FLOAT32, {1, 2, 2, 1}, {1, 2, 3, 4});
  const int32_t data = model.add_tensor("data", tflite::TensorType_FLOAT32, {1, 3, 3, 1});
  model.graph().inputs = {shape, data};
  model.graph().outputs = {model.add_tensor("result", tflite::TensorType_FLOAT32, {1, 4, 4, 1})};
  tflite::TransposeConvOptionsT options;
  options.stride_h = options.stride_w = 1;
  options.padding = tflite::Padding_VALID;
  model.add_node(tflite::BuiltinOperator_TRANSPOSE_CONV, {shape, weights, data}, model.graph().outputs, options);
  EXPECT_EQ(import(model).nodes.at(0).attributes.integer("height"), 4);
}

TEST(TfliteImport, computed_weights_make_a_product) {
  TestModel model;
  const int32_t data = model.add_tensor("data", tflite::TensorType_FLOAT32, {2, 3, 4});
  const int32_t weights = model.add_tensor("weights", tflite::TensorType_FLOAT32, {5, 4});
  model.graph().inputs = {data, weights};
  model.graph().outputs = {model.add_tensor("result", tflite::TensorType_FLOAT32, {2, 3, 5})};
  tflite::FullyConnectedOptionsT options;
  options.keep_num_dims = true;
  options.fused_activation_function = tflite::ActivationFunctionType_RELU;
  model.add_node(tflite::BuiltinOperator_FULLY_CONNECTED, {data, weights, -1}, model.graph().outputs, options);
  std::vector<std::string> ops;
  for (const Node &node : import(model).nodes) ops.push_back(node.op);
  EXPECT_EQ(ops, (std::vector<std::string>{"reshape", "batch_matmul", "relu", "reshape"}));
  model.tensor(weights).shape = {5, 7};
  EXPECT_THROW(import(model), UserError);
}

TEST(TfliteImport, rows_of_8_bits_come_out_as_reals) {
  TestModel model;
  const int32_t rows = model.add_tensor("rows", tflite::TensorType_INT32, {2});
  const int32_t table = model.add_constant<int8_t>("table", tflite::TensorType_INT8, {3, 2}, {1, 2, 3, 4, 5, 6});
  model.tensor(table).quantization->zero_point = {0};
  model.graph().inputs = {rows};
  model.graph().outputs = {model.add_tensor("result", tflite::TensorType_FLOAT32, {2, 2})};
  model.add_node(tflite::BuiltinOperator_EMBEDDING_LOOKUP, {rows, table}, model.graph().outputs);
  EXPECT_EQ(import(model).nodes.back().op, "dequantize");
}

TEST(TfliteImport, absent_bias_leaves_two_inputs) {
  TestModel model = convolution_model();
  model.node(0).inputs[2] = -1;
  EXPECT_EQ(import(model).nodes[0].inputs.size(), 2U);
}

TEST(TfliteImport, code_in_the_old_field_alone) {
  TestModel model = convolution_model();
  model.table.operator_codes[0]->builtin_code = tflite::BuiltinOperator_ADD;
  EXPECT_EQ(import(model).nodes[0].op, "conv2d");
}

TEST(TfliteImport, an_open_batch_has_the_length_of_the_file_or_is_one) {
  for (int32_t length : {4, -1}) {
    TestModel model = convolution_model();
    for (int32_t index : {0, 3}) {
      model.tensor(index).shape[0] = length;
      model.tensor(index).shape_signature = model.tensor(index).shape;
      model.tensor(index).shape_signature[0] = -1;
    }
    const Graph graph = import(model);
    const int64_t batch = std::max(length, 1);
    EXPECT_EQ(graph.tensor(graph.inputs[0]).shape, (Shape{batch, 3, 3, 1}));
    EXPECT_EQ(graph.tensor(graph.outputs[0]).shape, (Shape{batch, 3, 3, 2}));
  }
}

TEST(TfliteImport, integer_weights_of_a_float_computation_become_real_once) {
  TestModel model = convolution_model();
  for (int32_t index : {0, 3}) {
    model.tensor(index).type = tflite::TensorType_FLOAT32;
    model.tensor(index).quantization.reset();
  }
  model.tensor(2).type = tflite::TensorType_FLOAT32;
  const Graph graph = import(model);
  const Tensor &weights = graph.tensor(graph.nodes[0].inputs[1]);
  EXPECT_EQ(weights.type, ElementType::float32);
  EXPECT_FALSE(weights.quantization.present());
  EXPECT_EQ(values_of<float>(*weights.constant),
            (std::vector<float>{0.25F, 0.5F, 0.75F, 1.0F, 0.625F, 0.75F, 0.875F, 1.0F}));
  EXPECT_EQ(graph.tensors.size(), 4U) << "the integers stay out of the graph";
}

TEST(TfliteImport, operators_out_of_order_are_sorted) {
  TestModel model = convolution_model();
  const int32_t last = model.add_tensor("last", tflite::TensorType_INT8, {1, 3, 3, 2});
  const int32_t square = model.add_constant<int8_t>("square", tflite::TensorType_INT8, {2, 1, 1, 2}, {1, 2, 3, 4});
  model.tensor(square).quantization->zero_point = {0};
  tflite::Conv2DOptionsT options;
  options.stride_h = options.stride_w = 1;
  model.add_node(tflite::BuiltinOperator_CONV_2D, {3, square}, {last}, options);
  std::swap(model.graph().operators[0], model.graph().operators[1]);
  model.graph().outputs = {last};
  const Graph graph = import(model);
  EXPECT_EQ(graph.nodes[0].origin, "operator 1, CONV_2D");
  EXPECT_EQ(graph.nodes[1].origin, "operator 0, CONV_2D");
}

// One operator of several outputs becomes several nodes.
TEST(TfliteImport, split_becomes_slices) {
  TestModel model;
  model.graph().inputs = {model.add_tensor("whole", tflite::TensorType_INT8, {2, 4})};
  const int32_t axis = model.add_constant<int32_t>("axis", tflite::TensorType_INT32, {}, {-1});
  model.graph().outputs = {model.add_tensor("left", tflite::TensorType_INT8, {2, 2}),
                           model.add_tensor("right", tflite::TensorType_INT8, {2, 2})};
  tflite::SplitOptionsT options;
  options.num_splits = 2;
  model.add_node(tflite::BuiltinOperator_SPLIT, {axis, 0}, model.graph().outputs, options);
  const Graph graph = import(model);
  ASSERT_EQ(graph.nodes.size(), 2U);
  EXPECT_EQ(graph.nodes[1].op, "slice");
  EXPECT_EQ(graph.nodes[1].outputs, (std::vector<TensorId>{graph.outputs[1]}));
  EXPECT_EQ(graph.nodes[1].attributes.integers("begin"), (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(graph.nodes[1].attributes.integers("size"), (std::vector<int64_t>{2, 2}));
}

// Steps on the way are tensors of whit's own; they keep the data's scale and the operator's origin.
TEST(TfliteImport, depth_to_space_becomes_reshapes_around_a_transpose) {
  TestModel model;
  model.graph().inputs = {model.add_tensor("deep", tflite::TensorType_INT8, {1, 2, 2, 4})};
  model.graph().outputs = {model.add_tensor("wide", tflite::TensorType_INT8, {1, 4, 4, 1})};
  tflite::DepthToSpaceOptionsT options;
  options.block_size = 2;
  model.add_node(tflite::BuiltinOperator_DEPTH_TO_SPACE, {0}, {1}, options);
  const Graph graph = import(model);
  ASSERT_EQ(graph.nodes.size(), 3U);
  EXPECT_EQ(graph.nodes[0].op, "reshape");
  EXPECT_EQ(graph.nodes[1].op, "transpose");
  EXPECT_EQ(graph.nodes[1].origin, "operator 0, DEPTH_TO_SPACE");
  EXPECT_EQ(graph.tensor(graph.nodes[1].outputs[0]).quantization, (Quantization{{0.5F}, {1}, -1}));
}

TEST(TfliteImport, outputs_that_no_operator_has_are_refused) {
  TestModel model;
  model.graph().inputs = {model.add_tensor("data", tflite::TensorType_FLOAT32, {2})};
  model.graph().outputs = {model.add_tensor("one", tflite::TensorType_FLOAT32, {2}),
                           model.add_tensor("two", tflite::TensorType_FLOAT32, {2})};
  model.add_node(tflite::BuiltinOperator_NEG, {0}, {1, 2});
  EXPECT_THROW(import(model), UserError);
}

TEST(TfliteImport, names_lose_what_would_upset_a_terminal) {
  TestModel model = convolution_model();
  model.tensor(0).name = "im\x1b[31m\nage\xc3\xa9";
  model.tensor(3).name = "\xff";
  const Graph graph = import(model);
  EXPECT_EQ(graph.tensor(graph.inputs[0]).name, "im?[31m?age\xc3\xa9");
  EXPECT_EQ(graph.tensor(graph.outputs[0]).name, "?");
}

// What a variable is given is written when the model runs, even where it is known now.
TEST(TfliteImport, constants_given_to_variables_are_assigned) {
  TestModel model;
  const int32_t handle = model.add_tensor("handle", tflite::TensorType_RESOURCE, {1});
  const int32_t seven = model.add_constant<int32_t>("seven", tflite::TensorType_INT32, {1}, {7});
  const int32_t read = model.add_tensor("read", tflite::TensorType_INT32, {1});
  model.add_node(tflite::BuiltinOperator_VAR_HANDLE, {}, {handle});
  tflite::VarHandleOptionsT name;
  name.shared_name = "counter";
  model.node(0).builtin_options.Set(name);
  model.add_node(tflite::BuiltinOperator_ASSIGN_VARIABLE, {handle, seven}, {});
  model.add_node(tflite::BuiltinOperator_READ_VARIABLE, {handle}, {read});
  model.graph().outputs = {read};
  const Graph graph = import(model);
  const auto writes_variable = [&](const Node &node) {
    return std::ranges::any_of(node.outputs, [&](TensorId id) { return graph.tensor(id).variable; });
  };
  EXPECT_EQ(std::ranges::count_if(graph.nodes, writes_variable), 1);
}

}  // namespace
}  // namespace whit
