// SPDX-License-Identifier: Apache-2.0
// One tensor of a .tflite file as a tensor of whit's graph, with everything checked that can be checked alone.
#pragma once

#include <vector>

#include "compiler/importers/tflite/file.hpp"
#include "compiler/ir/graph.hpp"

namespace whit {

struct TfliteTensor {
  Tensor tensor{};
  std::vector<bool> dynamic{};  // axes that the file leaves open; they stand as the file's own guess, or as 1
  bool no_sign = false;         // 32 or 64 bits without sign, kept as int32 or int64
  bool resource = false;        // stands for a variable; it has a name only
  bool empty = false;           // a list of no numbers: of axes, or the shape of a scalar
};

// "tensor 7 'conv1/weights'"
std::string tensor_place(int32_t index, std::string_view name);

// UserError (place: the tensor) when type, shape, quantisation or bytes are wrong or do not belong together.
TfliteTensor read_tensor(TfliteFile &file, const TfliteSubgraph &subgraph, int32_t index);

// The first of several scales, for the whole tensor.
Quantization first_of(const Quantization &several);

// What a variable holds at first: its zero point in each byte, null for zeros. The tensor's size has been checked.
std::shared_ptr<const Bytes> reset_value(const Tensor &tensor);

// UserError when an axis is not positive, there are more than eight, or the tensor takes 2 GiB or more.
void check_size(ElementType type, const Shape &shape, const std::string &place);

}  // namespace whit
