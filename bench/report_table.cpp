// SPDX-License-Identifier: Apache-2.0
// The terminal's table: columns as wide as their widest cell, numbers to the right.
#include <algorithm>

#include <fmt/format.h>

#include "bench/report.hpp"
#include "compiler/base/table.hpp"

namespace whit {

namespace {

std::string or_dash(const std::optional<int64_t> &value) { return value ? with_separators(*value) : "-"; }

std::string real_or_dash(const std::optional<double> &value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "-";
}

std::vector<std::string> row_of(const Measurement &m) {
  const auto counted = [&](int64_t Counts::*member) {
    return m.total ? with_separators((*m.total).*member) : std::string("-");
  };
  const auto of_library = [&](int64_t ImageSize::*member) {
    return m.library ? with_separators((*m.library).*member) : std::string("-");
  };
  return {m.model,
          m.target,
          m.bit_exact ? (*m.bit_exact ? "yes" : "NO") : "-",
          m.accuracy ? fmt::format("{:.2f} %", *m.accuracy * 100) : "-",
          counted(&Counts::cycles),
          counted(&Counts::board_cycles),
          real_or_dash(m.milliseconds, 3),
          real_or_dash(m.microjoules, 1),
          of_library(&ImageSize::code),
          of_library(&ImageSize::constants),
          with_separators(m.arena),
          with_separators(m.scratch),
          or_dash(m.stack)};
}

}  // namespace

std::string report_table(const std::vector<Measurement> &measurements) {
  Table table({"model", "target", "bit exact", "accuracy", "cycles", "board cycles", "ms", "uJ", "code", "constants", "arena",
               "scratch", "stack"}, 2);
  std::string misfits;
  bool any = false;
  for (const Measurement &m : measurements) {
    if (m.misfit)
      misfits += fmt::format("  {} on {}: {}\n", m.model, m.target, *m.misfit);
    else
      table.add(row_of(m)), any = true;
  }
  std::string text = any ? table.text() : "";
  if (any) text += "cycles: at zero wait states; board cycles: with the board's flash; uJ: estimates; bytes otherwise\n";
  if (!misfits.empty()) text += "does not fit:\n" + misfits;
  return text;
}

}  // namespace whit
