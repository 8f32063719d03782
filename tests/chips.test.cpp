// SPDX-License-Identifier: Apache-2.0
// Conformance: every kernel of every operator on every chip, on random instances, bit for bit what the host computes
// with the portable kernels. WHIT_CONFORMANCE_INSTANCES sets how many instances a generator makes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

#include "bench/missing_tool.hpp"
#include "bench/simulation.hpp"
#include "bench/temporary_folder.hpp"
#include "tests/instances.hpp"

namespace whit {
namespace {

constexpr uint32_t seed = 20250;
constexpr size_t random_samples = 3;

// A chip with little memory takes many images for few instances, so it gets a quarter.
InstanceCounts instances_per_generator(const Target &target) {
  const char *text = std::getenv("WHIT_CONFORMANCE_INSTANCES");
  const int special = text == nullptr ? 8 : std::atoi(text), portable = text == nullptr ? 2 : special;
  const Memory *ram = target.memory(MemoryKind::ram);
  const int share = ram != nullptr && ram->size < 16384 ? 4 : 1;
  const auto count = [&](int all) { return static_cast<size_t>(std::max(1, all / share)); };
  return {count(special), count(portable)};
}

// Half of each memory, and no more kernels than their code leaves room for; a host has room for anything.
Room room_on(const Target &target) {
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

Samples samples_for(const Graph &graph) {
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
Bytes in_chip_layout(Tensor tensor, const Bytes &samples) {
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

std::vector<Bytes> in_chip_layout(const Graph &graph, const std::vector<TensorId> &tensors, std::vector<Bytes> samples) {
  for (size_t index = 0; index < tensors.size(); ++index)
    samples[index] = in_chip_layout(graph.tensor(tensors[index]), samples[index]);
  return samples;
}

std::vector<Bytes> host_outputs(Graph graph, const Samples &samples) {
  for (Tensor &tensor : graph.tensors) tensor.layout = Layout::channel_last;
  return evaluate_samples(graph, samples);
}

void expect_equal(const Instance &instance, size_t output, const Bytes &host, const Bytes &chip) {
  ASSERT_EQ(host.size(), chip.size());
  const auto place = std::mismatch(host.begin(), host.end(), chip.begin());
  EXPECT_EQ(place.first, host.end()) << instance.text() << ": sample "
                                     << (place.first - host.begin()) / instance.view().output(output).bytes() << ", byte "
                                     << (place.first - host.begin()) % instance.view().output(output).bytes() << " of output " << output;
}

// Outputs come in the order of the instances.
void compare_in_one_image(const std::vector<Instance> &instances, const Target &target) {
  Compilation compilation{.planned = planned(instances, target)};
  const Graph &graph = compilation.planned.graph;
  Samples samples = samples_for(graph);
  const std::vector<Bytes> host = in_chip_layout(graph, graph.outputs, host_outputs(graph, samples));
  samples.inputs = in_chip_layout(graph, graph.inputs, samples.inputs);
  compilation.files = emit_firmware(compilation.planned, {.inputs = samples.inputs, .outputs = host});
  const TemporaryFolder folder;
  const Image image = build_image(compilation, folder.path());
  const Simulation simulation = simulate(compilation, image, samples);
  ASSERT_EQ(simulation.outputs.size(), graph.outputs.size());
  if (const Memory *ram = target.memory(MemoryKind::ram)) {
    ASSERT_LE(image.whole.data + simulation.stack.value_or(0), static_cast<int64_t>(ram->size)) << "the stack ran into the tensors";
  }
  size_t first = 0;
  for (const Instance &instance : instances)
    for (size_t output = 0; output < instance.graph.outputs.size(); ++output, ++first)
      expect_equal(instance, output, host[first], simulation.outputs[first]);
}

// What room_on cannot foresee is the size of the code: instances that do not fit one image go into two.
void compare(const std::vector<Instance> &instances, const Target &target) {
  try {
    compare_in_one_image(instances, target);
  } catch (const UserError &error) {
    if (error.code() != ExitCode::does_not_fit || instances.size() == 1) throw;
    const auto middle = instances.begin() + static_cast<std::ptrdiff_t>(instances.size() / 2);
    compare({instances.begin(), middle}, target);
    compare({middle, instances.end()}, target);
  }
}

// A core computes the same on all its boards: for each core the built-in target with the largest memories.
std::vector<std::string> one_target_a_core() {
  std::map<std::string, std::pair<uint64_t, std::string>> largest;
  for (const std::string &name : target_names()) {
    const Target target = load_target(name);
    const Memory *ram = target.memory(MemoryKind::ram);
    auto &entry = largest[target.core.name];
    entry = std::max(entry, {ram == nullptr ? 1 : ram->size, name});
  }
  std::vector<std::string> names;
  for (const auto &[core, entry] : largest) names.push_back(entry.second);
  return names;
}

class Chips : public testing::TestWithParam<std::string> {};

TEST_P(Chips, compute_what_the_host_computes) {
  const Target target = load_target(GetParam());
  const auto instances = random_instances(target.core.features, instances_per_generator(target), seed);
  size_t compared = 0;
  const auto images = images_of(instances, room_on(target));
  try {
    for (const std::vector<Instance> &image : images) {
      compare(image, target);
      compared += image.size();
    }
  } catch (const MissingTool &missing) {
    GTEST_SKIP() << missing.what();
  }
  std::cout << fmt::format("{}: {} of {} instances in {} images\n", target.name, compared, instances.size(), images.size());
  EXPECT_GT(compared, all_operators().size());
}

INSTANTIATE_TEST_SUITE_P(Targets, Chips, testing::ValuesIn(one_target_a_core()), [](const auto &entry) {
  std::string name = entry.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

// Each kernel must be among the instances of a target whose memory fits them, or conformance says nothing about it: among
// eight of each generator, fewer than `make conformance` runs.
TEST(Conformance, covers_every_kernel) {
  std::set<std::string_view> covered;
  for (const std::string &name : one_target_a_core()) {
    const Target target = load_target(name);
    for (const auto &image : images_of(random_instances(target.core.features, {8, 8}, seed), room_on(target)))
      for (const Instance &instance : image) covered.insert(instance.kernel->name);
  }
  for (const OpDef *definition : all_operators())
    for (const Kernel &kernel : definition->kernels)
      EXPECT_TRUE(covered.contains(kernel.name)) << kernel.name << " of " << definition->name;
}

}  // namespace
}  // namespace whit
