// SPDX-License-Identifier: Apache-2.0
#include "compiler/base/version.hpp"

namespace whit {

const char *version() { return WHIT_VERSION; }

}  // namespace whit
