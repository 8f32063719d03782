// SPDX-License-Identifier: Apache-2.0
// The whole compilation, step by step: import, exact passes, choice of kernels and layouts, memory plan, source files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/driver/samples.hpp"
#include "compiler/emit/firmware.hpp"

namespace whit {

struct CompileOptions {
  std::string name{};  // of the C face; empty: the file's stem made an identifier
  Target target{};
  Emphasis emphasis = Emphasis::speed;
};

// A model as imported, before any pass: the reference that every firmware must equal.
struct ImportedModel {
  std::filesystem::path path{};
  std::string fingerprint{};
  Graph graph{};
};

struct Compilation {
  PlannedModel planned{};
  std::vector<EmittedFile> files{};
};

// UserError when the file is no model that whit can read.
ImportedModel import_file(const std::filesystem::path &path);
// Everything decided, nothing written yet. UserError when no kernel fits the target.
PlannedModel plan_model(const ImportedModel &model, const CompileOptions &options);
// As above, and the library's files. UserError, code does_not_fit, when the chip's memory is too small.
Compilation compile_model(const ImportedModel &model, const CompileOptions &options);
// Writes the files below `folder`, which is created. UserError when something else than a folder lies there.
void write_firmware(const std::vector<EmittedFile> &files, const std::filesystem::path &folder);

// Bytes of the constants that the chosen kernels read.
int64_t constant_bytes(const PlannedModel &model);

}  // namespace whit
