// SPDX-License-Identifier: Apache-2.0
// From a planned model to the files of its library. Same model, same bytes.
#pragma once

#include <string>
#include <vector>

#include "compiler/base/bytes.hpp"
#include "compiler/emit/planned_model.hpp"

namespace whit {

struct EmittedFile {
  std::string path{};  // within the library's folder
  Bytes content{};
};

// The first sample of the fixed pseudo-random input, and what the host answers to it.
struct GoldenVectors {
  std::vector<Bytes> inputs{};   // one an input of the graph
  std::vector<Bytes> outputs{};  // one an output
};

std::vector<EmittedFile> emit_firmware(const PlannedModel &model, const GoldenVectors &golden);

// The parts, each the text of one file.
std::string emit_face(const PlannedModel &model);       // NAME.h
std::string emit_source(const PlannedModel &model);     // NAME.cpp
std::string emit_constants(const PlannedModel &model);  // NAME_constants.hpp
std::string emit_kernels(const PlannedModel &model);    // NAME_kernels.hpp
std::string emit_selftest(const PlannedModel &model, const GoldenVectors &golden);  // NAME_selftest.cpp
std::string emit_cmake(const PlannedModel &model);               // CMakeLists.txt
std::string emit_arduino_properties(const PlannedModel &model);  // library.properties
std::string emit_readme(const PlannedModel &model);              // README.md

// The comment that opens every emitted file: `what` it is, and its provenance.
std::string emitted_banner(const PlannedModel &model, const std::string &what);

}  // namespace whit
