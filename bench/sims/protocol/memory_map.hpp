// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// The bytes behind the request's memory regions. They lie in this process, so that several engines can share them; an emulator
// that has memory of its own lends it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "bench/sims/protocol/elf_image.hpp"
#include "bench/sims/protocol/request.hpp"

namespace whit::sims {

class MemoryMap {
 public:
  using Bytes = std::unique_ptr<uint8_t[], void (*)(void *)>;

  struct Bank {
    Region region;
    uint32_t allocated;  // bytes, whole pages
    Bytes bytes;         // page-aligned
  };

  // All zero, then the image's segments. Throws `bad_firmware` for a segment outside all regions.
  MemoryMap(const std::vector<Region> &regions, const ElfImage &image);
  // The same in memory that `bytes_of` gives, all zero, as many bytes as it is asked for.
  using BytesMaker = std::function<Bytes(const Region &region, uint64_t bytes)>;
  MemoryMap(const std::vector<Region> &regions, const ElfImage &image, const BytesMaker &bytes_of);

  // Throws SimError of kind `bad_address` if no region holds all of it.
  std::span<uint8_t> at(uint32_t address, uint64_t bytes);

  // The bank that holds `address`, or null.
  const Bank *bank_of(uint32_t address) const;

  const std::vector<Bank> &banks() const { return banks_; }

 private:
  std::vector<Bank> banks_;
};

}  // namespace whit::sims
