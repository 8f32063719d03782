// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/onnx/import.hpp"

#include "compiler/importers/onnx/reader.hpp"
#include "ops/verify.hpp"

namespace whit {

// A model begins with the version of the format, and goes on with another of its fields.
bool is_onnx(std::span<const uint8_t> bytes) {
  constexpr uint8_t version_field = 0x08, latest_version = 30, length_kind = 2;
  return bytes.size() > 3 && bytes[0] == version_field && bytes[1] > 0 && bytes[1] <= latest_version && ((bytes[2] & 7) == length_kind || bytes[2] == 0x28);
}

Module import_onnx(std::span<const uint8_t> bytes, std::string_view place) {
  onnx_file::Model model;
  if (bytes.size() > INT32_MAX || !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    throw UserError({std::string(place), "not a whole ONNX file", "an ONNX file", "was it cut off?"});
  Module module{.graphs = {{.name = "onnx"}}};
  OnnxReader(module.main(), model.graph(), std::string(place)).read();
  verify_import(module);
  return module;
}

}  // namespace whit
