// SPDX-License-Identifier: Apache-2.0
// The program around a model on this computer: inputs from standard input, outputs to standard output.
#pragma once

#include <string>

#include "compiler/emit/planned_model.hpp"

namespace whit {

// Reads samples until the input ends: all inputs of one sample, one after the other. Writes each sample's outputs
// likewise. With the argument "layers" it writes instead, for the first sample, the output of every layer.
std::string native_harness(const PlannedModel &model);

}  // namespace whit
