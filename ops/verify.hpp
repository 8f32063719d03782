// SPDX-License-Identifier: Apache-2.0
// Whether a module means something: well-formed graphs (compiler/ir/verify.hpp) whose nodes suit their operators.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/ir/graph.hpp"

namespace whit {

// Structure first; where that holds: known operators, arity, attributes by name and kind, and that every output has the
// type and shape which the operator infers. Empty when all holds.
std::vector<Problem> problems_of(const Module &module);

// For what a user brought: UserError with every problem.
void verify_import(const Module &module);

// For what a stage of whit made: InternalError naming the stage and the first problem.
void verify_stage(const Module &module, std::string_view stage);

}  // namespace whit
