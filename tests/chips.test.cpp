// SPDX-License-Identifier: Apache-2.0
// Conformance: every kernel of every operator on every chip, on random instances, bit for bit what the host computes
// with the portable kernels. WHIT_CONFORMANCE_INSTANCES sets how many instances a generator makes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

#include "bench/missing_tool.hpp"
#include "tests/instances_on_chip.hpp"

namespace whit {
namespace {

constexpr uint32_t seed = 20250;
constexpr size_t random_samples = 3;

// As many as are asked for; else a chip with little memory, which takes many images for few instances, gets a quarter.
InstanceCounts instances_per_generator(const Target &target) {
  if (const char *text = std::getenv("WHIT_CONFORMANCE_INSTANCES")) {
    const auto asked = static_cast<size_t>(std::max(1, std::atoi(text)));
    return {asked, asked};
  }
  const Memory *ram = target.memory(MemoryKind::ram);
  return ram != nullptr && ram->size < 16384 ? InstanceCounts{2, 1} : InstanceCounts{8, 2};
}

void expect_equal(const Instance &instance, size_t output, const Bytes &host, const Bytes &chip) {
  ASSERT_EQ(host.size(), chip.size());
  const auto place = std::mismatch(host.begin(), host.end(), chip.begin());
  EXPECT_EQ(place.first, host.end()) << instance.text() << ": sample "
                                     << (place.first - host.begin()) / instance.view().output(output).bytes() << ", byte "
                                     << (place.first - host.begin()) % instance.view().output(output).bytes() << " of output " << output;
}

void compare(const std::vector<Instance> &instances, const ChipRun &run) {
  ASSERT_EQ(run.simulation.outputs.size(), run.planned.graph.outputs.size());
  if (const Memory *ram = run.planned.target.memory(MemoryKind::ram)) {
    ASSERT_LE(run.image.whole.data + run.simulation.stack.value_or(0), static_cast<int64_t>(ram->size)) << "the stack ran into the tensors";
  }
  size_t first = 0;
  for (const Instance &instance : instances)
    for (size_t output = 0; output < instance.graph.outputs.size(); ++output, ++first)
      expect_equal(instance, output, run.host[first], run.simulation.outputs[first]);
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

// The kernels all of whose instances are too large for the chip.
std::set<std::string_view> kernels_without_room(const std::vector<Instance> &instances, const std::vector<std::vector<Instance>> &images) {
  std::set<std::string_view> without;
  for (const Instance &instance : instances) without.insert(instance.kernel->name);
  for (const std::vector<Instance> &image : images)
    for (const Instance &instance : image) without.erase(instance.kernel->name);
  return without;
}

class Chips : public testing::TestWithParam<std::string> {};

TEST_P(Chips, compute_what_the_host_computes) {
  const Target target = load_target(GetParam());
  const auto instances = random_instances(target.core.features, instances_per_generator(target), seed);
  size_t compared = 0;
  const auto images = images_of(instances, room_on(target));
  try {
    for (const std::vector<Instance> &image : images) {
      run_instances(image, target, random_samples, seed, compare);
      compared += image.size();
    }
  } catch (const MissingTool &missing) {
    GTEST_SKIP() << missing.what();
  }
  std::cout << fmt::format("{}: {} of {} instances in {} images\n", target.name, compared, instances.size(), images.size());
  if (compared < instances.size()) std::cout << "  no room for any of: " << fmt::format("{}", fmt::join(kernels_without_room(instances, images), " ")) << "\n";
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
