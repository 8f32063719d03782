// SPDX-License-Identifier: GPL-2.0-or-later
// The `core` member of a request for the Cortex-M simulator.
#pragma once

#include <nlohmann/json.hpp>

#include "bench/sims/timing/costs.hpp"
#include "bench/sims/timing/instruction.hpp"

namespace whit::sims {

struct Core {
  int unicorn_model = 0;            // UC_CPU_ARM_CORTEX_...
  bool unaligned_data = false;      // single loads and stores may be unaligned
  Features features;
  Costs costs;
};

// Throws SimError `bad_request`.
Core read_core(const nlohmann::json &json);

}  // namespace whit::sims
