// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/tflite/resources.hpp"

#include "compiler/importers/tflite/tensor.hpp"

namespace whit {

const Tensor &Resources::variable(const std::string &name, const Tensor &like, const std::string &place) {
  const auto [entry, first] = variables_.insert({name, {}});
  Tensor &variable = entry->second;
  if (first) {
    check_size(like.type, like.shape, place);
    variable = {.name = name, .type = like.type, .shape = like.shape, .quantization = like.quantization, .variable = true};
    if (like.quantization.present()) variable.initial = reset_value(variable);
  }
  if (variable.type != like.type || variable.shape != like.shape)
    throw UserError({place,
                     fmt::format("takes variable '{}' for {} of {}", name, text_of(like.shape), name_of(like.type)),
                     fmt::format("{} of {}, as elsewhere", text_of(variable.shape), name_of(variable.type)), damaged});
  return variable;
}

}  // namespace whit
