// SPDX-License-Identifier: Apache-2.0
// What one model costs on one target, and whether it answers as the host does.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench/energy.hpp"
#include "bench/simulation.hpp"

namespace whit {

struct LayerMeasurement {
  std::string name{};    // "kws_layer_3"
  std::string op{};
  std::string kernel{};
  std::string shape{};   // of its output
  int64_t macs = 0;
  int64_t bytes = 0;     // of its inputs, constants and outputs, each once
  std::optional<Counts> counts{};
};

// What ran inside one function of a firmware that whit did not emit, callees not included.
struct FunctionMeasurement {
  std::string name{};
  Counts counts{};
};

struct Measurement {
  std::string model{};   // the C name
  std::string file{};
  std::string target{};
  std::string core{};
  std::string options{};
  std::string compiler{};
  std::optional<std::string> misfit{};       // why it does not fit; then nothing below is known
  std::optional<std::string> missing{};      // what this computer lacks to measure it; likewise
  std::optional<bool> bit_exact{};           // outputs of all samples equal the host's
  size_t samples = 0;
  std::optional<double> accuracy{};          // fraction of labels met
  std::optional<Counts> total{};
  std::optional<std::string> cycles_error{};
  std::optional<double> milliseconds{};
  std::optional<double> microjoules{};
  std::optional<double> microjoules_error_percent{};  // of the board file's active power
  std::optional<DutyCycle> duty{};           // if asked for
  std::optional<double> clock_hz{};
  int64_t macs = 0;                          // multiply-accumulates of the model as it was imported; 0: unknown
  std::optional<ImageSize> library{};  // what the model's library takes, or the whole of a firmware; unknown for a program of this computer
  std::optional<int64_t> arena{}, scratch{}, state{};  // known of a model that whit compiled
  std::optional<int64_t> stack{};
  std::optional<uint64_t> flash_size{}, ram_size{};
  std::vector<LayerMeasurement> layers{};
  std::vector<FunctionMeasurement> functions{};  // the most cycles first
  std::string memory_map_svg{};

  bool measured() const { return !misfit && !missing; }
};

struct MeasureOptions {
  CompileOptions compile{};
  Samples samples{};                 // in the model's own types; at least one
  std::vector<int64_t> labels{};     // one a sample, or none
  DutyOptions duty{};
  bool list_missing_tools = false;   // in the Measurement, instead of throwing
};

// Compiles, builds, runs and compares. A model that does not fit gives a Measurement with `misfit` set.
// MissingTool, or if so wished a Measurement with `missing` set, when compiler or simulator are not installed.
Measurement measure(const ImportedModel &model, const MeasureOptions &options, const std::vector<Bytes> &host_outputs);

// A measurement with what the target says of itself, to be filled in.
Measurement measurement_on(const Target &target);

// Time, energy and what they come to over a period, from the counts that are there.
void add_time_and_energy(Measurement &result, const Target &target, const DutyOptions &duty);

// How many classes the first output can name: see accuracy_of.
int64_t class_count(const Tensor &output);

// Fraction of samples whose first output names the label: a single uint8 or int32 is the class itself, otherwise it is
// where the largest element stands; ties go to the lowest index.
double accuracy_of(const Graph &graph, const std::vector<Bytes> &outputs, const std::vector<int64_t> &labels);

}  // namespace whit
