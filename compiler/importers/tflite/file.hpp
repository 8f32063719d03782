// SPDX-License-Identifier: Apache-2.0
// A .tflite file that has passed the structural checks, and its subgraphs with every index known to be in range.
//
// FlatBuffers' verifier bounds what lies inside the file, not how often it is used: a small hostile file can name one
// big vector a hundred thousand times. So everything copied out of the file is charged to an allowance that grows with
// the file's own size.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compiler/base/bytes.hpp"
#include "compiler/importers/tflite/tflite_generated.h"

namespace whit {

// The hint for what no exporter writes.
inline constexpr const char *damaged = "the file is damaged: export it again";

// One operator with its code resolved and its tensor indices checked; an input may be -1 (absent).
struct TfliteOperator {
  const tflite::Operator *table = nullptr;
  tflite::BuiltinOperator code = tflite::BuiltinOperator_ADD;
  std::string custom_name{};  // of a custom operator
  std::vector<int32_t> inputs{};
  std::vector<int32_t> outputs{};
  std::string origin{};  // "operator 3, CONV_2D"
};

struct TfliteSubgraph {
  std::string name{};
  std::vector<const tflite::Tensor *> tensors{};
  std::vector<TfliteOperator> operators{};
  std::vector<int32_t> inputs{};
  std::vector<int32_t> outputs{};
};

// The text with those characters replaced by '?' that would upset a terminal or a source file.
std::string printable(std::string_view text);

class TfliteFile {
 public:
  // Copies the bytes (so they are aligned) and verifies them. UserError when they are no sound FlatBuffer.
  explicit TfliteFile(std::span<const uint8_t> bytes);

  // Subgraph 0 is the one that runs. UserError on any index out of range.
  TfliteSubgraph subgraph(int32_t index);
  // The bytes of a tensor's buffer, empty for a computed tensor. UserError when there is no such buffer in the file.
  std::span<const uint8_t> buffer(uint32_t index, const std::string &place) const;
  // UserError when more is taken out of the file than any sound file holds; encoded constants grow up to 32 times.
  void charge(uint64_t bytes);
  // Counts a variable, which takes no room in the file. UserError beyond what any microcontroller has.
  void charge_variable(uint64_t bytes);

  // The elements of a vector that may be absent; charged.
  template <typename T>
  std::vector<T> elements(const flatbuffers::Vector<T> *vector) {
    if (vector == nullptr) return {};
    charge(uint64_t{vector->size()} * sizeof(T));
    return values_of<T>({vector->Data(), vector->size() * sizeof(T)});
  }
  // A string that may be absent, made printable; charged.
  std::string text(const flatbuffers::String *string);

 private:
  const tflite::Model &model() const { return *tflite::GetModel(bytes_.data()); }
  TfliteOperator read_operator(const tflite::Operator &table, size_t index, size_t tensor_count);

  Bytes bytes_;
  uint64_t allowance_;
  uint64_t variable_allowance_ = uint64_t{1} << 26;
};

}  // namespace whit
