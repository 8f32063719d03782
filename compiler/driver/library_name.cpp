// SPDX-License-Identifier: Apache-2.0
// NAME.h lies in a folder that compilers search before their own, so NAME may not be a system header's; NAME is also a target in
// CMake, and the program that measures a library has files and symbols of its own.
#include "compiler/driver/library_name.hpp"

#include <algorithm>
#include <array>

#include "compiler/base/error.hpp"
#include "compiler/base/identifier.hpp"

namespace whit {

namespace {

constexpr std::array<std::string_view, 31> headers = {
    "assert", "complex", "ctype",    "errno",       "fenv",   "float",  "inttypes", "iso646", "limits", "locale",
    "math",   "setjmp",  "signal",   "stdalign",    "stdarg", "stdatomic", "stdbool", "stddef", "stdint", "stdio",
    "stdlib", "string",  "strings",  "stdnoreturn", "tgmath", "threads", "time",    "uchar",  "wchar",
    "features", "picolibc"};
// Targets that CMake makes itself, and the file that every firmware has.
constexpr std::array<std::string_view, 9> of_the_build = {"all",  "clean", "edit_cache", "help",   "install",
                                                          "main", "package", "rebuild_cache", "test"};
constexpr std::array<std::string_view, 4> of_the_harness = {"bench", "bench_harness", "bench_startup", "bench_native"};

bool is_taken(std::string_view name) {
  const std::string lower = identifier_of(name);  // some file systems do not tell Math.h from math.h
  const auto holds = [&lower](const auto &names) { return std::find(names.begin(), names.end(), lower) != names.end(); };
  return holds(headers) || holds(of_the_build) || holds(of_the_harness);
}

}  // namespace

std::string library_name_of(std::string_view stem) {
  std::string name = identifier_of(stem);
  return is_taken(name) ? "model_" + name : name;
}

std::string checked_library_name(const std::string &name) {
  const bool identifier = is_identifier(name);
  if (identifier && !is_taken(name)) return name;
  throw UserError({"--name", fmt::format("\"{}\" {}", name, identifier ? "is the name of a header, of a build target or of whit's own" : "is no C identifier"),
                   "letters, digits and underscores", "try " + library_name_of(name)}, ExitCode::usage);
}

}  // namespace whit
