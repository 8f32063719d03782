// SPDX-License-Identifier: Apache-2.0
// Random instances in images that fit a chip: built, run on its emulator, beside what the host computes for them.
#pragma once

#include <functional>
#include <vector>

#include "bench/simulation.hpp"
#include "bench/temporary_folder.hpp"
#include "tests/instances.hpp"

namespace whit {

// Half of each memory, and no more kernels than their code leaves room for; a host has room for anything.
inline Room room_on(const Target &target) {
  const auto half = [&](MemoryKind kind, int64_t otherwise) {
    const Memory *memory = target.memory(kind);
    return memory == nullptr ? otherwise : static_cast<int64_t>(memory->size) / 2;
  };
  constexpr int64_t plenty = 1 << 20;
  const int64_t reach = target.core.constants_reach.value_or(INT64_MAX);
  constexpr int64_t code_of_a_kernel = 400, most_nodes = 150;
  const int64_t flash = half(MemoryKind::flash, plenty);
  return {.tensors = half(MemoryKind::ram, plenty), .constants = std::min(flash, reach / 2),
          .nodes = std::min(most_nodes, flash / code_of_a_kernel)};
}

// So many random samples of each input, and both extremes.
inline Samples samples_for(const Graph &graph, size_t random_samples, uint32_t seed) {
  std::mt19937 random(seed);
  Samples samples{.count = random_samples + 2};
  for (TensorId id : graph.inputs) {
    Bytes all;
    for (size_t sample = 0; sample < random_samples; ++sample) {
      const Bytes bytes = random_input(random, graph, id);
      all.insert(all.end(), bytes.begin(), bytes.end());
    }
    for (bool high : {false, true}) {
      const Bytes bytes = extreme_input(graph, id, high);
      all.insert(all.end(), bytes.begin(), bytes.end());
    }
    samples.inputs.push_back(std::move(all));
  }
  return samples;
}

// The samples of one tensor from channel_last to the layout it has on the chip.
inline Bytes in_chip_layout(Tensor tensor, const Bytes &samples) {
  const Layout layout = layout_in_memory(tensor);
  const auto size = static_cast<std::ptrdiff_t>(tensor.bytes());
  Bytes result;
  for (auto begin = samples.begin(); begin != samples.end(); begin += size) {
    tensor.constant = std::make_shared<const Bytes>(begin, begin + size);
    const Bytes turned = bytes_in_layout(tensor, layout);
    result.insert(result.end(), turned.begin(), turned.end());
  }
  return result;
}

inline std::vector<Bytes> in_chip_layout(const Graph &graph, const std::vector<TensorId> &tensors, std::vector<Bytes> samples) {
  for (size_t index = 0; index < tensors.size(); ++index)
    samples[index] = in_chip_layout(graph.tensor(tensors[index]), samples[index]);
  return samples;
}

inline std::vector<Bytes> host_outputs(Graph graph, const Samples &samples) {
  for (Tensor &tensor : graph.tensors) tensor.layout = Layout::channel_last;
  return evaluate_samples(graph, samples);
}

// Outputs come in the order of the instances.
struct ChipRun {
  PlannedModel planned{};
  std::vector<Bytes> host{};
  Image image{};
  Simulation simulation{};
};

inline ChipRun run_in_one_image(const std::vector<Instance> &instances, const Target &target, size_t random_samples, uint32_t seed) {
  Compilation compilation{.planned = planned(instances, target)};
  const Graph &graph = compilation.planned.graph;
  Samples samples = samples_for(graph, random_samples, seed);
  ChipRun run{.host = in_chip_layout(graph, graph.outputs, host_outputs(graph, samples))};
  samples.inputs = in_chip_layout(graph, graph.inputs, samples.inputs);
  compilation.files = emit_firmware(compilation.planned, {.inputs = samples.inputs, .outputs = run.host});
  const TemporaryFolder folder;
  run.image = build_image(compilation, folder.path());
  run.simulation = simulate(compilation, run.image, samples);
  run.planned = std::move(compilation.planned);
  return run;
}

using OnRun = std::function<void(const std::vector<Instance> &, const ChipRun &)>;

// What room_on cannot foresee is the size of the code: instances that do not fit one image go into two.
inline void run_instances(const std::vector<Instance> &instances, const Target &target, size_t random_samples, uint32_t seed,
                          const OnRun &on_run) {
  try {
    on_run(instances, run_in_one_image(instances, target, random_samples, seed));
  } catch (const UserError &error) {
    if (error.code() != ExitCode::does_not_fit || instances.size() == 1) throw;
    const auto middle = instances.begin() + static_cast<std::ptrdiff_t>(instances.size() / 2);
    run_instances({instances.begin(), middle}, target, random_samples, seed, on_run);
    run_instances({middle, instances.end()}, target, random_samples, seed, on_run);
  }
}

}  // namespace whit
