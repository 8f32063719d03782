// SPDX-License-Identifier: Apache-2.0
#include "compiler/driver/library_name.hpp"

#include <gtest/gtest.h>

#include "compiler/base/error.hpp"

namespace whit {
namespace {

TEST(LibraryName, comes_from_the_files_stem) {
  EXPECT_EQ(library_name_of("ds-cnn"), "ds_cnn");
  EXPECT_EQ(library_name_of("bench_press"), "bench_press");
}

TEST(LibraryName, keeps_clear_of_headers_and_of_the_harness) {
  for (const char *stem : {"string", "stdint", "Math", "bench", "bench-harness", "main", "all"})
    EXPECT_TRUE(library_name_of(stem).starts_with("model_")) << stem;
}

TEST(LibraryName, a_chosen_name_is_kept_or_refused_with_another) {
  EXPECT_EQ(checked_library_name("Kws2"), "Kws2");
  for (const char *name : {"2kws", "a-b", "string", "Math", "bench", "int", ""}) {
    try {
      checked_library_name(name);
      ADD_FAILURE() << name;
    } catch (const UserError &error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      EXPECT_NE(error.problems().at(0).hint, "");
    }
  }
}

}  // namespace
}  // namespace whit
