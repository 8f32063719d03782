// SPDX-License-Identifier: Apache-2.0
#include "bench/energy.hpp"

#include <charconv>
#include <string_view>
#include <utility>

#include "compiler/base/error.hpp"
#include "compiler/base/table.hpp"

namespace whit {

namespace {

constexpr double largest_quantity = 1e9;

// The number before one of the units, scaled; none if the text is anything else.
std::optional<double> quantity(std::string_view text, std::initializer_list<std::pair<std::string_view, double>> units) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || !(value > 0 && value <= largest_quantity)) return std::nullopt;
  const std::string_view unit(rest, static_cast<size_t>(text.data() + text.size() - rest));
  for (const auto &[name, scale] : units)
    if (unit == name) return value * scale;
  return std::nullopt;
}

std::optional<double> average_power(const Target &target, double active_fraction) {
  if (!target.active_milliwatts) return std::nullopt;
  if (active_fraction == 1) return target.active_milliwatts;
  if (!target.sleep_milliwatts) return std::nullopt;
  return active_fraction * *target.active_milliwatts + (1 - active_fraction) * *target.sleep_milliwatts;
}

// The active power's error as a part of the average; the sleep's is not known, and small beside it.
std::optional<double> average_error(const Target &target, double active_fraction, double average_milliwatts) {
  if (!target.active_power_error_percent) return std::nullopt;
  return *target.active_power_error_percent * active_fraction * *target.active_milliwatts / average_milliwatts;
}

std::optional<double> sleep_energy(const Target &target, const DutyCycle &duty) {
  if (duty.active_fraction == 1) return 0;
  if (!target.sleep_milliwatts) return std::nullopt;
  return (1 - duty.active_fraction) * duty.period_seconds * *target.sleep_milliwatts * 1e3;
}

void add_battery(DutyCycle &duty, const Battery &battery) {
  const double days = battery.milliampere_hours * battery.volts / *duty.average_milliwatts / 24;
  duty.battery_days = days;
  if (!duty.average_error_percent) return;
  const double error = *duty.average_error_percent / 100;
  duty.battery_days_least = days / (1 + error);
  if (error < 1) duty.battery_days_most = days / (1 - error);
}

}  // namespace

std::string battery_band(const DutyCycle &duty) {
  if (!duty.battery_days_least) return "";
  if (!duty.battery_days_most) return fmt::format(" (at least {})", with_separators(*duty.battery_days_least, 1));
  return fmt::format(" ({} to {})", with_separators(*duty.battery_days_least, 1), with_separators(*duty.battery_days_most, 1));
}

double parse_period(const std::string &text) {
  const auto seconds = quantity(text, {{"ms", 1e-3}, {"s", 1}, {"min", 60}, {"h", 3600}});
  if (!seconds) throw UserError({"--period", fmt::format("\"{}\"", text), "a time such as 250ms, 1s, 10min, 2h", ""}, ExitCode::usage);
  return *seconds;
}

Battery parse_battery(const std::string &text) {
  const size_t at = std::min(text.find('@'), text.size());
  const std::string_view view = text;
  const auto charge = quantity(view.substr(0, at), {{"mAh", 1}, {"Ah", 1e3}});
  const auto volts = quantity(view.substr(std::min(at + 1, text.size())), {{"V", 1}});
  if (!charge || !volts) throw UserError({"--battery", fmt::format("\"{}\"", text), "charge and voltage such as 220mAh@3V", ""}, ExitCode::usage);
  return {*charge, *volts};
}

DutyCycle duty_cycle(double milliseconds, const Target &target, const DutyOptions &options) {
  const double run_seconds = milliseconds / 1e3;
  DutyCycle result{.period_seconds = options.period_seconds.value_or(run_seconds)};
  result.active_fraction = options.period_seconds ? run_seconds / *options.period_seconds : 1;
  if (result.active_fraction > 1) return result;
  result.sleep_microjoules = sleep_energy(target, result);
  result.average_milliwatts = average_power(target, result.active_fraction);
  if (!result.average_milliwatts) return result;
  result.average_error_percent = average_error(target, result.active_fraction, *result.average_milliwatts);
  if (target.supply_volts) result.average_microamperes = *result.average_milliwatts / *target.supply_volts * 1e3;
  if (options.battery) add_battery(result, *options.battery);
  return result;
}

}  // namespace whit
