// SPDX-License-Identifier: Apache-2.0
// Names from model files as C identifiers.
#pragma once

#include <string>
#include <string_view>

namespace whit {

// Letters, digits and underscores, lower case, never empty, never starting with a digit or ending up a keyword
// ("ds-cnn" -> "ds_cnn", "3d" -> "model_3d", "int" -> "model_int").
std::string identifier_of(std::string_view name);
bool is_identifier(std::string_view name);
// Foreign text (a tensor's or a file's name) that can stand inside a comment of any emitted file: no line breaks and
// other control characters, nothing that opens or closes a C comment or continues a line.
std::string comment_text(std::string_view text);
// "ds_cnn" -> "DS_CNN"
std::string upper_case(std::string_view name);

}  // namespace whit
