// SPDX-License-Identifier: Apache-2.0
// The inputs that reference outputs were made from: the top bytes of xorshift32, seed 0x12345678, an element a byte,
// running on from input to input and from sample to sample.
#pragma once

#include <cstdint>

#include "compiler/ir/graph.hpp"
#include "ops/evaluate.hpp"

namespace whit {

class SampleStream {
 public:
  // 8-bit inputs take the byte as it is, float32 inputs int8(byte) / 64.
  void fill(Evaluator &evaluator, const Graph &graph) {
    for (TensorId input : graph.inputs) {
      std::span<uint8_t> bytes = evaluator.bytes(input);
      if (graph.tensor(input).type != ElementType::float32) {
        for (uint8_t &byte : bytes) byte = next();
        continue;
      }
      std::vector<float> values(bytes.size() / sizeof(float));
      for (float &value : values) value = static_cast<float>(static_cast<int8_t>(next())) / 64.0F;
      std::memcpy(bytes.data(), values.data(), bytes.size());
    }
  }

 private:
  uint8_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return static_cast<uint8_t>(state_ >> 24);
  }

  uint32_t state_ = 0x12345678;
};

}  // namespace whit
