// SPDX-License-Identifier: Apache-2.0
// What a person who misspelt a name may have meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace whit {

// "did you mean conv2d?" where one of the names is near the word: at most a third of the word's characters are to be
// changed, added or left out, whatever the case. Otherwise the other hint.
std::string name_hint(std::string_view word, std::span<const std::string> names, std::string_view otherwise);

}  // namespace whit
