// SPDX-License-Identifier: Apache-2.0
// Reports as `whit bench --save` writes them, read back for comparing. The file may come from anywhere, so it is hostile:
// only the fields that are compared are taken, each one checked. A budget is such a file with fewer fields.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace whit {

// A figure that two reports are compared by.
struct Metric {
  std::string_view label;           // "flash constants"
  std::string_view group, field;    // where it stands in the object: object[group][field], or object[field]
  bool larger_is_better = false;
};

std::span<const Metric> compared_metrics();

struct SavedMeasurement {
  std::string model{};
  std::string target{};
  std::string compiler{};                         // empty if the report does not say
  std::optional<bool> bit_exact{};
  bool does_not_fit = false;
  bool not_measured = false;                      // a compiler or simulator was missing
  std::vector<std::optional<double>> figures{};   // one for each of compared_metrics(); none where null or left out

  std::string pair() const { return model + " on " + target; }
};

// UserError with `place` and the entry at fault for anything but a list of measurements, each pair once.
std::vector<SavedMeasurement> parse_report(std::string_view text, const std::string &place);

}  // namespace whit
