// SPDX-License-Identifier: Apache-2.0
// The text in an .npy header: a Python dictionary with the keys descr, fortran_order and shape.
#pragma once

#include <string>
#include <string_view>

#include "compiler/ir/types.hpp"

namespace whit {

struct NpyHeader {
  std::string type{};  // "<f4"
  bool fortran_order = false;
  Shape shape{};
};

// UserError, with `place`, when the text is anything else. Axes are 0 or more and fit 63 bits.
NpyHeader parse_npy_header(const std::string &place, std::string_view text);

}  // namespace whit
