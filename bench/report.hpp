// SPDX-License-Identifier: Apache-2.0
// Measurements for people and programs: a table for the terminal, JSON, a page to look at.
#pragma once

#include <string>
#include <vector>

#include "bench/measurement.hpp"

namespace whit {

// One row a (model, target); those that do not fit follow with the reason.
std::string report_table(const std::vector<Measurement> &measurements);
// An array with one object a (model, target); the fields are described in docs/guide/read_a_report.md.
std::string report_json(const std::vector<Measurement> &measurements);
// One self-contained HTML page with the table, cycles per layer and memory maps.
std::string report_html(const std::vector<Measurement> &measurements);

}  // namespace whit
