// SPDX-License-Identifier: Apache-2.0
// CMakeLists.txt of the emitted library.
#include "compiler/base/text_writer.hpp"
#include "compiler/emit/firmware.hpp"

namespace whit {

std::string emit_cmake(const PlannedModel &model) {
  TextWriter out;
  out.line("# {}: add_subdirectory this folder and link the library `{}`.", model.name, model.name);
  out.line("cmake_minimum_required(VERSION 3.13)");
  out.line("project({} CXX)", model.name);
  out.line("add_library({0} STATIC {0}.cpp {0}_selftest.cpp)", model.name);
  out.line("target_include_directories({} PUBLIC ${{CMAKE_CURRENT_SOURCE_DIR}})", model.name);
  out.line("target_compile_features({} PRIVATE cxx_std_11)", model.name);
  out.line("target_compile_options({} PRIVATE -fno-exceptions)  # else libgcc's unwinder comes with it", model.name);
  return out.text();
}

}  // namespace whit
