// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
#include "bench/sims/protocol/function_map.hpp"

#include <elf.h>

#include <algorithm>
#include <map>

namespace whit::sims {

FunctionMap::FunctionMap(const ElfImage &image) {
  std::map<uint32_t, const Symbol *> by_address;
  for (const auto &[name, symbol] : image.symbols) {
    if (!symbol.is_function) continue;
    const Symbol *&known = by_address[image.machine == EM_ARM ? symbol.address & ~1u : symbol.address];
    if (!known || (symbol.is_global && !known->is_global)) known = &symbol;
  }
  for (auto it = by_address.begin(); it != by_address.end(); ++it) {
    const auto next = std::next(it);
    const uint64_t limit = next == by_address.end() ? UINT32_MAX : next->first;
    const uint64_t end = it->second->size == 0 ? limit : std::min(limit, uint64_t{it->first} + it->second->size);
    functions_.push_back({it->first, static_cast<uint32_t>(end), it->second->name});
  }
}

size_t FunctionMap::index_of(uint32_t address) const {
  const auto after = std::upper_bound(functions_.begin(), functions_.end(), address,
                                      [](uint32_t wanted, const Function &function) { return wanted < function.begin; });
  if (after == functions_.begin() || address >= std::prev(after)->end) return functions_.size();
  return static_cast<size_t>(std::prev(after) - functions_.begin());
}

}  // namespace whit::sims
