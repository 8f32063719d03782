// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// For tests: small firmware from source, by the cross compilers that the machine has. And files that vanish with the test.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace whit::sims {

// A folder of its own for each test.
class TestFolder {
 public:
  TestFolder() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() / ("whit-sims-" + std::to_string(random()));
    std::filesystem::create_directory(path_);
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder &) = delete;
  TestFolder &operator=(const TestFolder &) = delete;

  std::string file(const std::string &name) const { return (path_ / name).string(); }

  std::string write(const std::string &name, const std::string &contents) const {
    std::ofstream(file(name), std::ios::binary) << contents;
    return file(name);
  }

  std::string read(const std::string &name) const {
    std::ifstream stream(file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

 private:
  std::filesystem::path path_;
};

inline bool has_compiler(const std::string &compiler) { return std::system((compiler + " --version >/dev/null 2>&1").c_str()) == 0; }

// Runs `compiler arguments -o ELF`; the ELF's path, or an empty string after the compiler's complaints on stderr.
inline std::string cross_compile(const TestFolder &folder, const std::string &compiler, const std::string &arguments) {
  static int count = 0;
  const std::string elf = folder.file("firmware" + std::to_string(count++) + ".elf");
  const std::string command = compiler + " " + arguments + " -o " + elf;
  return std::system(command.c_str()) == 0 ? elf : std::string();
}

}  // namespace whit::sims
