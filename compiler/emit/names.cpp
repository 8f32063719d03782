// SPDX-License-Identifier: Apache-2.0
#include "compiler/emit/names.hpp"

#include <fmt/format.h>

namespace whit {

const std::string &struct_owner(const PlannedModel &model) { return model.owner.empty() ? model.name : model.owner; }

std::string layer_name(const PlannedModel &model, const Layer &layer) {
  return fmt::format("{}_layer_{}", model.name, layer.number);
}

std::string code_name(const PlannedModel &model, const Layer &layer) { return layer_name(model, layer) + "_code"; }

std::string parameters_name(const PlannedModel &model, const Layer &layer) {
  return layer_name(model, layer) + "_parameters";
}

std::string constant_name(const PlannedModel &model, const Layer &layer, const std::string &constant) {
  return fmt::format("{}_{}", layer_name(model, layer), constant);
}

std::string constant_tensor_name(const PlannedModel &model, TensorId tensor) {
  return fmt::format("{}_constant_{}", model.name, tensor);
}

}  // namespace whit
