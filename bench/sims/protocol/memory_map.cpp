// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Allocates the regions and loads the firmware into them.
#include "bench/sims/protocol/memory_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "bench/sims/protocol/error.hpp"

namespace whit::sims {
namespace {

constexpr size_t page = 4096;

MemoryMap::Bytes allocate(const Region &, uint64_t bytes) {
  void *memory = std::aligned_alloc(page, bytes);
  if (!memory) throw std::bad_alloc();
  std::fill_n(static_cast<uint8_t *>(memory), bytes, uint8_t{0});
  return {static_cast<uint8_t *>(memory), std::free};
}

}  // namespace

MemoryMap::MemoryMap(const std::vector<Region> &regions, const ElfImage &image) : MemoryMap(regions, image, allocate) {}

MemoryMap::MemoryMap(const std::vector<Region> &regions, const ElfImage &image, const BytesMaker &bytes_of) {
  for (const Region &region : regions) {
    if (region.base % page != 0) throw SimError("bad_request", fmt::format("region `{}` must begin at a multiple of {}", region.name, page));
    const uint64_t bytes = (uint64_t{region.size} + page - 1) / page * page;
    for (const Bank &bank : banks_)
      if (region.base < uint64_t{bank.region.base} + bank.allocated && bank.region.base < region.base + bytes)
        throw SimError("bad_request", fmt::format("regions `{}` and `{}` share {} bytes that begin at a multiple of that", bank.region.name, region.name, page));
    banks_.push_back({region, static_cast<uint32_t>(bytes), bytes_of(region, bytes)});
  }
  for (const Segment &segment : image.segments) {
    if (!bank_of(segment.address) || !bank_of(segment.address)->region.contains(segment.address, segment.bytes.size()))
      throw SimError("bad_firmware", fmt::format("its {} bytes for {:#x} lie outside the memory regions", segment.bytes.size(),
                                                 segment.address));
    std::copy(segment.bytes.begin(), segment.bytes.end(), at(segment.address, segment.bytes.size()).begin());
  }
}

std::span<uint8_t> MemoryMap::at(uint32_t address, uint64_t bytes) {
  const Bank *bank = bank_of(address);
  if (!bank || !bank->region.contains(address, bytes))
    throw SimError("bad_address", fmt::format("no memory region holds {} bytes at {:#x}", bytes, address));
  return {bank->bytes.get() + (address - bank->region.base), static_cast<size_t>(bytes)};
}

const MemoryMap::Bank *MemoryMap::bank_of(uint32_t address) const {
  const auto found = std::find_if(banks_.begin(), banks_.end(), [&](const Bank &bank) { return bank.region.contains(address, 1); });
  return found == banks_.end() ? nullptr : &*found;
}

}  // namespace whit::sims
