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
  tflite::PackOptionsT options;
  options.values_count = draft.between(17, 40);
  options.axis = draft.between(0, static_cast<int32_t>(shape.size()));
  Integers inputs;
  for (int32_t part = 0; part < options.values_count; ++part) inputs.push_back(draft.data(shape));
  draft.output();
  return draft.with(tflite::BuiltinOperator_PACK, inputs, options);
}

// So many that sums wrap.
TestModel add_n_of_many(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  Integers inputs;
  for (int32_t count = draft.between(16, 64); count > 0; --count) inputs.push_back(draft.data(shape));
  draft.output();
  return draft.with(tflite::BuiltinOperator_ADD_N, inputs);
}

}  // namespace

std::vector<Form> rare_forms() {
  const Built built[] = {
      {tflite::BuiltinOperator_FULLY_CONNECTED, dequantized_weights, {float32}},
      {tflite::BuiltinOperator_PACK, pack_many, {int8, float32}},
      {tflite::BuiltinOperator_ADD_N, add_n_of_many, {int8}},
  };
  return forms_of(built);
}

}  // namespace whit
