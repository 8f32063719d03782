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
  return value ? with_separators(*value, digits) : "-";
}

std::string error_band(const std::optional<double> &percent) { return percent ? fmt::format(" +-{:.3g}%", *percent) : ""; }

std::string percent_or_dash(const std::optional<double> &value) { return value ? fmt::format("{:.1f} %", *value * 100) : "-"; }

// With --period or --battery only.
void add_duty_cells(std::vector<std::string> &row, const Measurement &m) {
  const DutyCycle none;
  const DutyCycle &duty = m.duty ? *m.duty : none;
  row.push_back(m.duty ? fmt::format("{:.2f} %", duty.active_fraction * 100) : "-");
  row.push_back(real_or_dash(duty.sleep_microjoules, 1));
  row.push_back(duty.average_microamperes ? with_separators(*duty.average_microamperes, 1) + error_band(duty.average_error_percent) : "-");
  row.push_back(real_or_dash(duty.battery_days, 1) + battery_band(duty));
}

std::vector<std::string> row_of(const Measurement &m) {
  const Normalised figures = normalised(m);
  const Shares shares = shares_of(m);
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
          real_or_dash(m.microjoules, 1) + error_band(m.microjoules_error_percent),
          real_or_dash(figures.board_cycles_per_mac, 2),
          figures.runs_per_second_per_megahertz ? three_digits(*figures.runs_per_second_per_megahertz) : "-",
          of_library(&ImageSize::code),
          of_library(&ImageSize::constants),
          or_dash(m.arena),
          or_dash(m.scratch),
          or_dash(m.stack),
          percent_or_dash(shares.flash),
          percent_or_dash(shares.ram)};
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
  std::vector<std::string> header{"model", "target", "bit exact", "accuracy", "cycles", "board cycles", "ms", "uJ", "per MAC", "runs/s/MHz",
                                  "code", "constants", "arena", "scratch", "stack", "of flash", "of RAM"};
  const bool has_duty = std::any_of(measurements.begin(), measurements.end(), [](const Measurement &m) { return m.duty.has_value(); });
  if (has_duty) header.insert(header.end(), {"busy", "sleep uJ", "avg uA", "battery days"});
  Table table(header, 2);
  std::string misfits, missing;
  bool any = false;
  for (const Measurement &m : measurements) {
    if (m.misfit) misfits += fmt::format("  {} on {}: {}\n", m.model, m.target, *m.misfit);
    if (m.missing) missing += fmt::format("  {} on {}: {}\n", m.model, m.target, *m.missing);
    if (!m.measured()) continue;
    std::vector<std::string> row = row_of(m);
    if (has_duty) add_duty_cells(row, m);
    table.add(std::move(row));
    any = true;
  }
  std::string text = any ? table.text() : "";
  if (any) text += "cycles: at zero wait states; board cycles, also per MAC: with the board's flash; uJ: estimates; bytes otherwise;\nof flash: code and constants, of RAM: arena to stack, as parts of the chip's\n";
  if (any && has_duty) text += "busy: share of the period, sleep uJ: of the rest of it; averages over run and sleep, of an ideal cell: estimates, with the error of the active power (`whit targets NAME` has the sources)\n";
  for (const Measurement &m : measurements)
    if (!m.functions.empty()) text += function_table(m);
  if (!misfits.empty()) text += "does not fit:\n" + misfits;
  if (!missing.empty()) text += "not measured:\n" + missing;
  return text;
}

}  // namespace whit
