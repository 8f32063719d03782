// SPDX-License-Identifier: Apache-2.0
// The name of an emitted library: the stem of its files and the prefix of everything it declares.
#pragma once

#include <string>
#include <string_view>

namespace whit {

// A model file's stem made a library's name ("ds-cnn" -> "ds_cnn", "string" -> "model_string").
std::string library_name_of(std::string_view stem);

// The name as it is. UserError (usage) when it is no identifier or is taken.
std::string checked_library_name(const std::string &name);

}  // namespace whit
