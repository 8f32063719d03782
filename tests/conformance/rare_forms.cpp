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

}  // namespace

std::vector<Form> rare_forms() {
  const Built built[] = {
      {tflite::BuiltinOperator_FULLY_CONNECTED, dequantized_weights, {float32}},
  };
  return forms_of(built);
}

}  // namespace whit
