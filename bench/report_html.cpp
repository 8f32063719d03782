// SPDX-License-Identifier: Apache-2.0
// The report page: the chips side by side as bars and as a table, then for each measured pair its layers as bars and on
// the roofline, and its memory as a map. No script, no outside file: it opens anywhere and prints.
#include <algorithm>

#include "bench/plots.hpp"
#include "bench/report.hpp"
#include "compiler/base/table.hpp"
#include "compiler/base/text_writer.hpp"
#include "compiler/base/version.hpp"

namespace whit {

namespace {

constexpr size_t most_open = 6;  // pairs; of more, each unfolds by a click

constexpr const char *style = R"(
body { font: 15px/1.5 system-ui, sans-serif; color: #1d2733; background: #fff; max-width: 1400px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } details { margin-top: 1.5rem; border-top: 1px solid #dde3ea; padding-top: 1rem; }
summary { font-size: 1.15rem; font-weight: 600; cursor: pointer; }
table { border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: .3rem .4rem; border-bottom: 1px solid #e6ebf0; text-align: right; white-space: nowrap; }
th { background: #f4f7fa; } th.text, td.text { text-align: left; }
.yes { color: #16703a; font-weight: 600; } .no { color: #b3261e; font-weight: 700; }
.bar { background: #2f6fb0; height: .8em; display: inline-block; vertical-align: middle; border-radius: 2px; }
.note { color: #5b6b7c; font-size: 13px; } figure, .table { margin: 1rem 0; overflow-x: auto; }
)";

std::string number(const std::optional<int64_t> &value) { return value ? with_separators(*value) : "&ndash;"; }

std::string real(const std::optional<double> &value, int digits) {
  return value ? with_separators(*value, digits) : "&ndash;";
}

std::string percent(const std::optional<double> &value, int digits) {
  return value ? fmt::format("{:.{}f}&nbsp;%", *value * 100, digits) : "&ndash;";
}

std::string error_band(const std::optional<double> &percent) { return percent ? fmt::format(" &plusmn;{:.3g}&nbsp;%", *percent) : ""; }

std::string exactness(const Measurement &m) {
  if (!m.bit_exact) return "&ndash;";
  return *m.bit_exact ? "<span class=yes>yes</span>" : "<span class=no>NO</span>";
}

std::optional<int64_t> counted(const std::optional<Counts> &counts, int64_t Counts::*member) {
  if (!counts) return std::nullopt;
  return (*counts).*member;
}

std::string of_library(const Measurement &m, int64_t ImageSize::*member) {
  return m.library ? with_separators((*m.library).*member) : "&ndash;";
}

void write_row(TextWriter &out, const Measurement &m) {
  if (!m.measured()) {
    out.line("<tr><td class=text>{}<td class=text>{}<td class=text colspan=15>{}: {}", escaped(m.model), escaped(m.target),
             m.misfit ? "does not fit" : "not measured", escaped(m.misfit ? *m.misfit : *m.missing));
    return;
  }
  const Normalised figures = normalised(m);
  const Shares shares = shares_of(m);
  out.line("<tr><td class=text>{}<td class=text>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}",
           escaped(m.model), escaped(m.target), exactness(m), percent(m.accuracy, 2),
           number(counted(m.total, &Counts::cycles)), number(counted(m.total, &Counts::board_cycles)), real(m.milliseconds, 3),
           real(m.microjoules, 1) + error_band(m.microjoules_error_percent), real(figures.board_cycles_per_mac, 2), figures.runs_per_second_per_megahertz ? three_digits(*figures.runs_per_second_per_megahertz) : "&ndash;",
           of_library(m, &ImageSize::code), of_library(m, &ImageSize::constants), number(m.arena), number(m.scratch), number(m.stack),
           percent(shares.flash, 1), percent(shares.ram, 1));
}

void write_summary(TextWriter &out, const std::vector<Measurement> &measurements) {
  out.line("<div class=table><table><tr><th class=text>model<th class=text>target<th>bit exact<th>accuracy<th>cycles<th>board cycles<th>ms<th>&micro;J"
           "<th>board cycles per MAC<th>runs/s/MHz<th>code<th>constants<th>arena<th>scratch<th>stack<th>of flash<th>of RAM");
  for (const Measurement &m : measurements) write_row(out, m);
  out.line("</table></div>");
  out.line("<p class=note>Cycles: at zero wait states, counted on the emulated chip for the first sample. Board cycles: with the "
           "board's flash wait states and caches; milliseconds follow from them. &micro;J: active power of the board file times time, "
           "an estimate. Per MAC: for each multiply-accumulate of the model. Code, constants, arena, scratch and stack in bytes; of flash, of RAM: their part of the chip's.</p>");
}

void write_layers(TextWriter &out, const Measurement &m) {
  int64_t most = 1;
  for (const LayerMeasurement &layer : m.layers) most = std::max(most, layer.counts ? layer.counts->cycles : 0);
  out.line("<table><tr><th>#<th class=text>layer<th class=text>operator<th class=text>kernel<th>output<th>MACs<th>zero-wait cycles<th>zero-wait cycles per MAC<th class=text>");
  for (const LayerMeasurement &layer : m.layers) {
    const auto cycles = counted(layer.counts, &Counts::cycles);
    const bool has_ratio = cycles && layer.macs > 0;
    out.line("<tr><td>{}<td class=text>{}<td class=text>{}<td class=text>{}<td>{}<td>{}<td>{}<td>{}<td class=text>"
             "<span class=bar style=\"width:{:.0f}px\"></span>",
             &layer - m.layers.data(), escaped(layer.name), escaped(layer.op), escaped(layer.kernel), layer.shape, with_separators(layer.macs), number(cycles),
             has_ratio ? fmt::format("{:.2f}", static_cast<double>(*cycles) / static_cast<double>(layer.macs)) : "&ndash;",
             cycles ? 200.0 * static_cast<double>(*cycles) / static_cast<double>(most) : 0.0);
  }
  out.line("</table>");
}

void write_functions(TextWriter &out, const Measurement &m) {
  constexpr size_t shown = 25;
  out.line("<table><tr><th class=text>function<th>instructions<th>cycles<th>board cycles<th class=text>");
  for (size_t index = 0; index < std::min(shown, m.functions.size()); ++index) {
    const FunctionMeasurement &function = m.functions[index];
    out.line("<tr><td class=text>{}<td>{}<td>{}<td>{}<td class=text><span class=bar style=\"width:{:.0f}px\"></span>", escaped(function.name),
             with_separators(function.counts.instructions), with_separators(function.counts.cycles), with_separators(function.counts.board_cycles),
             200.0 * static_cast<double>(function.counts.cycles) / static_cast<double>(std::max<int64_t>(1, m.functions[0].counts.cycles)));
  }
  out.line("</table>");
}

void write_duty(TextWriter &out, const Measurement &m) {
  const DutyCycle &duty = *m.duty;
  out.line("<p>A run every {:g} s: busy {:.2f} % of the time, {} &micro;J asleep, on average {} mW, {} &micro;A{}; the battery lasts {} days{} (estimates).</p>",
           duty.period_seconds, duty.active_fraction * 100, real(duty.sleep_microjoules, 1), real(duty.average_milliwatts, 4),
           real(duty.average_microamperes, 1), error_band(duty.average_error_percent), real(duty.battery_days, 1), battery_band(duty));
}

void write_figure(TextWriter &out, const std::string &svg) {
  if (!svg.empty()) out.line("<figure>\n{}</figure>", svg);
}

void write_details(TextWriter &out, const Measurement &m, bool open) {
  out.line("<details{}><summary>{} on {}</summary>", open ? " open" : "", escaped(m.model), escaped(m.target));
  out.line("<p class=note>{} &middot; {} &middot; {}</p>", escaped(m.core), escaped(m.options), escaped(m.compiler));
  if (m.cycles_error) out.line("<p class=note>Modelled cycles against silicon: {}</p>", escaped(*m.cycles_error));
  if (m.duty) write_duty(out, m);
  if (m.functions.empty()) write_layers(out, m);
  else write_functions(out, m);
  write_figure(out, roofline_svg(m));
  write_figure(out, m.memory_map_svg);
  out.line("</details>");
}

}  // namespace

std::string report_html(const std::vector<Measurement> &measurements) {
  TextWriter out;
  out.line("<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">");
  out.line("<title>whit bench</title><style>{}</style>", style);
  out.line("<h1>whit bench</h1>");
  out.line("<p class=note>whit {}</p>", version());
  write_figure(out, chips_svg(measurements));
  write_summary(out, measurements);
  for (const Measurement &m : measurements)
    if (m.measured()) write_details(out, m, measurements.size() <= most_open);
  out.line("</html>");
  return out.text();
}

}  // namespace whit
