// SPDX-License-Identifier: Apache-2.0
// Thrown when this computer lacks what a target needs: its cross compiler, that compiler's library, its simulator. The
// model and the target may be sound, so `whit bench --target all` goes on with the others.
#pragma once

#include "compiler/base/error.hpp"

namespace whit {

class MissingTool : public UserError {
 public:
  using UserError::UserError;
};

}  // namespace whit
