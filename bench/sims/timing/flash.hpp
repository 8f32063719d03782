// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Stalls of a flash memory with wait states behind small buffers: a granule that neither buffer holds costs the wait
// states. Both buffers forget their oldest granule first.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/sims/protocol/request.hpp"

namespace whit::sims {

// The granules seen last, oldest out first. A granule is an index from the region's start.
class GranuleBuffer {
 public:
  GranuleBuffer(uint32_t lines, uint32_t granules) : lines_(lines), stamps_(granules, 0) {}

  // True if the granule was held; else it is taken in.
  bool touch(uint32_t granule) {
    uint64_t &stamp = stamps_[granule];
    if (stamp != 0 && sequence_ - stamp < lines_) return true;
    stamp = ++sequence_;
    return false;
  }

  // Changes whenever a granule is taken in.
  uint64_t sequence() const { return sequence_; }

 private:
  uint64_t lines_;
  uint64_t sequence_ = 0;
  std::vector<uint64_t> stamps_;  // the sequence number when each granule was taken in last, 0: never
};

class Flash {
 public:
  explicit Flash(const Region &region);

  // Stall cycles of fetching the instructions in [begin, end), and of loading data. Addresses must lie in the region.
  uint32_t fetch(uint32_t begin, uint32_t end);
  uint32_t load(uint32_t address, uint32_t bytes);

  const Region &region() const { return region_; }
  uint64_t fetch_sequence() const { return instructions_.sequence(); }

 private:
  uint32_t granule_of(uint32_t address) const { return (address - region_.base) >> shift_; }

  Region region_;
  uint32_t shift_;
  GranuleBuffer instructions_;
  GranuleBuffer data_;
  uint32_t last_fetched_ = UINT32_MAX - 1;
};

}  // namespace whit::sims
