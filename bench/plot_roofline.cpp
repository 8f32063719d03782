// SPDX-License-Identifier: Apache-2.0
// The roofline of one model on one chip. The roofs are measured, not claimed: the best that a layer of this very run did.
#include <algorithm>
#include <map>

#include "bench/plots.hpp"
#include "compiler/base/text_writer.hpp"

namespace whit {

namespace {

constexpr double width = 760, height = 340, left = 60, right = 560, top = 16, bottom = 292;
constexpr double largest_radius = 26;
constexpr double labelled_share = 0.03;  // of the cycles

struct Point {
  std::string layers{};  // "2 4 6": alike layers share a point
  std::string op{};
  double macs_per_byte = 0;
  double macs_per_cycle = 0;
  double bytes_per_cycle = 0;
  double share = 0;
};

bool is_close(double a, double b) { return std::abs(a - b) <= 0.01 * std::max(a, b); }

// Joins the point of a layer that is like one before it, as networks repeat their blocks.
void add_point(std::vector<Point> &points, const Point &point) {
  for (Point &other : points)
    if (other.op == point.op && is_close(other.macs_per_byte, point.macs_per_byte) && is_close(other.macs_per_cycle, point.macs_per_cycle)) {
      other.layers += " " + point.layers;
      other.share += point.share;
      return;
    }
  points.push_back(point);
}

std::vector<Point> points_of(const Measurement &m) {
  std::vector<Point> points;
  for (size_t index = 0; index < m.layers.size(); ++index) {
    const LayerMeasurement &layer = m.layers[index];
    if (!layer.counts || layer.counts->board_cycles <= 0 || layer.macs <= 0 || layer.bytes <= 0) continue;
    const auto cycles = static_cast<double>(layer.counts->board_cycles);
    const auto macs = static_cast<double>(layer.macs), bytes = static_cast<double>(layer.bytes);
    add_point(points, {std::to_string(index), layer.op, macs / bytes, macs / cycles, bytes / cycles,
                       cycles / static_cast<double>(std::max<int64_t>(1, m.total->board_cycles))});
  }
  return points;
}

std::vector<double> values_of(const std::vector<Point> &points, double Point::*member) {
  std::vector<double> values;
  for (const Point &point : points) values.push_back(point.*member);
  return values;
}

double most(const std::vector<Point> &points, double Point::*member) { return std::ranges::max(values_of(points, member)); }

class Roofline {
 public:
  explicit Roofline(std::vector<Point> points)
      : points_(std::move(points)),
        x_(LogScale::around(values_of(points_, &Point::macs_per_byte), left, right)),
        y_(LogScale::around(values_of(points_, &Point::macs_per_cycle), bottom, top)) {
    for (const Point &point : points_) colours_.try_emplace(point.op, colour(colours_.size()));
  }

  std::string text() {
    out_.line("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
              "font-family=\"system-ui, sans-serif\" font-size=\"11\" fill=\"#1d2733\">", width, height);
    write_axes();
    write_roofs();
    std::stable_sort(points_.begin(), points_.end(), [](const Point &a, const Point &b) { return a.share > b.share; });
    for (const Point &point : points_) write_point(point);
    write_legend();
    out_.line("</svg>");
    return out_.text();
  }

 private:
  void write_axes() {
    for (double tick : x_.decades()) {
      out_.line("<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\" stroke=\"#e3e8ee\"/>", x_.at(tick), top, bottom);
      out_.line("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\" fill=\"#5b6b7c\">{:g}</text>", x_.at(tick), bottom + 15, tick);
    }
    for (double tick : y_.decades()) {
      out_.line("<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"#e3e8ee\"/>", left, right, y_.at(tick));
      out_.line("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\" fill=\"#5b6b7c\">{:g}</text>", left - 6, y_.at(tick) + 4, tick);
    }
    out_.line("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">multiply-accumulates for each byte read or written</text>", (left + right) / 2, bottom + 34);
    out_.line("<text transform=\"translate(14 {}) rotate(-90)\" text-anchor=\"middle\">multiply-accumulates a board cycle</text>", (top + bottom) / 2);
  }

  // min(highest work rate, highest traffic rate x intensity), as far as it lies in the picture.
  void write_roofs() {
    const double work = most(points_, &Point::macs_per_cycle), traffic = most(points_, &Point::bytes_per_cycle);
    const double ridge = std::clamp(work / traffic, x_.low, x_.high);
    const double first = std::clamp(y_.low / traffic, x_.low, ridge);
    out_.line("<polyline fill=\"none\" stroke=\"#9aa7b4\" stroke-dasharray=\"5 4\" points=\"{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}\"/>",
              x_.at(first), y_.at(std::min(work, first * traffic)), x_.at(ridge), y_.at(std::min(work, ridge * traffic)), right, y_.at(work));
  }

  void write_point(const Point &point) {
    const double x = x_.at(point.macs_per_byte), y = y_.at(point.macs_per_cycle);
    out_.line("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"{}\" fill-opacity=\"0.55\" stroke=\"{}\"><title>layers {}: {}, {:.1f} % of the board cycles</title></circle>",
              x, y, std::max(2.5, largest_radius * std::sqrt(point.share)), colours_.at(point.op), colours_.at(point.op), point.layers,
              escaped(point.op), point.share * 100);
    if (point.share >= labelled_share) out_.line("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", x, y + 4, point.layers);
  }

  void write_legend() {
    std::map<std::string, double> shares;
    for (const Point &point : points_) shares[point.op] += point.share;
    double y = top + 10;
    for (const auto &[op, share] : shares) {
      out_.line("<circle cx=\"{}\" cy=\"{:.1f}\" r=\"6\" fill=\"{}\" fill-opacity=\"0.7\"/>", right + 24, y - 4, colours_.at(op));
      out_.line("<text x=\"{}\" y=\"{:.1f}\">{}, {:.0f} %</text>", right + 36, y, escaped(op), share * 100);
      y += 18;
    }
    out_.line("<text x=\"{}\" y=\"{:.1f}\" fill=\"#5b6b7c\">area: share of board cycles</text>", right + 18, y + 6);
    out_.line("<text x=\"{}\" y=\"{:.1f}\" fill=\"#5b6b7c\">dashed: best of any layer,</text>", right + 18, y + 22);
    out_.line("<text x=\"{}\" y=\"{:.1f}\" fill=\"#5b6b7c\">{:.2f} MACs a board cycle</text>", right + 18, y + 36, most(points_, &Point::macs_per_cycle));
  }

  std::vector<Point> points_;
  LogScale x_, y_;
  std::map<std::string, const char *> colours_;
  TextWriter out_;
};

}  // namespace

std::string roofline_svg(const Measurement &measurement) {
  std::vector<Point> points = measurement.total ? points_of(measurement) : std::vector<Point>();
  return points.empty() ? "" : Roofline(std::move(points)).text();
}

}  // namespace whit
