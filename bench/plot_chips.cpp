// SPDX-License-Identifier: Apache-2.0
// Chips side by side. All models share the scales, so that bars compare across the whole picture.
#include <algorithm>
#include <optional>

#include "bench/plots.hpp"
#include "compiler/base/table.hpp"
#include "compiler/base/text_writer.hpp"

namespace whit {

namespace {

constexpr double width = 1060, label_width = 170, panel_width = 225, panel_gap = 70;
constexpr double title_height = 34, row_height = 21, bar_height = 13;

struct Panel {
  const char *title;
  const char *unit;
  const char *colour;
  std::optional<double> (*figure)(const Measurement &);
};

std::optional<double> flash_of(const Measurement &m) {
  if (!m.library) return std::nullopt;
  return static_cast<double>(m.library->code + m.library->constants) / 1024;
}

constexpr Panel panels[] = {{"time of a run", "ms", "#2f6fb0", [](const Measurement &m) { return m.milliseconds; }},
                            {"energy of a run", "&#181;J", "#d1782c", [](const Measurement &m) { return m.microjoules; }},
                            {"flash", "KB", "#3c8f4e", flash_of}};
constexpr size_t panel_count = std::size(panels);

double panel_begin(size_t panel) { return label_width + static_cast<double>(panel) * (panel_width + panel_gap); }

std::string figure_text(double value) {
  if (value >= 100) return with_separators(value, 0);
  if (value >= 1) return fmt::format("{:.1f}", value);
  return fmt::format("{:.2g}", value);
}

class ChipsPlot {
 public:
  explicit ChipsPlot(const std::vector<Measurement> &measurements) {
    for (const Measurement &m : measurements)
      if (m.total && m.milliseconds) shown_.push_back(&m);
    for (size_t panel = 0; panel < panel_count; ++panel) {
      std::vector<double> values;
      for (const Measurement *m : shown_)
        if (const auto value = panels[panel].figure(*m); value && *value > 0) values.push_back(*value);
      scales_.push_back(LogScale::around(values, panel_begin(panel), panel_begin(panel) + panel_width));
    }
  }

  std::string text() {
    if (shown_.empty()) return "";
    std::vector<std::string> models;
    for (const Measurement *m : shown_)
      if (std::find(models.begin(), models.end(), m->model) == models.end()) models.push_back(m->model);
    const double height = title_height + static_cast<double>(models.size()) * title_height + static_cast<double>(shown_.size()) * row_height + 10;
    out_.line("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
              "font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#1d2733\">", width, height);
    write_scales(height);
    double y = title_height;
    for (const std::string &model : models) y = write_model(model, y);
    out_.line("</svg>");
    return out_.text();
  }

 private:
  void write_scales(double height) {
    for (size_t panel = 0; panel < panel_count; ++panel) {
      const LogScale &scale = scales_[panel];
      out_.line("<text x=\"{:.1f}\" y=\"12\" font-weight=\"600\">{}, {}</text>", scale.begin, panels[panel].title, panels[panel].unit);
      for (double tick : scale.decades()) {
        out_.line("<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"30\" y2=\"{1:.0f}\" stroke=\"#e3e8ee\"/>", scale.at(tick), height - 8);
        out_.line("<text x=\"{:.1f}\" y=\"26\" font-size=\"10\" fill=\"#5b6b7c\" text-anchor=\"middle\">{}</text>", scale.at(tick), tick >= 1000 ? with_separators(tick, 0) : fmt::format("{:g}", tick));
      }
    }
  }

  // The quickest chip first. Returns where the next model begins.
  double write_model(const std::string &model, double y) {
    std::vector<const Measurement *> rows;
    for (const Measurement *m : shown_)
      if (m->model == model) rows.push_back(m);
    std::stable_sort(rows.begin(), rows.end(), [](const Measurement *a, const Measurement *b) { return *a->milliseconds < *b->milliseconds; });
    out_.line("<text x=\"0\" y=\"{:.1f}\" font-weight=\"600\">{}</text>", y + title_height - 12, escaped(model));
    y += title_height;
    for (const Measurement *row : rows) {
      write_row(*row, y);
      y += row_height;
    }
    return y;
  }

  void write_row(const Measurement &m, double y) {
    out_.line("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", label_width - 8, y + bar_height - 2, escaped(m.target));
    for (size_t panel = 0; panel < panel_count; ++panel) {
      const LogScale &scale = scales_[panel];
      const auto value = panels[panel].figure(m);
      const double end = value && *value > 0 ? scale.at(*value) : scale.begin;
      if (value) out_.line("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.0f}\" rx=\"2\" fill=\"{}\"/>", scale.begin, y,
                           std::max(1.0, end - scale.begin), bar_height, panels[panel].colour);
      out_.line("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"11\" fill=\"#5b6b7c\">{}</text>", end + 5, y + bar_height - 2,
                value ? figure_text(*value) : "not known");
    }
  }

  std::vector<const Measurement *> shown_;
  std::vector<LogScale> scales_;
  TextWriter out_;
};

}  // namespace

std::string chips_svg(const std::vector<Measurement> &measurements) { return ChipsPlot(measurements).text(); }

}  // namespace whit
