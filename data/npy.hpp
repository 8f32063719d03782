// SPDX-License-Identifier: Apache-2.0
// NumPy's .npy files: a header that states type, order and shape, then the elements.
// Format: numpy.lib.format, versions 1.0, 2.0 and 3.0. Read: C order, little-endian, plain numbers.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/base/bytes.hpp"
#include "compiler/ir/types.hpp"

namespace whit {

enum class NpyType { boolean, int8, int16, int32, int64, uint8, uint16, uint32, float32, float64 };

bool is_integer(NpyType type);

// An array as the file holds it; `bytes` point into the file's content.
struct NpyArray {
  NpyType type = NpyType::int8;
  Shape shape{};
  std::span<const uint8_t> bytes{};
};

// UserError, with `place` (the file), when the content is no such array or has another length than its header says.
NpyArray parse_npy(const std::string &place, std::span<const uint8_t> content);

// Hands the elements on in order: integers and booleans to one function, floats to the other.
void for_each_element(const NpyArray &array, const std::function<void(int64_t)> &integer,
                      const std::function<void(double)> &real);

// A whole file, version 1.0: elements of a type that NumPy has (int4 is an InternalError).
Bytes npy_file(ElementType type, const Shape &shape, std::span<const uint8_t> elements);

}  // namespace whit
