// SPDX-License-Identifier: Apache-2.0
// Two reports held against each other: what each (model, target) costs now for what it cost before, and what got worse.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/saved_report.hpp"

namespace whit {

struct PairComparison {
  std::string model{};
  std::string target{};
  std::vector<std::optional<double>> ratios{};  // after / before, one for each of compared_metrics(); none where not comparable
  std::vector<bool> worse{};                    // likewise: beyond the tolerance
};

struct Comparison {
  std::vector<PairComparison> pairs{};      // in both reports, in the order of the first
  std::vector<std::string> regressions{};   // one sentence each, figures included
  std::vector<std::string> missing{};       // pairs that only the first report has
  std::vector<std::string> added{};         // pairs that only the second has
  std::vector<std::string> notes{};         // what makes figures hard to compare, such as another compiler

  // Nothing got worse and no pair was lost.
  bool holds() const { return regressions.empty() && missing.empty(); }
};

// A figure is worse when it grew (accuracy: sank) by more than `tolerance`, a fraction of the first report's; when it is
// no longer known; when a pair no longer fits or answers other than the host. A figure that the first report lacks is
// not compared.
Comparison compare(const std::vector<SavedMeasurement> &before, const std::vector<SavedMeasurement> &after, double tolerance);

// The ratios as a table ("!" where worse), then regressions, missing and added pairs.
std::string comparison_table(const Comparison &comparison);

}  // namespace whit
