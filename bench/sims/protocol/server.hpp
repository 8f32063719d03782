// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Requests in, replies out, one JSON object a line, until the input ends.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "bench/sims/protocol/chip.hpp"
#include "bench/sims/protocol/request.hpp"

namespace whit::sims {

using ChipMaker = std::function<std::unique_ptr<Chip>(const Request &)>;

// One line of request to one line of reply (without its newline). Whatever is wrong with the request or the firmware
// becomes a reply; nothing is thrown. `machine` is the ELF machine of the chips that `make_chip` makes.
std::string answer(const std::string &line, uint16_t machine, const ChipMaker &make_chip);

void serve(std::istream &in, std::ostream &out, uint16_t machine, const ChipMaker &make_chip);

}  // namespace whit::sims
