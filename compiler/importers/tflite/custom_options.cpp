// SPDX-License-Identifier: Apache-2.0
// Verification and look-up of custom options.
#include "compiler/importers/tflite/custom_options.hpp"

namespace whit {

namespace {

flexbuffers::Map verified(const OperatorReader &reader) {
  const std::span<const uint8_t> bytes = reader.custom_options();
  if (bytes.empty() || !flexbuffers::VerifyBuffer(bytes.data(), bytes.size(), nullptr))
    reader.fail("options that are no FlexBuffer", "a map of options", damaged);
  const flexbuffers::Reference root = flexbuffers::GetRoot(bytes.data(), bytes.size());
  if (!root.IsMap()) reader.fail("options that are no map", "a map of options", damaged);
  return root.AsMap();
}

}  // namespace

CustomOptions::CustomOptions(const OperatorReader &reader) : reader_(reader), map_(verified(reader)) {}

flexbuffers::Reference CustomOptions::number(const char *name) const {
  const flexbuffers::Reference value = map_[name];
  if (!value.IsNumeric() && !value.IsBool())
    reader_.fail(fmt::format("no option '{}'", name), "the option as a number", damaged);
  return value;
}

int64_t CustomOptions::integer(const char *name) const { return number(name).AsInt64(); }
float CustomOptions::real(const char *name) const { return number(name).AsFloat(); }

}  // namespace whit
