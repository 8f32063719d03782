// SPDX-License-Identifier: GPL-2.0-or-later
// whit-sim-cortex-m55: Cortex-M55 firmware, measured in QEMU by the plugin beside this program. The protocol on standard
// input and output is in bench/sims/README.md.
#include <filesystem>
#include <iostream>
#include <string>

#include "bench/sims/cortex_m55/launch.hpp"

int main() {
  const std::string plugin = std::filesystem::read_symlink("/proc/self/exe").replace_filename("whit-qemu-counter.so").string();
  for (std::string line; std::getline(std::cin, line);)
    if (line.find_first_not_of(" \t\r") != std::string::npos) std::cout << whit::sims::ask_qemu(line, plugin) << std::endl;
  return 0;
}
