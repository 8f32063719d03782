// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/tflite/resources.hpp"

#include "compiler/importers/tflite/tensor.hpp"

namespace whit {

namespace {

constexpr int64_t most_bytes = int64_t{1} << 26;

}  // namespace

const Tensor &Resources::variable(const std::string &name, const Tensor &like, const std::string &place) {
  const auto [entry, first] = variables_.insert({name, {}});
  Tensor &variable = entry->second;
  if (first) {
    check_size(like.type, like.shape, place);
    bytes_ += like.bytes();
    if (bytes_ > most_bytes)
      throw UserError({place, fmt::format("variables of more than {} MiB", most_bytes >> 20), "what a microcontroller's memory holds", damaged});
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
