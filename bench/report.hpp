// SPDX-License-Identifier: Apache-2.0
// Measurements for people and programs: a table for the terminal, JSON, a page to look at.
#pragma once

#include <string>
#include <vector>

#include "bench/measurement.hpp"

namespace whit {

// Figures that let chips and engines of all sizes be compared; none where a part of them is not known.
struct Normalised {
  std::optional<double> cycles_per_mac{};
  std::optional<double> board_cycles_per_mac{};
  std::optional<double> nanojoules_per_mac{};
  std::optional<double> runs_per_second_per_megahertz{};  // 10^6 / board cycles
};

Normalised normalised(const Measurement &measurement);

// Parts of the chip's flash and RAM that the library needs, its tensors and its stack included; none where not known.
struct Shares {
  std::optional<double> flash{};
  std::optional<double> ram{};
};

Shares shares_of(const Measurement &measurement);

// Three digits that matter: "1234", "12.3", "0.00123".
std::string three_digits(double value);

// One row a (model, target); those that do not fit follow with the reason.
std::string report_table(const std::vector<Measurement> &measurements);
// An array with one object a (model, target); the fields are described in docs/guide/read_a_report.md.
std::string report_json(const std::vector<Measurement> &measurements);
// One self-contained HTML page with the table, cycles per layer and memory maps.
std::string report_html(const std::vector<Measurement> &measurements);

}  // namespace whit
