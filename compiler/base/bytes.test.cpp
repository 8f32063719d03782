// SPDX-License-Identifier: Apache-2.0
// Files that are missing, too large or unwritable give errors that name them; hashes match published values.
#include "compiler/base/bytes.hpp"

#include <gtest/gtest.h>

namespace whit {
namespace {

TEST(Bytes, hashes_match_the_published_test_values) {
  const std::string text = "foobar";
  const std::span bytes(reinterpret_cast<const uint8_t *>(text.data()), text.size());
  EXPECT_EQ(fnv1a32(bytes), 0xbf9cf968U);
  EXPECT_EQ(fingerprint(bytes), "85944171f73967e8");
}

TEST(Bytes, a_written_file_reads_back_and_respects_the_limit) {
  const auto path = std::filesystem::temp_directory_path() / "whit_bytes_test.bin";
  write_file(path, std::string_view("abc"));
  EXPECT_EQ(read_file(path), (Bytes{'a', 'b', 'c'}));
  EXPECT_THROW(read_file(path, 2), UserError);
  std::filesystem::remove(path);
  EXPECT_THROW(read_file(path), UserError);
}

TEST(Bytes, writing_into_a_missing_folder_is_the_users_error) {
  try {
    write_file("/nonexistent-folder/file", std::string_view("x"));
    FAIL() << "no error";
  } catch (const UserError &error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
  }
}

TEST(Problem, text_leaves_out_what_is_empty) {
  EXPECT_EQ((Problem{"model.tflite", "truncated", "", "export again"}).text(),
            "model.tflite: truncated\n  hint: export again");
}

}  // namespace
}  // namespace whit
