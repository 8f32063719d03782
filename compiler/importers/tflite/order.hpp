// SPDX-License-Identifier: Apache-2.0
// The order in which a file's operators can run. Files normally list them so; where one does not, they are sorted.
#pragma once

#include <vector>

#include "compiler/importers/tflite/file.hpp"

namespace whit {

// Positions of the operators, each after those that compute its inputs, otherwise as in the file.
// `given` tells, by tensor, what needs no operator: model inputs, constants, variables.
// UserError when a tensor is computed twice, computed though given, used though nothing computes it, or in a cycle.
std::vector<size_t> execution_order(const TfliteSubgraph &subgraph, const std::vector<bool> &given);

}  // namespace whit
