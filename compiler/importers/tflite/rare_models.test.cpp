// SPDX-License-Identifier: Apache-2.0
// Models that the reference runs though few converters write them.
#include <gtest/gtest.h>

#include "compiler/base/error.hpp"
#include "compiler/importers/tflite/import.hpp"
#include "compiler/importers/tflite/test_model.hpp"

namespace whit {
namespace {

Graph import(const TestModel &model) { return import_tflite(model.bytes(), "model.tflite").main(); }

std::vector<std::string> ops_of(const Graph &graph) {
  std::vector<std::string> ops;
  for (const Node &node : graph.nodes) ops.push_back(node.op);
  return ops;
}

// As converters write models of which only the weights are quantised.
TEST(RareModels, weights_behind_a_dequantize_are_constants) {
  TestModel model;
  model.graph().inputs = {model.add_tensor("data", tflite::TensorType_FLOAT32, {1, 2})};
  const int32_t stored = model.add_constant<int8_t>("stored", tflite::TensorType_INT8, {1, 2}, {3, 5});
  const int32_t weights = model.add_tensor("weights", tflite::TensorType_FLOAT32, {1, 2});
  model.graph().outputs = {model.add_tensor("result", tflite::TensorType_FLOAT32, {1, 1})};
  model.add_node(tflite::BuiltinOperator_DEQUANTIZE, {stored}, {weights});
  model.add_node(tflite::BuiltinOperator_FULLY_CONNECTED, {0, weights, -1}, model.graph().outputs, tflite::FullyConnectedOptionsT{});
  const Graph graph = import(model);
  EXPECT_EQ(ops_of(graph), std::vector<std::string>{"fully_connected"});
  EXPECT_EQ(values_of<float>(*graph.tensor(graph.nodes.at(0).inputs.at(1)).constant), (std::vector<float>{1, 2}));
}

TEST(RareModels, many_parts_are_joined_in_groups) {
  TestModel model;
  for (int32_t part = 0; part < 33; ++part)
    model.graph().inputs.push_back(model.add_tensor(fmt::format("part {}", part), tflite::TensorType_INT32, {1, 2}));
  model.graph().outputs = {model.add_tensor("whole", tflite::TensorType_INT32, {33, 2})};
  model.add_node(tflite::BuiltinOperator_CONCATENATION, model.graph().inputs, model.graph().outputs, tflite::ConcatenationOptionsT{});
  const Graph graph = import(model);
  ASSERT_EQ(ops_of(graph), (std::vector<std::string>(3, "concatenation")));
  EXPECT_EQ(graph.nodes.back().inputs, (std::vector<TensorId>{graph.nodes[0].outputs[0], graph.nodes[1].outputs[0], graph.inputs[32]}));
}

TEST(RareModels, an_output_listed_twice_is_copied) {
  TestModel model;
  model.graph().inputs = {model.add_tensor("data", tflite::TensorType_FLOAT32, {2})};
  const int32_t result = model.add_tensor("result", tflite::TensorType_FLOAT32, {2});
  const int32_t constant = model.add_constant<float>("constant", tflite::TensorType_FLOAT32, {2}, {1, 2});
  model.graph().outputs = {result, constant, result, 0, constant};
  model.add_node(tflite::BuiltinOperator_NEG, {0}, {result});
  const Graph graph = import(model);
  EXPECT_EQ(ops_of(graph), (std::vector<std::string>{"neg", "copy"}));
  ASSERT_EQ(graph.outputs.size(), 5U);
  EXPECT_EQ(graph.tensor(graph.outputs[2]).name, "result, output 2");
  EXPECT_EQ(graph.tensor(graph.outputs[3]).name, "data");
  EXPECT_EQ(*graph.tensor(graph.outputs[4]).constant, bytes_of(std::vector<float>{1, 2}));
}

// A list of no numbers: the shape of a scalar, the axes of a mean over none. It is no data.
TEST(RareModels, lists_of_no_numbers) {
  TestModel model;
  model.graph().inputs = {model.add_tensor("data", tflite::TensorType_FLOAT32, {1, 1})};
  const int32_t none = model.add_tensor("none", tflite::TensorType_INT32, {0});
  model.graph().outputs = {model.add_tensor("scalar", tflite::TensorType_FLOAT32, {})};
  model.add_node(tflite::BuiltinOperator_RESHAPE, {0, none}, model.graph().outputs);
  const Graph graph = import(model);
  EXPECT_EQ(graph.tensor(graph.outputs.at(0)).shape, Shape{});
  model.node(0).inputs = {none, none};
  EXPECT_THROW(import(model), UserError);
}

TEST(RareModels, a_convolution_takes_weights_as_they_are_stored) {
  TestModel model = convolution_model();
  model.tensor(1).quantization->zero_point = {0, 3};
  const Graph graph = import(model);
  const Tensor &weights = graph.tensor(graph.nodes.at(0).inputs.at(1));
  EXPECT_EQ(weights.quantization.zero_points, (std::vector<int64_t>{0, 0}));
  EXPECT_EQ(*weights.constant, (Bytes{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(RareModels, a_fully_connected_takes_its_zero_point_off_the_weights) {
  TestModel model;
  model.graph().inputs = {model.add_tensor("data", tflite::TensorType_INT8, {1, 2})};
  const int32_t weights = model.add_constant<int8_t>("weights", tflite::TensorType_INT8, {1, 2}, {127, -120});
  model.graph().outputs = {model.add_tensor("result", tflite::TensorType_INT8, {1, 1})};
  model.add_node(tflite::BuiltinOperator_FULLY_CONNECTED, {0, weights, -1}, model.graph().outputs, tflite::FullyConnectedOptionsT{});
  model.tensor(weights).quantization->zero_point = {5};
  const Graph graph = import(model);
  EXPECT_EQ(*graph.tensor(graph.nodes.at(0).inputs.at(1)).constant, bytes_of(std::vector<int8_t>{122, -125}));
  model.tensor(weights).quantization->zero_point = {-1};
  EXPECT_EQ(ops_of(import(model)), (std::vector<std::string>{"reshape", "batch_matmul", "reshape"}));
  model.node(0).inputs[2] = model.add_constant<int32_t>("bias", tflite::TensorType_INT32, {1}, {7});
  EXPECT_THROW(import(model), UserError);
}

// A size that depends on a computed begin is what the output says.
TEST(RareModels, a_slice_to_the_end_from_a_computed_begin) {
  TestModel model;
  const int32_t begin = model.add_tensor("begin", tflite::TensorType_INT32, {2});
  model.graph().inputs = {model.add_tensor("data", tflite::TensorType_FLOAT32, {4, 3}), begin};
  const int32_t size = model.add_constant<int32_t>("size", tflite::TensorType_INT32, {2}, {-1, 3});
  model.graph().outputs = {model.add_tensor("part", tflite::TensorType_FLOAT32, {2, 3})};
  model.add_node(tflite::BuiltinOperator_SLICE, {1, begin, size}, model.graph().outputs);
  const Graph graph = import(model);
  EXPECT_EQ(ops_of(graph), (std::vector<std::string>{"slice", "add", "gather"}));
  EXPECT_EQ(graph.tensor(graph.outputs.at(0)).shape, (Shape{2, 3}));
}

// Sums beyond 32 bits are found in a branch, too.
TEST(RareModels, weights_of_bodies_are_checked) {
  TestModel model;
  const int32_t flag = model.add_tensor("flag", tflite::TensorType_BOOL, {1});
  model.graph().inputs = {flag, model.add_tensor("image", tflite::TensorType_INT8, {1, 3, 3, 1})};
  model.graph().outputs = {model.add_tensor("result", tflite::TensorType_INT8, {1, 3, 3, 2})};
  tflite::IfOptionsT options;
  options.then_subgraph_index = options.else_subgraph_index = 1;
  model.add_node(tflite::BuiltinOperator_IF, model.graph().inputs, model.graph().outputs, options);
  TestModel body = convolution_model();
  body.table.buffers[2]->data = bytes_of<int32_t>({0x7FFFFFFF, 0});
  const auto codes = static_cast<uint32_t>(model.table.operator_codes.size());
  const auto buffers = static_cast<uint32_t>(model.table.buffers.size()) - 1;
  body.node(0).opcode_index += codes;
  for (int32_t index : {1, 2}) body.tensor(index).buffer += buffers;
  model.table.subgraphs.push_back(std::move(body.table.subgraphs[0]));
  model.table.operator_codes.push_back(std::move(body.table.operator_codes[0]));
  for (size_t buffer = 1; buffer < body.table.buffers.size(); ++buffer) model.table.buffers.push_back(std::move(body.table.buffers[buffer]));
  try {
    import(model);
    ADD_FAILURE() << "no error";
  } catch (const UserError &error) {
    EXPECT_NE(std::string(error.what()).find("output channel 0 sums up to"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace whit
