// SPDX-License-Identifier: Apache-2.0
#include "bench/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "compiler/base/table.hpp"

namespace whit {

namespace {

double ratio_of(double before, double after) {
  if (before == after) return 1;
  return before > 0 ? after / before : std::numeric_limits<double>::infinity();
}

bool is_worse(const Metric &metric, double before, double after, double tolerance) {
  return metric.larger_is_better ? after < before * (1 - tolerance) : after > before * (1 + tolerance);
}

std::string figure_text(const Metric &metric, double value) {
  return metric.larger_is_better ? fmt::format("{:.2f} %", value * 100) : with_separators(std::llround(value));
}

class PairComparer {
 public:
  PairComparer(const SavedMeasurement &before, const SavedMeasurement &after, double tolerance, Comparison &result)
      : before_(before), after_(after), tolerance_(tolerance), result_(result) {}

  void run() {
    pair_.model = before_.model;
    pair_.target = before_.target;
    const auto metrics = compared_metrics();
    pair_.ratios.resize(metrics.size());
    pair_.worse.resize(metrics.size());
    if (after_.does_not_fit && !before_.does_not_fit) {
      complain("no longer fits");
    } else if (after_.not_measured && !before_.not_measured) {
      complain("was not measured");
    } else {
      for (size_t index = 0; index < metrics.size(); ++index) compare_figure(index);
      if (before_.bit_exact == true && !after_.bit_exact) complain("its answers were not compared with the host's");
    }
    if (after_.bit_exact == false) complain("its answers differ from the host's");
    if (before_.compiler != after_.compiler && !before_.compiler.empty() && !after_.compiler.empty())
      result_.notes.push_back(fmt::format("{}: compiled by \"{}\", before by \"{}\"", before_.pair(), after_.compiler, before_.compiler));
    result_.pairs.push_back(std::move(pair_));
  }

 private:
  void complain(const std::string &what) { result_.regressions.push_back(before_.pair() + ": " + what); }

  void compare_figure(size_t index) {
    const Metric &metric = compared_metrics()[index];
    const auto before = before_.figures[index], after = after_.figures[index];
    if (!before) return;
    if (!after) {
      pair_.worse[index] = true;
      complain(fmt::format("{} {}, now unknown", metric.label, figure_text(metric, *before)));
      return;
    }
    const double ratio = ratio_of(*before, *after);
    pair_.ratios[index] = ratio;
    pair_.worse[index] = is_worse(metric, *before, *after, tolerance_);
    if (pair_.worse[index])
      complain(fmt::format("{} {} -> {} ({:+.2f} %)", metric.label, figure_text(metric, *before), figure_text(metric, *after),
                           (ratio - 1) * 100));
  }

  const SavedMeasurement &before_;
  const SavedMeasurement &after_;
  double tolerance_;
  Comparison &result_;
  PairComparison pair_;
};

const SavedMeasurement *find_pair(const std::vector<SavedMeasurement> &report, const SavedMeasurement &wanted) {
  const auto found = std::find_if(report.begin(), report.end(), [&](const SavedMeasurement &other) {
    return other.model == wanted.model && other.target == wanted.target;
  });
  return found == report.end() ? nullptr : &*found;
}

std::vector<std::string> row_of(const PairComparison &pair) {
  std::vector<std::string> row{pair.model, pair.target};
  for (size_t index = 0; index < pair.ratios.size(); ++index) {
    const auto ratio = pair.ratios[index];
    row.push_back((ratio ? fmt::format("{:.3f}", *ratio) : "-") + (pair.worse[index] ? " !" : ""));
  }
  return row;
}

std::string listed(const char *title, const std::vector<std::string> &lines) {
  std::string text = lines.empty() ? "" : std::string(title) + "\n";
  for (const std::string &line : lines) text += "  " + line + "\n";
  return text;
}

}  // namespace

Comparison compare(const std::vector<SavedMeasurement> &before, const std::vector<SavedMeasurement> &after, double tolerance) {
  Comparison result;
  for (const SavedMeasurement &entry : before) {
    if (const SavedMeasurement *other = find_pair(after, entry))
      PairComparer(entry, *other, tolerance, result).run();
    else
      result.missing.push_back(entry.pair());
  }
  for (const SavedMeasurement &entry : after)
    if (!find_pair(before, entry)) result.added.push_back(entry.pair());
  return result;
}

std::string comparison_table(const Comparison &comparison) {
  std::vector<std::string> header{"model", "target"};
  for (const Metric &metric : compared_metrics()) header.emplace_back(metric.label);
  Table table(header, 2);
  for (const PairComparison &pair : comparison.pairs) table.add(row_of(pair));
  std::string text = comparison.pairs.empty() ? "" : table.text() + "ratios after : before; below 1 is better, for accuracy above 1\n";
  text += listed("worse:", comparison.regressions);
  text += listed("missing in the second report:", comparison.missing);
  text += listed("only in the second report:", comparison.added);
  text += listed("note:", comparison.notes);
  return text;
}

}  // namespace whit
