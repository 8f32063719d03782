// SPDX-License-Identifier: Apache-2.0
// The values of constants in the text form: a list, hexadecimal bytes, one repeated value, a seed.
#pragma once

#include "compiler/ir/graph.hpp"
#include "compiler/ir/text_lexer.hpp"

namespace whit {

// "[1, 2]", "fill 3" or "hex "0102"" (in lines of 64 bytes, indented). The bytes are as many as the tensor takes.
std::string constant_text(const Tensor &tensor);

// The bytes for a tensor of that type and shape. UserError where the values do not suit it, or where they would take
// more than `limit` bytes.
Bytes parse_constant(Lexer &lexer, ElementType type, const Shape &shape, int64_t limit);

// A number token as an integer or as a float; UserError where it is none or out of range.
int64_t parse_integer(Lexer &lexer);
float parse_float(Lexer &lexer);
double parse_double(Lexer &lexer);

}  // namespace whit
