// SPDX-License-Identifier: Apache-2.0
// Models with encoded constants.
#include <algorithm>

#include "tests/conformance/draft.hpp"

namespace whit {

namespace {

using enum ElementType;

// Encoded constants; the reference wants a model to have an input, and reads bits in words.
TestModel decoded(Draft &draft, const Integers &shape, int32_t bits, uint8_t kind, uint8_t parameters, uint8_t stride, Bytes table) {
  int32_t count = 1;
  for (int32_t length : shape) count *= length;
  Bytes ancillary(16);
  ancillary[0] = kind;
  ancillary[1] = ancillary[4] = 1;
  ancillary[5] = parameters;
  ancillary[6] = stride;
  ancillary.insert(ancillary.end(), table.begin(), table.end());
  draft.numbers({1});
  draft.output_of(shape);
  const int32_t values = draft.bytes(draft.random_bytes((count * bits + 31) / 32 * 4 + 4)), extra = draft.bytes(std::move(ancillary));
  TestModel model = draft.with(tflite::BuiltinOperator_CUSTOM, {values, extra});
  model.table.operator_codes.back()->custom_code = "TFLM_DECODE";
  return model;
}

TestModel decode_table(Draft &draft) {
  const int32_t bits = draft.between(1, 7), stride = 1 << bits;
  return decoded(draft, draft.shape(1, 3), bits, 0, static_cast<uint8_t>(bits), static_cast<uint8_t>(std::min(stride, 127)),
                 draft.random_bytes(stride * draft.width()));
}

TestModel decode_pruned(Draft &draft) {
  const Integers shape = draft.shape(1, 3);
  return decoded(draft, shape, 1, 2, 0, 0, draft.random_bytes(216 * draft.width()));
}

// A table whose symbols take all bits of a look-up or one less, and one entry that leads to a second table.
TestModel decode_huffman(Draft &draft) {
  const int32_t bits = draft.between(2, 5), entries = 1 << bits, second = draft.between(1, 2);
  const bool wide = draft.type() == int16 || draft.between(0, 1) == 1;
  const int shift = wide ? 27 : 11;
  Bytes table;
  const auto append = [&](uint32_t entry) {
    for (int byte = 0; byte < (wide ? 4 : 2); ++byte) table.push_back(static_cast<uint8_t>(entry >> (8 * byte)));
  };
  const auto symbol = [&](int32_t taken) {
    const auto value = static_cast<uint32_t>(draft.between(0, draft.type() == int16 ? 65535 : 255));
    append(1U << (shift + 4) | static_cast<uint32_t>(taken) << shift | value);
  };
  for (int32_t entry = 0; entry + 1 < entries; ++entry) symbol(entry < entries / 2 ? bits - 1 : bits);
  append(static_cast<uint32_t>(second - 1) << shift | 1U);
  for (int32_t entry = 0; entry < 1 << second; ++entry) symbol(second);
  return decoded(draft, draft.shape(1, 3), bits + second, 1, static_cast<uint8_t>((bits - 1) << 4 | (wide ? 1 : 0)), 0, std::move(table));
}

}  // namespace

std::vector<Form> decode_forms() {
  const std::vector<ElementType> any = {int8, int16, int32, int64, float32};
  const Built built[] = {
      {tflite::BuiltinOperator_CUSTOM, decode_table, any, "TFLM_DECODE"},
      {tflite::BuiltinOperator_CUSTOM, decode_pruned, any, "TFLM_DECODE"},
      {tflite::BuiltinOperator_CUSTOM, decode_huffman, {int8, int16}, "TFLM_DECODE"},
  };
  return forms_of(built);
}

}  // namespace whit
