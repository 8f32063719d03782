// SPDX-License-Identifier: Apache-2.0
// Custom operators: options that are missing or damaged, and encoded constants.
#include <flatbuffers/flexbuffers.h>
#include <gtest/gtest.h>

#include "compiler/base/error.hpp"
#include "compiler/importers/tflite/import.hpp"
#include "compiler/importers/tflite/test_model.hpp"
#include "ops/evaluate.hpp"

namespace whit {
namespace {

TestModel custom(const char *name, std::vector<int32_t> inputs, std::vector<int32_t> outputs, TestModel model) {
  model.graph().outputs = outputs;
  model.add_node(tflite::BuiltinOperator_CUSTOM, std::move(inputs), std::move(outputs));
  model.table.operator_codes.back()->custom_code = name;
  return model;
}

TestModel transform(Bytes options) {
  TestModel model;
  const int32_t data = model.add_tensor("data", tflite::TensorType_INT16, {1, 16});
  const int32_t spectrum = model.add_tensor("spectrum", tflite::TensorType_INT16, {1, 18});
  model.graph().inputs = {data};
  TestModel whole = custom("SignalRfft", {data}, {spectrum}, std::move(model));
  whole.node(0).custom_options = std::move(options);
  return whole;
}

TEST(CustomOptions, are_verified_before_they_are_read) {
  for (const Bytes &options : {Bytes{}, Bytes{1, 2, 3}, Bytes(40, 0xFF), Bytes{0, 0x20, 1}})
    EXPECT_THROW(import_tflite(transform(options).bytes(), "model"), UserError);
}

TestModel framer(int64_t size, int64_t step) {
  TestModel model;
  const int32_t data = model.add_tensor("data", tflite::TensorType_INT16, {1, 16});
  const int32_t frames = model.add_tensor("frames", tflite::TensorType_INT16, {1, 4, 6});
  const int32_t valid = model.add_tensor("valid", tflite::TensorType_BOOL, {});
  model.graph().inputs = {data};
  TestModel whole = custom("SignalFramer", {data}, {frames, valid}, std::move(model));
  flexbuffers::Builder builder;
  builder.Map([&] {
    builder.Int("frame_size", size);
    builder.Int("frame_step", step);
    builder.Bool("prefill", false);
  });
  builder.Finish();
  whole.node(0).custom_options = builder.GetBuffer();
  return whole;
}

TEST(Streams, get_a_variable_for_what_they_remember) {
  const Module module = import_tflite(framer(6, 4).bytes(), "model");
  const Node &node = module.main().nodes.at(0);
  ASSERT_EQ(node.outputs.size(), 4U);
  const Tensor &history = module.main().tensor(node.outputs[2]);
  EXPECT_TRUE(history.variable);
  EXPECT_EQ(history.shape, (Shape{1, 4}));
}

TEST(Streams, refuse_hostile_sizes) {
  for (const auto &[size, step] : {std::pair<int64_t, int64_t>{0, 4}, {-6, 4}, {6, 0}, {6, -4}, {INT64_MAX, 4}, {6, INT64_MIN}})
    EXPECT_THROW(import_tflite(framer(size, step).bytes(), "model"), UserError) << size << " " << step;
}

// A buffer of three slices, and a RELU behind it.
TestModel buffered(int64_t cycles) {
  TestModel model;
  const int32_t data = model.add_tensor("data", tflite::TensorType_INT8, {1, 1, 1, 1});
  const int32_t slices = model.add_tensor("slices", tflite::TensorType_INT8, {1, 3, 1, 1});
  const int32_t result = model.add_tensor("result", tflite::TensorType_INT8, {1, 3, 1, 1});
  model.tensor(slices).is_variable = true;
  model.graph().inputs = {data};
  TestModel whole = custom("CIRCULAR_BUFFER", {data}, {slices}, std::move(model));
  flexbuffers::Builder builder;
  builder.Map([&] { builder.Int("cycles_max", cycles); });
  builder.Finish();
  whole.node(0).custom_options = builder.GetBuffer();
  whole.add_node(tflite::BuiltinOperator_RELU, {slices}, {result});
  whole.graph().outputs = {result};
  return whole;
}

TEST(CircularBuffers, end_the_run_where_they_are_not_due) {
  const Module module = import_tflite(buffered(2).bytes(), "model");
  ASSERT_EQ(module.main().nodes.size(), 2U);
  EXPECT_EQ(module.main().nodes[1].op, "if");
  Evaluator evaluator(module.main());
  const auto next = [&](int8_t value) {
    evaluator.bytes(module.main().inputs[0])[0] = static_cast<uint8_t>(value);
    evaluator.run();
    return values_of<int8_t>(evaluator.bytes(module.main().outputs[0]));
  };
  EXPECT_EQ(next(5), (std::vector<int8_t>{1, 1, 1}));  // the zero point
  EXPECT_EQ(next(6), (std::vector<int8_t>{1, 5, 6}));
  EXPECT_EQ(next(7), (std::vector<int8_t>{1, 5, 6}));
  EXPECT_EQ(next(8), (std::vector<int8_t>{6, 7, 8}));
}

TEST(CircularBuffers, refuse_more_than_any_chip_holds) {
  TestModel model = buffered(1);
  for (int32_t index : {1, 2}) model.tensor(index).shape[1] = 1 << 30;
  EXPECT_THROW(import_tflite(model.bytes(), "model"), UserError);
}

TEST(CircularBuffers, that_are_always_due_end_nothing) {
  EXPECT_EQ(import_tflite(buffered(1).bytes(), "model").main().nodes.at(1).op, "relu");
}

TEST(CircularBuffers, without_the_option_are_due_every_other_run) {
  TestModel model = buffered(1);
  model.node(0).custom_options.clear();
  const Module other = import_tflite(model.bytes(), "model");
  EXPECT_EQ(other.main().nodes.at(0).attributes.integer("cycles"), 2);
  for (int32_t index : {1, 2}) model.tensor(index).shape[1] = 5;
  const Module every = import_tflite(model.bytes(), "model");
  EXPECT_EQ(every.main().nodes.at(0).attributes.integer("cycles"), 1);
}

TEST(CircularBuffers, refuse_more_than_bodies_may_nest) {
  TestModel model = buffered(2);
  int32_t last = 2;
  for (int repeat = 0; repeat < 9; ++repeat) {
    const int32_t slices = model.add_tensor("slices", tflite::TensorType_INT8, {1, 1, 1, 1});
    model.add_node(tflite::BuiltinOperator_CUSTOM, {repeat == 0 ? 0 : last}, {slices});
    model.table.operator_codes.back()->custom_code = "CIRCULAR_BUFFER";
    last = slices;
  }
  EXPECT_THROW(import_tflite(model.bytes(), "model"), UserError);
}

// Indices of two bits, from the top of a byte: 3 0 2 1, into a table of four.
TestModel encoded(Bytes ancillary) {
  TestModel model;
  const int32_t unused = model.add_tensor("unused", tflite::TensorType_INT8, {1});
  const int32_t values = model.add_constant<uint8_t>("values", tflite::TensorType_UINT8, {1}, {0b11001001});
  const auto size = static_cast<int32_t>(ancillary.size());
  const int32_t table = model.add_constant<uint8_t>("table", tflite::TensorType_UINT8, {size}, ancillary);
  const int32_t result = model.add_tensor("result", tflite::TensorType_INT8, {4});
  model.graph().inputs = {unused};
  return custom("TFLM_DECODE", {values, table}, {result}, std::move(model));
}

Bytes table_of_two_bits() { return {0, 1, 0, 0, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 11, 12, 13}; }

TEST(Decode, gives_a_constant) {
  const Module module = import_tflite(encoded(table_of_two_bits()).bytes(), "model");
  const Tensor &result = module.main().tensor(module.main().outputs.at(0));
  ASSERT_TRUE(result.is_constant());
  EXPECT_EQ(*result.constant, (Bytes{13, 10, 12, 11}));
  EXPECT_TRUE(module.main().nodes.empty());
}

TEST(Decode, refuses_what_does_not_hold_together) {
  const auto refused = [](size_t place, uint8_t value) {
    Bytes ancillary = table_of_two_bits();
    ancillary[place] = value;
    EXPECT_THROW(import_tflite(encoded(ancillary).bytes(), "model"), UserError) << place;
  };
  refused(0, 9);  // an unknown encoding
  refused(1, 2);  // another version
  refused(5, 0);  // indices of no bits
  refused(5, 3);  // more bits than there are
  Bytes cut = table_of_two_bits();
  cut.pop_back();
  EXPECT_THROW(import_tflite(encoded(cut).bytes(), "model"), UserError);
}

// A code of 0 bits would decode for ever from nothing.
TEST(Decode, refuses_codes_without_bits) {
  Bytes huffman = {1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0x88, 6, 0x88};
  const Module module = import_tflite(encoded(huffman).bytes(), "model");
  EXPECT_EQ(*module.main().tensor(module.main().outputs.at(0)).constant, (Bytes{6, 6, 5, 5}));
  huffman[17] = 0x80;
  EXPECT_THROW(import_tflite(encoded(huffman).bytes(), "model"), UserError);
}

// A small file that decodes the same values again and again.
TEST(Decode, refuses_more_than_a_sound_file_holds) {
  TestModel model = encoded(table_of_two_bits());
  const int32_t values = model.add_constant<uint8_t>("bits", tflite::TensorType_UINT8, {10000}, Bytes(10000, 0));
  for (int repeat = 0; repeat < 100; ++repeat) {
    const int32_t result = model.add_tensor("more", tflite::TensorType_INT8, {40000});
    model.add_node(tflite::BuiltinOperator_CUSTOM, {values, 2}, {result});
    model.table.operator_codes.back()->custom_code = "TFLM_DECODE";
  }
  EXPECT_THROW(import_tflite(model.bytes(), "model"), UserError);
}

}  // namespace
}  // namespace whit
