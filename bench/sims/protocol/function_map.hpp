// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Which function an address of code belongs to, for counting by function.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/sims/protocol/elf_image.hpp"

namespace whit::sims {

class FunctionMap {
 public:
  FunctionMap() = default;
  // Of the image's function symbols. One without a size (assembly) reaches to the next; of several at one address the
  // first global one in alphabetical order names it.
  explicit FunctionMap(const ElfImage &image);

  size_t size() const { return functions_.size(); }
  const std::string &name(size_t index) const { return functions_[index].name; }

  // The index of the function that covers `address`; size() if none does.
  size_t index_of(uint32_t address) const;

 private:
  struct Function {
    uint32_t begin = 0;
    uint32_t end = 0;
    std::string name;
  };
  std::vector<Function> functions_;  // by address, not overlapping
};

}  // namespace whit::sims
