// SPDX-License-Identifier: Apache-2.0
// Files of a person survive a second compilation, those of an earlier library do not; hostile manifests reach nothing.
#include "compiler/driver/library_folder.hpp"

#include <gtest/gtest.h>

namespace whit {
namespace {

namespace fs = std::filesystem;

EmittedFile file(const char *path, std::string_view text) { return {path, Bytes(text.begin(), text.end())}; }

class LibraryFolder : public testing::Test {
 protected:
  LibraryFolder() : folder_(fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) { fs::remove_all(folder_); }
  ~LibraryFolder() override { fs::remove_all(folder_); }

  std::string text(const char *path) const {
    const Bytes bytes = read_file(folder_ / path);
    return {bytes.begin(), bytes.end()};
  }

  // What it says when it refuses; empty when it writes.
  std::string refusal(const std::vector<EmittedFile> &files) const {
    try {
      write_library_folder(files, folder_);
    } catch (const UserError &error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      EXPECT_NE(error.problems().at(0).hint, "");
      return error.problems().at(0).found;
    }
    return "";
  }

  fs::path folder_;
};

TEST_F(LibraryFolder, its_own_files_are_renewed_and_stale_ones_removed) {
  write_library_folder({file("a.h", "1"), file("golden/input_x.bin", "2")}, folder_);
  write_library_folder({file("b.h", "3"), file("golden/input.bin", "4")}, folder_);
  EXPECT_EQ(text("b.h"), "3");
  EXPECT_EQ(text("golden/input.bin"), "4");
  EXPECT_FALSE(fs::exists(folder_ / "a.h"));
  EXPECT_FALSE(fs::exists(folder_ / "golden/input_x.bin"));
  write_library_folder({file("b.h", "5")}, folder_);
  EXPECT_EQ(text("b.h"), "5");
}

TEST_F(LibraryFolder, a_users_file_is_neither_overwritten_nor_lost) {
  fs::create_directories(folder_);
  write_file(folder_ / "CMakeLists.txt", std::string_view("mine"));
  write_file(folder_ / "main.cpp", std::string_view("mine too"));
  EXPECT_EQ(refusal({file("a.h", "1"), file("CMakeLists.txt", "2")}),
            "a file there that whit did not write, or that changed since, would be lost: CMakeLists.txt");
  EXPECT_EQ(text("CMakeLists.txt"), "mine");
  EXPECT_FALSE(fs::exists(folder_ / "a.h"));
  fs::remove(folder_ / "CMakeLists.txt");
  EXPECT_EQ(refusal({file("a.h", "1"), file("CMakeLists.txt", "2")}), "");
  write_library_folder({file("b.h", "1")}, folder_);
  EXPECT_EQ(text("main.cpp"), "mine too");
}

TEST_F(LibraryFolder, an_edited_file_is_the_users) {
  write_library_folder({file("a.h", "1"), file("b.h", "1")}, folder_);
  write_file(folder_ / "b.h", std::string_view("edited"));
  EXPECT_NE(refusal({file("a.h", "2"), file("b.h", "2")}).find("b.h"), std::string::npos);
  EXPECT_NE(refusal({file("a.h", "2")}).find("b.h"), std::string::npos) << "it would be removed";
  EXPECT_EQ(text("a.h"), "1");
  EXPECT_EQ(text("b.h"), "edited");
}

TEST_F(LibraryFolder, equal_files_without_a_manifest_are_taken) {
  write_library_folder({file("a.h", "1")}, folder_);
  fs::remove(folder_ / manifest_name);
  EXPECT_EQ(refusal({file("a.h", "1")}), "");
  fs::remove(folder_ / manifest_name);
  EXPECT_NE(refusal({file("a.h", "2")}), "");
}

TEST_F(LibraryFolder, folders_and_links_under_a_files_name_are_the_users) {
  fs::create_directories(folder_ / "a.h");
  EXPECT_NE(refusal({file("a.h", "1")}), "");
  fs::remove(folder_ / "a.h");
  fs::create_symlink("/nonexistent", folder_ / "a.h");
  EXPECT_NE(refusal({file("a.h", "1")}), "");
}

TEST_F(LibraryFolder, an_interrupted_renewal_can_be_repeated) {
  const Manifest both{{"a.h", fingerprint(file("a.h", "1").content)}, {"a.h", fingerprint(file("a.h", "2").content)}};
  fs::create_directories(folder_);
  write_file(folder_ / manifest_name, manifest_text(both));
  write_file(folder_ / "a.h", std::string_view("2"));
  EXPECT_EQ(refusal({file("a.h", "3")}), "");
  EXPECT_EQ(text("a.h"), "3");
}

TEST(Manifest, hostile_lines_name_nothing) {
  const std::string hash = "0123456789abcdef";
  const Manifest manifest = parse_manifest("# comment\n" + hash + "  ok.h\n" + hash + "  ../up.h\n" + hash + "  /etc/passwd\n" + hash +
                                           "  golden/../x\n" + hash + "  golden/in.bin\n" + hash + "  .hidden\nnohash  a.h\n" + hash);
  EXPECT_EQ(manifest, (Manifest{{"ok.h", hash}, {"golden/in.bin", hash}}));
  EXPECT_EQ(parse_manifest(manifest_text(manifest)), manifest);
}

}  // namespace
}  // namespace whit
