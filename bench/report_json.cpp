// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "bench/report.hpp"

namespace whit {

namespace {

using json = nlohmann::ordered_json;

template <typename T>
json or_null(const std::optional<T> &value) {
  return value ? json(*value) : json(nullptr);
}

json layer_object(const LayerMeasurement &layer) {
  json object = {{"name", layer.name}, {"op", layer.op}, {"kernel", layer.kernel}, {"shape", layer.shape}, {"macs", layer.macs}, {"bytes", layer.bytes}};
  object["instructions"] = layer.counts ? json(layer.counts->instructions) : json(nullptr);
  object["cycles"] = layer.counts ? json(layer.counts->cycles) : json(nullptr);
  object["board_cycles"] = layer.counts ? json(layer.counts->board_cycles) : json(nullptr);
  return object;
}

json function_object(const FunctionMeasurement &function) {
  return {{"name", function.name},
          {"instructions", function.counts.instructions},
          {"cycles", function.counts.cycles},
          {"board_cycles", function.counts.board_cycles}};
}

json duty_object(const DutyCycle &duty) {
  return {{"period_seconds", duty.period_seconds},
          {"active_fraction", duty.active_fraction},
          {"average_milliwatts", or_null(duty.average_milliwatts)},
          {"average_error_percent", or_null(duty.average_error_percent)},
          {"average_microamperes", or_null(duty.average_microamperes)},
          {"sleep_microjoules", or_null(duty.sleep_microjoules)},
          {"battery_days", or_null(duty.battery_days)},
          {"battery_days_least", or_null(duty.battery_days_least)},
          {"battery_days_most", or_null(duty.battery_days_most)}};
}

json normalised_object(const Normalised &figures) {
  return {{"cycles_per_mac", or_null(figures.cycles_per_mac)},
          {"board_cycles_per_mac", or_null(figures.board_cycles_per_mac)},
          {"nanojoules_per_mac", or_null(figures.nanojoules_per_mac)},
          {"runs_per_second_per_megahertz", or_null(figures.runs_per_second_per_megahertz)}};
}

json object_of(const Measurement &m) {
  json object = {{"model", m.model}, {"target", m.target}, {"core", m.core}};
  object["bit_exact"] = or_null(m.bit_exact);
  object["samples"] = m.samples;
  object["accuracy"] = or_null(m.accuracy);
  object["instructions"] = m.total ? json(m.total->instructions) : json(nullptr);
  object["cycles"] = m.total ? json(m.total->cycles) : json(nullptr);
  object["board_cycles"] = m.total ? json(m.total->board_cycles) : json(nullptr);
  object["cycles_error"] = or_null(m.cycles_error);
  object["milliseconds"] = or_null(m.milliseconds);
  object["microjoules"] = or_null(m.microjoules);
  object["microjoules_error_percent"] = or_null(m.microjoules_error_percent);
  if (m.duty) object["duty_cycle"] = duty_object(*m.duty);
  object["macs"] = m.macs > 0 ? json(m.macs) : json(nullptr);
  object["clock_hz"] = or_null(m.clock_hz);
  object["normalised"] = normalised_object(normalised(m));
  const auto of_library = [&](int64_t ImageSize::*member) { return m.library ? json((*m.library).*member) : json(nullptr); };
  object["flash"] = {{"code", of_library(&ImageSize::code)}, {"constants", of_library(&ImageSize::constants)},
                     {"size", or_null(m.flash_size)}, {"share", or_null(shares_of(m).flash)}};
  object["ram"] = {{"arena", or_null(m.arena)}, {"scratch", or_null(m.scratch)}, {"state", or_null(m.state)},
                   {"static", of_library(&ImageSize::data)}, {"stack", or_null(m.stack)},
                   {"size", or_null(m.ram_size)}, {"share", or_null(shares_of(m).ram)}};
  object["layers"] = json::array();
  for (const LayerMeasurement &layer : m.layers) object["layers"].push_back(layer_object(layer));
  for (const FunctionMeasurement &function : m.functions) object["functions"].push_back(function_object(function));
  object["options"] = m.options;
  object["compiler"] = m.compiler.empty() ? json(nullptr) : json(m.compiler);
  object["does_not_fit"] = or_null(m.misfit);
  object["not_measured"] = or_null(m.missing);
  return object;
}

}  // namespace

std::string report_json(const std::vector<Measurement> &measurements) {
  json array = json::array();
  for (const Measurement &measurement : measurements) array.push_back(object_of(measurement));
  return array.dump(2) + "\n";
}

}  // namespace whit
