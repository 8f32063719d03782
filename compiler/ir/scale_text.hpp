// SPDX-License-Identifier: Apache-2.0
// What a stored integer stands for, for people.
#pragma once

#include <string>

#include "compiler/ir/types.hpp"

namespace whit {

// ", real = 0.0039 x (stored + 128)" with the first scale; empty where there is none.
std::string scale_text(const Quantization &quantization);

}  // namespace whit
