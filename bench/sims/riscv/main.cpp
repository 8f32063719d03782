// SPDX-License-Identifier: GPL-2.0-or-later
// whit-sim-riscv: 32-bit RISC-V firmware, measured. The protocol on standard input and output is in bench/sims/README.md.
#include <elf.h>

#include <iostream>

#include "bench/sims/protocol/server.hpp"
#include "bench/sims/riscv/riscv.hpp"

int main() {
  whit::sims::serve(std::cin, std::cout, EM_RISCV, whit::sims::make_riscv);
  return 0;
}
