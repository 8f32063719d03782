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
          or_dash(m.arena),
          or_dash(m.scratch),
          or_dash(m.stack)};
}

std::string function_table(const Measurement &m) {
  constexpr size_t shown = 12;
  Table table({"function", "instructions", "cycles", "board cycles", "share"}, 1);
  for (size_t index = 0; index < std::min(shown, m.functions.size()); ++index) {
    const FunctionMeasurement &function = m.functions[index];
    table.add({function.name, with_separators(function.counts.instructions), with_separators(function.counts.cycles),
               with_separators(function.counts.board_cycles),
               fmt::format("{:.1f} %", 100.0 * static_cast<double>(function.counts.cycles) / static_cast<double>(std::max<int64_t>(1, m.total->cycles)))});
  }
  const size_t hidden = m.functions.size() - std::min(shown, m.functions.size());
  return fmt::format("\n{} on {}, by function:\n{}{}", m.model, m.target, table.text(),
                     hidden > 0 ? fmt::format("and {} more (--json)\n", hidden) : "");
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
  for (const Measurement &m : measurements)
    if (!m.functions.empty()) text += function_table(m);
  if (!misfits.empty()) text += "does not fit:\n" + misfits;
  return text;
}

}  // namespace whit
