// SPDX-License-Identifier: Apache-2.0
// Pictures for the report page: SVG without scripts, so that they open, print and diff.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "bench/measurement.hpp"

namespace whit {

// Values of several magnitudes along a line, by decades.
struct LogScale {
  double low = 1, high = 10;  // the ends, powers of ten
  double begin = 0, end = 1;  // where they are drawn

  // From the decade below the least value to the one above the largest; values must be positive.
  static LogScale around(const std::vector<double> &values, double begin, double end);
  double at(double value) const { return begin + (end - begin) * std::log10(value / low) / std::log10(high / low); }
  std::vector<double> decades() const;
};

// "<" and its like made harmless.
std::string escaped(const std::string &text);

// Colours that tell kinds of things apart, over again after the eighth.
const char *colour(size_t index);

// For each model one row a chip: time, energy and flash as bars, on scales that all models share. Empty if no chip was
// measured.
std::string chips_svg(const std::vector<Measurement> &measurements);

// Each layer with multiply-accumulates by how many it has for each byte it moves and how many it does in a cycle, with
// its share of the cycles as area; dashed, the highest rates of work and of traffic that a layer attained. Empty if
// nothing was counted.
std::string roofline_svg(const Measurement &measurement);

}  // namespace whit
