// SPDX-License-Identifier: Apache-2.0
// The memory map as SVG: the arena, and above it each layer's scratch memory. Rectangles are translucent, so an output
// over its consumed input shows as a darker band.
#include <algorithm>
#include <cmath>

#include "compiler/plan/layers.hpp"
#include "compiler/plan/map.hpp"

namespace whit {

namespace {

constexpr double left = 74, right = 14, top = 22, bottom = 46, plot_height = 320;
constexpr double character_width = 6.4;  // of the 11-pixel font, near enough to see what fits

std::string escaped(std::string_view text) {
  std::string result;
  for (char character : text) switch (character) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += character;
    }
  return result;
}

class SvgMap {
 public:
  SvgMap(const Graph &graph, Kernels kernels, const MemoryPlan &plan)
      : graph_(graph), plan_(plan), blocks_(map_blocks(graph, kernels, plan)), scratch_(scratch_of_layers(graph, kernels)), layers_(layer_nodes(kernels)) {
    const auto steps = static_cast<double>(layers_.size() + 2);  // before the run, the layers, after it
    step_width_ = std::clamp(960.0 / steps, 26.0, 120.0);
    width_ = left + steps * step_width_ + right;
  }

  std::string draw() {
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\" font-family=\"system-ui, sans-serif\" font-size=\"11\" fill=\"currentColor\" "
        "role=\"img\">\n<title>Memory map of {2}: {3} bytes of arena, {4} of scratch</title>\n",
        width_, top + plot_height + bottom, escaped(graph_.name), grouped(plan_.arena_bytes), grouped(plan_.scratch_bytes));
    draw_addresses();
    for (size_t index = 0; index < blocks_.size(); ++index) draw_block(index);
    for (const MapBlock &block : blocks_) draw_label(block);
    for (size_t layer = 0; layer < layers_.size(); ++layer) draw_scratch(layer);
    draw_steps();
    return text_ + "</svg>\n";
  }

 private:
  double x(int64_t step) const { return left + static_cast<double>(step + 1) * step_width_; }
  double y(int64_t address) const {
    const auto all = static_cast<double>(std::max<int64_t>(1, plan_.arena_bytes + plan_.scratch_bytes));
    return top + plot_height * (1 - static_cast<double>(address) / all);
  }
  std::string name_of_step(int64_t step) const {
    if (step < 0) return "before the run";
    if (step >= static_cast<int64_t>(layers_.size())) return "after the run";
    return fmt::format("layer {} ({})", step, graph_.nodes[layers_[static_cast<size_t>(step)]].op);
  }

  void draw_addresses() {
    for (int64_t quarter = 0; quarter <= 4; ++quarter) {
      const int64_t address = plan_.arena_bytes * quarter / 4;
      text_ += fmt::format(
          "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"currentColor\" opacity=\"{}\"/>"
          "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
          left, y(address), width_ - right, y(address), quarter == 4 ? "0.8" : "0.15", left - 6, y(address) + 4,
          grouped(address));
    }
    const double highest = y(plan_.arena_bytes + plan_.scratch_bytes);
    if (y(plan_.arena_bytes) - highest > 26)
      text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">scratch</text>\n", left - 6, (highest + y(plan_.arena_bytes)) / 2);
    text_ += fmt::format("<text x=\"{:.1f}\" y=\"12\" text-anchor=\"end\">bytes</text>\n", left - 6);
  }

  // Above the arena, in the layer that uses it.
  void draw_scratch(size_t layer) {
    if (scratch_[layer] == 0) return;
    const auto step = static_cast<int64_t>(layer);
    const double high = y(plan_.arena_bytes + scratch_[layer]);
    text_ += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"#8a94a0\" fill-opacity=\"0.45\" stroke=\"#5b6b7c\">"
        "<title>scratch of {}: {} bytes</title></rect>\n",
        x(step), high, step_width_, std::max(y(plan_.arena_bytes) - high, 1.0), escaped(name_of_step(step)), grouped(scratch_[layer]));
  }

  void draw_block(size_t index) {
    const MapBlock &block = blocks_[index];
    const double from = x(block.first), width = x(block.last + 1) - from;
    const double high = y(block.end), height = y(block.begin) - high;
    const int hue = static_cast<int>(std::fmod(static_cast<double>(index) * 137.508, 360.0));
    text_ += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"hsl({}, 65%, 55%)\" "
        "fill-opacity=\"0.5\" stroke=\"hsl({}, 65%, 35%)\"><title>{}: {}\n{} bytes at {} to {}\n"
        "written {}, last read {}</title></rect>\n",
        from, high, width, std::max(height, 1.0), hue, hue, escaped(block.label), escaped(block.tensor),
        grouped(block.end - block.begin), grouped(block.begin), grouped(block.end), escaped(name_of_step(block.first)),
        escaped(name_of_step(block.last)));
  }

  // From the block's left edge to the next block drawn over it; its number alone where the whole label is too long.
  void draw_label(const MapBlock &block) {
    const double height = y(block.begin) - y(block.end);
    if (height < 13) return;
    double end = x(block.last + 1);
    for (const MapBlock &other : blocks_)
      if (other.first > block.first && other.begin < block.end && block.begin < other.end)
        end = std::min(end, x(other.first));
    const double room = end - x(block.first) - 6;
    const std::string number = block.label.substr(0, block.label.find(' '));
    const bool whole = character_width * static_cast<double>(block.label.size()) <= room;
    if (!whole && character_width * static_cast<double>(number.size()) > room) return;
    text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" pointer-events=\"none\">{}</text>\n", x(block.first) + 4,
                         y(block.end) + height / 2 + 4, escaped(whole ? block.label : number));
  }

  void draw_steps() {
    const double base = top + plot_height;
    for (int64_t step = -1; step <= static_cast<int64_t>(layers_.size()); ++step) {
      const std::string name = name_of_step(step);
      const bool layer = step >= 0 && step < static_cast<int64_t>(layers_.size());
      const std::string label = layer ? std::to_string(step) : step < 0 ? "in" : "out";
      text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\"><title>{}</title>{}</text>\n",
                           x(step) + step_width_ / 2, base + 16, escaped(name), label);
    }
    text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">layer</text>\n",
                         (left + width_ - right) / 2, base + 36);
  }

  const Graph &graph_;
  const MemoryPlan &plan_;
  std::vector<MapBlock> blocks_;
  std::vector<int64_t> scratch_;  // of each layer
  std::vector<size_t> layers_;    // the node of each
  double step_width_ = 0, width_ = 0;
  std::string text_{};
};

}  // namespace

std::string memory_map_svg(const Graph &graph, Kernels kernels, const MemoryPlan &plan) {
  return SvgMap(graph, kernels, plan).draw();
}

}  // namespace whit
