// SPDX-License-Identifier: Apache-2.0
// The list of files that make a library folder.
#include "compiler/emit/firmware.hpp"

#include "compiler/base/version.hpp"

namespace whit {

namespace {

EmittedFile text_file(std::string path, const std::string &text) { return {std::move(path), Bytes(text.begin(), text.end())}; }

void add_golden(std::vector<EmittedFile> &files, const std::vector<Bytes> &tensors, const std::vector<Port> &ports,
                const std::string &kind) {
  for (size_t index = 0; index < ports.size(); ++index)
    files.push_back({fmt::format("golden/{}{}.bin", kind, ports[index].suffix), tensors[index]});
}

}  // namespace

std::vector<EmittedFile> emit_firmware(const PlannedModel &model, const GoldenVectors &golden) {
  std::vector<EmittedFile> files;
  files.push_back(text_file(model.name + ".h", emit_face(model)));
  files.push_back(text_file(model.name + ".cpp", emit_source(model)));
  files.push_back(text_file(model.name + "_constants.hpp", emit_constants(model)));
  files.push_back(text_file(model.name + "_kernels.hpp", emit_kernels(model)));
  files.push_back(text_file(model.name + "_selftest.cpp", emit_selftest(model, golden)));
  files.push_back(text_file("CMakeLists.txt", emit_cmake(model)));
  files.push_back(text_file("library.properties", emit_arduino_properties(model)));
  files.push_back(text_file("README.md", emit_readme(model)));
  add_golden(files, golden.inputs, input_ports(model), "input");
  add_golden(files, golden.outputs, output_ports(model), "output");
  return files;
}

std::string emitted_banner(const PlannedModel &model, const std::string &what) {
  return fmt::format(
      "// {}\n"
      "// Made by whit {} from {} (FNV-1a 64 {}) with {}.\n"
      "// Generated: change the model, not this file.\n",
      what, version(), model.provenance.model_file, model.provenance.model_fingerprint, model.provenance.options);
}

}  // namespace whit
