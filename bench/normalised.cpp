// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "bench/report.hpp"

namespace whit {

Normalised normalised(const Measurement &m) {
  Normalised result;
  const auto macs = static_cast<double>(m.macs);
  if (m.total && m.total->board_cycles > 0) result.runs_per_second_per_megahertz = 1e6 / static_cast<double>(m.total->board_cycles);
  if (m.macs == 0) return result;
  if (m.total) {
    result.cycles_per_mac = static_cast<double>(m.total->cycles) / macs;
    result.board_cycles_per_mac = static_cast<double>(m.total->board_cycles) / macs;
  }
  if (m.microjoules) result.nanojoules_per_mac = *m.microjoules * 1e3 / macs;
  return result;
}

Shares shares_of(const Measurement &m) {
  Shares shares;
  if (!m.library) return shares;
  if (m.flash_size) shares.flash = static_cast<double>(m.library->code + m.library->constants) / static_cast<double>(*m.flash_size);
  if (!m.ram_size || !m.stack) return shares;
  const int64_t bytes = m.arena.value_or(0) + m.scratch.value_or(0) + m.state.value_or(0) + m.library->data + *m.stack;
  shares.ram = static_cast<double>(bytes) / static_cast<double>(*m.ram_size);
  return shares;
}

std::string three_digits(double value) { return value >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value); }

}  // namespace whit
