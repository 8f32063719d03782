// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Counts flash stalls.
#include "bench/sims/timing/flash.hpp"

#include <bit>

namespace whit::sims {
namespace {

uint32_t granules_in(const Region &region) { return (region.size - 1) / region.granule + 1; }

}  // namespace

Flash::Flash(const Region &region)
    : region_(region),
      shift_(static_cast<uint32_t>(std::countr_zero(region.granule))),
      instructions_(region.instruction_lines, granules_in(region)),
      data_(region.data_lines, granules_in(region)) {}

uint32_t Flash::fetch(uint32_t begin, uint32_t end) {
  uint32_t stalls = 0;
  for (uint32_t granule = granule_of(begin); granule <= granule_of(end - 1); ++granule) {
    const bool in_time = region_.prefetch && granule == last_fetched_ + 1;
    if (!instructions_.touch(granule) && !in_time) stalls += region_.wait_states;
    last_fetched_ = granule;
  }
  return stalls;
}

uint32_t Flash::load(uint32_t address, uint32_t bytes) {
  uint32_t stalls = 0;
  for (uint32_t granule = granule_of(address); granule <= granule_of(address + bytes - 1); ++granule) {
    if (!data_.touch(granule)) stalls += region_.wait_states;
  }
  return stalls;
}

}  // namespace whit::sims
