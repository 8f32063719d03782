// SPDX-License-Identifier: GPL-3.0-or-later
// whit-sim-avr: AVR firmware, measured. The protocol on standard input and output is in bench/sims/README.md.
#include <elf.h>

#include <iostream>

#include "bench/sims/avr/avr.hpp"
#include "bench/sims/protocol/server.hpp"

int main() {
  whit::sims::serve(std::cin, std::cout, EM_AVR, whit::sims::make_avr);
  return 0;
}
