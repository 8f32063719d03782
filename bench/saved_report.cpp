// SPDX-License-Identifier: Apache-2.0
#include "bench/saved_report.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "compiler/base/error.hpp"

namespace whit {

namespace {

using nlohmann::json;

constexpr size_t longest_name = 200;
constexpr double largest_figure = 1e18;

constexpr std::array<Metric, 11> metrics{{{"cycles", "", "cycles"},
                                          {"board cycles", "", "board_cycles"},
                                          {"instructions", "", "instructions"},
                                          {"code", "flash", "code"},
                                          {"constants", "flash", "constants"},
                                          {"arena", "ram", "arena"},
                                          {"scratch", "ram", "scratch"},
                                          {"state", "ram", "state"},
                                          {"static", "ram", "static"},
                                          {"stack", "ram", "stack"},
                                          {"accuracy", "", "accuracy", true}}};

class Entry {
 public:
  Entry(const json &object, std::string place) : object_(object), place_(std::move(place)) {
    if (!object.is_object()) fail("is not a JSON object");
  }

  // The field's text; printable, since it is shown on terminals.
  std::string name(std::string_view field) const {
    const json *value = find(object_, field);
    if (!value || !value->is_string()) fail(fmt::format("has no text \"{}\"", field));
    const auto &text = value->get_ref<const std::string &>();
    const bool printable = std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; });
    if (text.empty() || text.size() > longest_name || !printable) fail(fmt::format("has a \"{}\" that is no name", field));
    return text;
  }

  std::string name_or_empty(std::string_view field) const { return is_set(field) ? name(field) : ""; }

  bool is_set(std::string_view field) const {
    const json *value = find(object_, field);
    return value && !value->is_null();
  }

  std::optional<bool> truth(std::string_view field) const {
    if (!is_set(field)) return std::nullopt;
    const json &value = *find(object_, field);
    if (!value.is_boolean()) fail(fmt::format("has a \"{}\" that is neither true nor false", field));
    return value.get<bool>();
  }

  std::optional<double> figure(const Metric &metric) const {
    const json *holder = metric.group.empty() ? &object_ : find(object_, metric.group);
    if (!holder || holder->is_null()) return std::nullopt;
    if (!holder->is_object()) fail(fmt::format("has a \"{}\" that is not an object", metric.group));
    const json *value = find(*holder, metric.field);
    if (!value || value->is_null()) return std::nullopt;
    const double number = value->is_number() ? value->get<double>() : -1;
    if (!(number >= 0 && number <= largest_figure)) fail(fmt::format("has a figure \"{}\" that is no count", metric.field));
    return number;
  }

 private:
  static const json *find(const json &object, std::string_view field) {
    const auto found = object.find(field);
    return found == object.end() ? nullptr : &*found;
  }

  [[noreturn]] void fail(const std::string &found) const {
    throw UserError({place_, found, "a report as `whit bench --save` writes it (docs/guide/read_a_report.md)", ""});
  }

  const json &object_;
  std::string place_;
};

SavedMeasurement read_measurement(const Entry &entry) {
  SavedMeasurement result{.model = entry.name("model"),
                          .target = entry.name("target"),
                          .compiler = entry.name_or_empty("compiler"),
                          .bit_exact = entry.truth("bit_exact"),
                          .does_not_fit = entry.is_set("does_not_fit"),
                          .not_measured = entry.is_set("not_measured")};
  for (const Metric &metric : metrics) result.figures.push_back(entry.figure(metric));
  return result;
}

}  // namespace

std::span<const Metric> compared_metrics() { return metrics; }

std::vector<SavedMeasurement> parse_report(std::string_view text, const std::string &place) {
  const json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded() || !parsed.is_array())
    throw UserError({place, "not a report", "the JSON that `whit bench --save` writes", ""});
  std::vector<SavedMeasurement> report;
  std::set<std::pair<std::string, std::string>> seen;
  for (const json &object : parsed) {
    const std::string entry_place = fmt::format("{}, entry {}", place, report.size());
    report.push_back(read_measurement(Entry(object, entry_place)));
    if (!seen.emplace(report.back().model, report.back().target).second)
      throw UserError({entry_place, fmt::format("{} a second time", report.back().pair()), "each pair once", ""});
  }
  return report;
}

}  // namespace whit
