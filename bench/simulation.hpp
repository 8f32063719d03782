// SPDX-License-Identifier: Apache-2.0
// An image run on its board's emulator: outputs of all samples, costs of the first, tensors on request.
#pragma once

#include <optional>
#include <vector>

#include "bench/image.hpp"
#include "bench/simulator.hpp"
#include "compiler/driver/samples.hpp"

namespace whit {

struct SimulationOptions {
  // Also return every layer's output of this sample.
  std::optional<size_t> layers_of_sample{};
};

struct Simulation {
  std::vector<Bytes> outputs{};         // one an output of the graph, samples one after the other
  std::optional<Counts> total{};        // of the first sample; none where nothing is counted
  std::optional<int64_t> stack{};       // bytes, at the deepest
  std::vector<Counts> layers{};         // one a layer, as far as counted
  std::vector<Bytes> layer_outputs{};   // one a layer (its output 0), when asked for
};

// UserError when the emulator cannot be run; check_failed when the firmware does what the chip cannot.
Simulation simulate(const Compilation &compilation, const Image &image, const Samples &samples,
                    const SimulationOptions &options = {});

}  // namespace whit
