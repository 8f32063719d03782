// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// The loop over samples that every simulator shares: input in, run, output out, counts and dumps on the way.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/sims/protocol/chip.hpp"
#include "bench/sims/protocol/request.hpp"

namespace whit::sims {

struct Result {
  std::vector<SampleCounts> counted;        // of the first `count_samples` samples
  std::vector<std::vector<uint8_t>> dumps;  // in the order of the request
};

// Throws SimError; `bad_file` for input files that are too short and output files that cannot be written.
Result run_samples(const Request &request, Chip &chip);

}  // namespace whit::sims
