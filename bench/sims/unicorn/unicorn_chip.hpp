// SPDX-License-Identifier: GPL-2.0-or-later
// A chip with its memories, emulated by Unicorn. Two engines share the memories: one without hooks that matter
// runs what is not counted, the other one counts; registers move between them where measuring begins and ends.
#pragma once

#include <memory>

#include "bench/sims/protocol/chip.hpp"
#include "bench/sims/protocol/request.hpp"
#include "bench/sims/unicorn/machine.hpp"

namespace whit::sims {

// `request` must outlive the chip. Throws SimError.
std::unique_ptr<Chip> make_unicorn_chip(const Request &request, Machine machine);

}  // namespace whit::sims
