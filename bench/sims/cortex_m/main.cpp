// SPDX-License-Identifier: GPL-2.0-or-later
// whit-sim-cortex-m: Cortex-M firmware, measured. The protocol on standard input and output is in bench/sims/README.md.
#include <elf.h>

#include <iostream>

#include "bench/sims/cortex_m/cortex_m.hpp"
#include "bench/sims/protocol/server.hpp"

int main() {
  whit::sims::serve(std::cin, std::cout, EM_ARM, whit::sims::make_cortex_m);
  return 0;
}
