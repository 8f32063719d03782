// SPDX-License-Identifier: Apache-2.0
// How things are called in emitted source.
#pragma once

#include <string>

#include "compiler/emit/planned_model.hpp"

namespace whit {

// Whose struct holds its memory: its own, or of a body its owner's.
const std::string &struct_owner(const PlannedModel &model);
std::string layer_name(const PlannedModel &model, const Layer &layer);        // kws_layer_3
std::string code_name(const PlannedModel &model, const Layer &layer);         // kws_layer_3_code
std::string parameters_name(const PlannedModel &model, const Layer &layer);   // kws_layer_3_parameters
std::string constant_name(const PlannedModel &model, const Layer &layer, const std::string &constant);
std::string constant_tensor_name(const PlannedModel &model, TensorId tensor);  // kws_constant_7

}  // namespace whit
