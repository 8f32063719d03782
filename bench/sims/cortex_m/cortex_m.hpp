// SPDX-License-Identifier: GPL-2.0-or-later
// The Cortex-M cores as machines of Unicorn.
#pragma once

#include <memory>

#include "bench/sims/protocol/chip.hpp"
#include "bench/sims/protocol/request.hpp"
#include "bench/sims/unicorn/machine.hpp"

namespace whit::sims {

// The `core` member of a request. Throws SimError `bad_request`.
Machine cortex_m_machine(const nlohmann::json &core);

// `request` must outlive the chip. Throws SimError.
std::unique_ptr<Chip> make_cortex_m(const Request &request);

}  // namespace whit::sims
