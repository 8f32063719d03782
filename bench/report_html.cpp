// SPDX-License-Identifier: Apache-2.0
// The report page: one table to compare, then for each measured pair its layers as bars and its memory as a map. No
// script, no outside file: it opens anywhere and prints.
#include <algorithm>

#include "bench/report.hpp"
#include "compiler/base/table.hpp"
#include "compiler/base/text_writer.hpp"
#include "compiler/base/version.hpp"

namespace whit {

namespace {

constexpr const char *style = R"(
body { font: 15px/1.5 system-ui, sans-serif; color: #1d2733; background: #fff; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-top: 1px solid #dde3ea; padding-top: 1.2rem; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: .3rem .55rem; border-bottom: 1px solid #e6ebf0; text-align: right; white-space: nowrap; }
th { background: #f4f7fa; } th.text, td.text { text-align: left; }
.yes { color: #16703a; font-weight: 600; } .no { color: #b3261e; font-weight: 700; }
.bar { background: #2f6fb0; height: .8em; display: inline-block; vertical-align: middle; border-radius: 2px; }
.note { color: #5b6b7c; font-size: 13px; } figure { margin: 1rem 0; overflow-x: auto; }
)";

std::string escaped(const std::string &text) {
  std::string result;
  for (char c : text) {
    if (c == '<') result += "&lt;";
    else if (c == '>') result += "&gt;";
    else if (c == '&') result += "&amp;";
    else if (c == '"') result += "&quot;";
    else result += c;
  }
  return result;
}

std::string number(const std::optional<int64_t> &value) { return value ? with_separators(*value) : "&ndash;"; }

std::string real(const std::optional<double> &value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "&ndash;";
}

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
  if (m.misfit) {
    out.line("<tr><td class=text>{}<td class=text>{}<td class=text colspan=11>does not fit: {}", escaped(m.model),
             escaped(m.target), escaped(*m.misfit));
    return;
  }
  out.line("<tr><td class=text>{}<td class=text>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}",
           escaped(m.model), escaped(m.target), exactness(m), m.accuracy ? fmt::format("{:.2f}&nbsp;%", *m.accuracy * 100) : "&ndash;",
           number(counted(m.total, &Counts::cycles)), number(counted(m.total, &Counts::board_cycles)), real(m.milliseconds, 3),
           real(m.microjoules, 1), of_library(m, &ImageSize::code), of_library(m, &ImageSize::constants), number(m.arena), number(m.scratch), number(m.stack));
}

void write_summary(TextWriter &out, const std::vector<Measurement> &measurements) {
  out.line("<table><tr><th class=text>model<th class=text>target<th>bit exact<th>accuracy<th>cycles<th>board cycles<th>ms<th>&micro;J"
           "<th>code<th>constants<th>arena<th>scratch<th>stack");
  for (const Measurement &m : measurements) write_row(out, m);
  out.line("</table>");
  out.line("<p class=note>Cycles: at zero wait states, counted on the emulated chip for the first sample. Board cycles: with the "
           "board's flash wait states and caches; milliseconds follow from them. &micro;J: active power of the board file times time, "
           "an estimate. Code, constants, arena, scratch and stack in bytes.</p>");
}

void write_layers(TextWriter &out, const Measurement &m) {
  int64_t most = 1;
  for (const LayerMeasurement &layer : m.layers) most = std::max(most, layer.counts ? layer.counts->cycles : 0);
  out.line("<table><tr><th class=text>layer<th class=text>operator<th class=text>kernel<th>output<th>MACs<th>cycles<th>per MAC<th class=text>");
  for (const LayerMeasurement &layer : m.layers) {
    const auto cycles = counted(layer.counts, &Counts::cycles);
    const bool has_ratio = cycles && layer.macs > 0;
    out.line("<tr><td class=text>{}<td class=text>{}<td class=text>{}<td>{}<td>{}<td>{}<td>{}<td class=text>"
             "<span class=bar style=\"width:{:.0f}px\"></span>",
             escaped(layer.name), escaped(layer.op), escaped(layer.kernel), layer.shape, with_separators(layer.macs), number(cycles),
             has_ratio ? fmt::format("{:.2f}", static_cast<double>(*cycles) / static_cast<double>(layer.macs)) : "&ndash;",
             cycles ? 200.0 * static_cast<double>(*cycles) / static_cast<double>(most) : 0.0);
  }
  out.line("</table>");
}

void write_details(TextWriter &out, const Measurement &m) {
  out.line("<h2>{} on {}</h2>", escaped(m.model), escaped(m.target));
  out.line("<p class=note>{} &middot; {} &middot; {}</p>", escaped(m.core), escaped(m.options), escaped(m.compiler));
  if (m.cycles_error) out.line("<p class=note>Modelled cycles against silicon: {}</p>", escaped(*m.cycles_error));
  write_layers(out, m);
  out.line("<figure>");
  out.raw(m.memory_map_svg);
  out.line("</figure>");
}

}  // namespace

std::string report_html(const std::vector<Measurement> &measurements) {
  TextWriter out;
  out.line("<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">");
  out.line("<title>whit bench</title><style>{}</style>", style);
  out.line("<h1>whit bench</h1>");
  out.line("<p class=note>whit {}</p>", version());
  write_summary(out, measurements);
  for (const Measurement &m : measurements)
    if (!m.misfit) write_details(out, m);
  out.line("</html>");
  return out.text();
}

}  // namespace whit
