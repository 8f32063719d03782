// SPDX-License-Identifier: Apache-2.0
// Between numbers as people and tools write them and the stored bytes of a tensor: ranges, quantising, dequantising.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compiler/base/bytes.hpp"
#include "compiler/ir/graph.hpp"

namespace whit {

// Collects values for a tensor in channel_last order and stores each in the tensor's type. A value that the tensor
// cannot hold is a UserError that names `place` (the file), the sample and the element.
class StoredValues {
 public:
  // UserError when values of the tensor's type cannot be given one by one (int4).
  StoredValues(std::string place, const Tensor &tensor);

  // The stored value itself; a float tensor takes integers that float32 holds exactly.
  void add_integer(int64_t value);
  // A real value. A quantised tensor rounds it: round(value / scale) + zero point in float32, halves away from zero,
  // saturating. An integer tensor without a scale takes whole numbers only.
  void add_real(double value);

  Bytes take() { return std::move(bytes_); }

 private:
  size_t elements_stored() const;
  void put(int64_t stored);
  [[noreturn]] void refuse(const std::string &value, const std::string &supported, const std::string &hint) const;

  std::string place_;
  const Tensor &tensor_;
  Bytes bytes_{};
};

// The stored integers of a tensor that is not float32, samples one after the other.
std::vector<int64_t> stored_integers(const Tensor &tensor, std::span<const uint8_t> bytes);

// (stored - zero point) * scale in float32; the stored values themselves where the tensor has no scale.
std::vector<float> real_values(const Tensor &tensor, std::span<const uint8_t> bytes);

}  // namespace whit
