// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace whit {

// "0.1.0": the version of this build, from CMakeLists.txt.
const char *version();

}  // namespace whit
