// SPDX-License-Identifier: Apache-2.0
// Models that the reference runs though few converters write them.
#include "tests/conformance/draft.hpp"

namespace whit {

namespace {

using enum ElementType;

// Weights that are stored as integers and made real by an operator.
TestModel dequantized_weights(Draft &draft) {
  const int32_t length = draft.between(1, 8), outputs = draft.between(1, 6);
  const int32_t stored = draft.narrow_constant({outputs, length}), data = draft.data({draft.between(1, 3), length});
  const int32_t weights = draft.step({outputs, length});
  draft.output();
  draft.add(tflite::BuiltinOperator_DEQUANTIZE, {stored}, {weights});
  return draft.with(tflite::BuiltinOperator_FULLY_CONNECTED, {data, weights, -1}, tflite::FullyConnectedOptionsT{});
}

// More inputs than one kernel takes.
TestModel pack_many(Draft &draft) {
  const Integers shape = draft.shape(1, 2, 3);
  return draft.packed(shape, draft.between(17, 40));
}

// So many that sums wrap.
TestModel add_n_of_many(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  return draft.with(tflite::BuiltinOperator_ADD_N, draft.several(shape, draft.between(16, 64)));
}

// Integers of which nobody says what they stand for: some operators need not know.
TestModel without_scales(TestModel model) {
  for (const auto &tensor : model.graph().tensors) tensor->quantization.reset();
  return model;
}

TestModel gather_plain(Draft &draft) {
  Integers shape = draft.shape(1, 3), places;
  tflite::GatherOptionsT options;
  options.axis = draft.between(0, static_cast<int32_t>(shape.size()) - 1);
  for (int32_t count = draft.between(1, 5); count > 0; --count)
    places.push_back(draft.between(0, shape[static_cast<size_t>(options.axis)] - 1));
  draft.output();
  const int32_t data = draft.data(shape), positions = draft.constant(places);
  return without_scales(draft.with(tflite::BuiltinOperator_GATHER, {data, positions}, options));
}

template <tflite::BuiltinOperator code>
TestModel extreme_plain(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  draft.output(int32);
  const int32_t data = draft.data(shape), axis = draft.constant({draft.between(0, static_cast<int32_t>(shape.size()) - 1)});
  return without_scales(draft.with(code, {data, axis}));
}

template <tflite::BuiltinOperator code>
TestModel pair_plain(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  draft.output();
  const int32_t first = draft.data(shape), second = draft.data_constant(shape);
  return without_scales(draft.with(code, {first, second}));
}

// No axes to reduce.
template <tflite::BuiltinOperator code>
TestModel reduction_of_none(Draft &draft) {
  const int32_t data = draft.data(draft.shape(1, 4)), none = draft.constant({});
  tflite::ReducerOptionsT options;
  options.keep_dims = draft.between(0, 1) == 1;
  draft.output();
  return draft.with(code, {data, none}, options);
}

TestModel reshape_to_scalar(Draft &draft) {
  const int32_t data = draft.data(draft.shape(1, 4, 1)), none = draft.constant({});
  draft.output();
  return draft.with(tflite::BuiltinOperator_RESHAPE, {data, none});
}

// Weights whose zero point is not 0, and still int8 without it; with a scale a row the reference overlooks it.
TestModel shifted_weights(Draft &draft) {
  const int32_t length = draft.between(1, 8), outputs = draft.between(1, 6);
  Bytes values = draft.random_bytes(length * outputs);
  for (uint8_t &value : values) value = static_cast<uint8_t>(static_cast<int8_t>(value) / 2);
  const int32_t data = draft.data({draft.between(1, 3), length}), weights = draft.narrow_constant({outputs, length}, values);
  draft.shift(weights, draft.between(-64, 64), draft.between(0, 1) == 0 ? outputs : 1);
  draft.output();
  return draft.with(tflite::BuiltinOperator_FULLY_CONNECTED, {data, weights, -1}, tflite::FullyConnectedOptionsT{});
}

// The same over all of int8.
TestModel widely_shifted_weights(Draft &draft) {
  const int32_t length = draft.between(1, 8), outputs = draft.between(1, 6);
  const int32_t data = draft.data({draft.between(1, 3), length}), weights = draft.narrow_constant({outputs, length});
  draft.shift(weights, draft.between(-128, 127), 1);
  draft.output();
  return draft.with(tflite::BuiltinOperator_FULLY_CONNECTED, {data, weights, -1}, tflite::FullyConnectedOptionsT{});
}

TestModel shifted_filter(Draft &draft) {
  const int32_t channels = draft.between(1, 3), filters = draft.between(1, 4);
  const int32_t data = draft.data({1, draft.between(2, 5), draft.between(2, 5), channels});
  const int32_t weights = draft.narrow_constant({filters, 2, 2, channels});
  draft.shift(weights, draft.between(-128, 127), draft.between(0, 1) == 0 ? filters : 1);
  tflite::Conv2DOptionsT options;
  options.stride_h = options.stride_w = 1;
  draft.output();
  return draft.with(tflite::BuiltinOperator_CONV_2D, {data, weights, -1}, options);
}

// Scales that the reference does not look at, where converters give others.
template <tflite::BuiltinOperator code>
TestModel result_of_any_scale(Draft &draft) {
  const int32_t data = draft.data(draft.shape(2, 4)), result = draft.output();
  draft.rescale(result);
  return draft.with(code, {data});
}

TestModel resize_to_any_scale(Draft &draft) {
  const int32_t data = draft.data(draft.shape(4, 4)), size = draft.constant({draft.between(1, 6), draft.between(1, 6)});
  draft.rescale(draft.output());
  return draft.with(tflite::BuiltinOperator_RESIZE_BILINEAR, {data, size}, tflite::ResizeBilinearOptionsT{});
}

TestModel pack_of_any_scale(Draft &draft) {
  const Integers shape = draft.shape(1, 3);
  const int32_t first = draft.data(shape), second = draft.data_constant(shape);
  draft.rescale(second);
  draft.rescale(draft.output());
  tflite::PackOptionsT options;
  options.values_count = 2;
  return draft.with(tflite::BuiltinOperator_PACK, {first, second}, options);
}

TestModel concatenation_of_any_scale(Draft &draft) {
  const Integers shape = draft.shape(1, 3);
  const int32_t first = draft.data(shape), second = draft.data(shape);
  draft.rescale(second);
  draft.rescale(draft.output());
  return draft.with(tflite::BuiltinOperator_CONCATENATION, {first, second}, tflite::ConcatenationOptionsT{});
}

TestModel padv2_of_any_scale(Draft &draft) {
  const Integers shape = draft.shape(1, 4, 4);
  Integers padding;
  for (size_t side = 0; side < 2 * shape.size(); ++side) padding.push_back(draft.between(0, 2));
  const int32_t data = draft.data(shape), sides = draft.constant(padding, {static_cast<int32_t>(shape.size()), 2});
  draft.rescale(data);
  draft.output();
  return draft.with(tflite::BuiltinOperator_PADV2, {data, sides, draft.data_constant({})});
}

// Of several scales the first counts, unless they are of weights.
TestModel dequantized_by_the_first(Draft &draft) {
  const Integers shape = draft.shape(1, 3);
  const int32_t stored = draft.narrow_constant(shape), real = draft.step(shape), data = draft.data(shape);
  draft.shift(stored, draft.between(-9, 9), shape[0]);
  draft.output();
  draft.add(tflite::BuiltinOperator_DEQUANTIZE, {stored}, {real});
  return draft.with(tflite::BuiltinOperator_ADD, {data, real}, tflite::AddOptionsT{});
}

// The place to begin at is computed, within the data.
TestModel slice_from_computed(Draft &draft) {
  Integers shape = draft.shape(1, 4), size;
  for (int32_t length : shape) size.push_back(draft.between(1, length));
  const int32_t data = draft.data(shape), numbers = draft.numbers({static_cast<int32_t>(shape.size())});
  const int32_t low = draft.constant({0});
  Integers most;
  for (size_t axis = 0; axis < shape.size(); ++axis) most.push_back(shape[axis] - size[axis]);
  const int32_t high = draft.constant(most), above = draft.numbers_step({static_cast<int32_t>(shape.size())});
  const int32_t begin = draft.numbers_step({static_cast<int32_t>(shape.size())}), sizes = draft.constant(size);
  draft.add(tflite::BuiltinOperator_MAXIMUM, {numbers, low}, {above});
  draft.add(tflite::BuiltinOperator_MINIMUM, {above, high}, {begin});
  draft.output();
  return draft.with(tflite::BuiltinOperator_SLICE, {data, begin, sizes});
}

// Weights that are an input, and a bias.
TestModel computed_weights_and_bias(Draft &draft) {
  const Integers shape = draft.shape(2, 2);
  const int32_t outputs = draft.between(1, 6), data = draft.data(shape), weights = draft.data({outputs, shape.back()});
  const int32_t bias = draft.between(0, 1) == 0 ? draft.data({outputs}) : draft.data_constant({outputs});
  tflite::FullyConnectedOptionsT options;
  options.fused_activation_function = draft.between(0, 1) == 1 ? tflite::ActivationFunctionType_RELU : tflite::ActivationFunctionType_NONE;
  draft.output();
  return draft.with(tflite::BuiltinOperator_FULLY_CONNECTED, {data, weights, bias}, options);
}

// Rows in as many axes as the data, though nobody asks for them.
TestModel rows_in_many_axes(Draft &draft) {
  Integers shape = draft.shape(3, 4);
  const int32_t outputs = draft.between(1, 6), data = draft.data(shape), weights = draft.narrow_constant({outputs, shape.back()});
  draft.symmetric(weights);
  shape.back() = outputs;
  draft.output_of(shape);
  return draft.with(tflite::BuiltinOperator_FULLY_CONNECTED, {data, weights, -1}, tflite::FullyConnectedOptionsT{});
}

}  // namespace

std::vector<Form> rare_forms() {
  const Built built[] = {
      {tflite::BuiltinOperator_FULLY_CONNECTED, dequantized_weights, {float32}},
      {tflite::BuiltinOperator_FULLY_CONNECTED, shifted_weights, {int8, int16}},
      {tflite::BuiltinOperator_FULLY_CONNECTED, widely_shifted_weights, {int8}},
      {tflite::BuiltinOperator_CONV_2D, shifted_filter, {int8, int16}},
      {tflite::BuiltinOperator_PACK, pack_many, {int8, float32}},
      {tflite::BuiltinOperator_ADD_N, add_n_of_many, {int8}},
      {tflite::BuiltinOperator_MEAN, reduction_of_none<tflite::BuiltinOperator_MEAN>, {int8, float32}},
      {tflite::BuiltinOperator_SUM, reduction_of_none<tflite::BuiltinOperator_SUM>, {int8, float32}},
      {tflite::BuiltinOperator_REDUCE_MAX, reduction_of_none<tflite::BuiltinOperator_REDUCE_MAX>, {int8, float32}},
      {tflite::BuiltinOperator_RESHAPE, reshape_to_scalar, {int8, float32}},
      {tflite::BuiltinOperator_TANH, result_of_any_scale<tflite::BuiltinOperator_TANH>, {int8}},
      {tflite::BuiltinOperator_L2_NORMALIZATION, result_of_any_scale<tflite::BuiltinOperator_L2_NORMALIZATION>, {int8}},
      {tflite::BuiltinOperator_RESIZE_BILINEAR, resize_to_any_scale, {int8}},
      {tflite::BuiltinOperator_PACK, pack_of_any_scale, {int8, int16}},
      {tflite::BuiltinOperator_CONCATENATION, concatenation_of_any_scale, {int16}},
      {tflite::BuiltinOperator_PADV2, padv2_of_any_scale, {int8, int16}},
      {tflite::BuiltinOperator_DEQUANTIZE, dequantized_by_the_first, {float32}},
      {tflite::BuiltinOperator_SLICE, slice_from_computed, {int8, int16, float32}},
      {tflite::BuiltinOperator_FULLY_CONNECTED, computed_weights_and_bias, {float32}},
      {tflite::BuiltinOperator_FULLY_CONNECTED, rows_in_many_axes, {int8}},
      {tflite::BuiltinOperator_GATHER, gather_plain, {int8}},
      {tflite::BuiltinOperator_ARG_MAX, extreme_plain<tflite::BuiltinOperator_ARG_MAX>, {int8}},
      {tflite::BuiltinOperator_ARG_MIN, extreme_plain<tflite::BuiltinOperator_ARG_MIN>, {int8}},
      {tflite::BuiltinOperator_MAXIMUM, pair_plain<tflite::BuiltinOperator_MAXIMUM>, {int8}},
      {tflite::BuiltinOperator_MINIMUM, pair_plain<tflite::BuiltinOperator_MINIMUM>, {int8}},
  };
  return forms_of(built);
}

}  // namespace whit
