// SPDX-License-Identifier: Apache-2.0
// What a run costs when it is repeated: average power and current over a period of run and sleep, and how long a cell
// lasts. Energies are estimates from the board file's figures for active and sleeping power.
#pragma once

#include <optional>
#include <string>

#include "compiler/targets/target.hpp"

namespace whit {

struct Battery {
  double milliampere_hours = 0;
  double volts = 0;
};

// How often the model runs, and from what. Without a period it runs without a pause.
struct DutyOptions {
  std::optional<double> period_seconds{};
  std::optional<Battery> battery{};

  bool any() const { return period_seconds || battery; }
};

struct DutyCycle {
  double period_seconds = 0;
  double active_fraction = 0;                  // above 1: the chip cannot keep up, and nothing below is known
  std::optional<double> average_milliwatts{};  // unknown where the board file lacks a power it needs
  std::optional<double> average_error_percent{};  // of the averages: the active power's error, by its part of them
  std::optional<double> average_microamperes{};  // at the board's supply voltage
  std::optional<double> sleep_microjoules{};   // of the sleep between two runs
  std::optional<double> battery_days{};        // of an ideal cell: no self-discharge, no regulator's loss
  std::optional<double> battery_days_least{}, battery_days_most{};  // at both ends of the error; no most from 100 % on
};

// " (82.1 to 100.3)", in days; empty where the error is not known.
std::string battery_band(const DutyCycle &duty);

// "1s", "250ms", "10min", "2h": seconds. UserError for anything else, and for nothing at all.
double parse_period(const std::string &text);
// "220mAh@3V", "2Ah@3.6V". UserError for anything else.
Battery parse_battery(const std::string &text);

// One run of `milliseconds` each period, asleep in between.
DutyCycle duty_cycle(double milliseconds, const Target &target, const DutyOptions &options);

}  // namespace whit
