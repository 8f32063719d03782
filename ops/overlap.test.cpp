// SPDX-License-Identifier: Apache-2.0
// Every overlap that a kernel with a host function declares, tried in each of its layouts: at the largest legal delta, and
// at every exact one, the output over its own input equals the output in a place of its own.
#include <gtest/gtest.h>

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"

namespace whit {
namespace {

// Runs the kernel with input `over` and output 0 sharing one buffer at that delta.
Bytes run_overlapped(const Kernel &kernel, const NodeView &node, const std::vector<Bytes> &inputs, size_t over,
                     int64_t delta) {
  const auto input_bytes = static_cast<size_t>(node.input(over).bytes());
  const auto output_bytes = static_cast<size_t>(node.output().bytes());
  const size_t input_begin = delta < 0 ? static_cast<size_t>(-delta) : 0;
  const size_t output_begin = delta < 0 ? 0 : static_cast<size_t>(delta);
  std::vector<uint64_t> storage((std::max(input_begin + input_bytes, output_begin + output_bytes) + 15) / 8);
  auto *base = reinterpret_cast<uint8_t *>(storage.data());
  std::memcpy(base + input_begin, inputs[over].data(), input_bytes);
  KernelCall call = call_of(kernel, node);
  Bytes scratch(static_cast<size_t>(scratch_of(kernel, node)));
  std::vector<Bytes> copies = inputs, others;
  std::vector<void *> input_addresses, output_addresses{base + output_begin};
  for (Bytes &copy : copies) input_addresses.push_back(copy.data());
  input_addresses[over] = base + input_begin;
  for (size_t output = 1; output < node.output_count(); ++output) {
    others.emplace_back(static_cast<size_t>(node.output(output).bytes()));
    output_addresses.push_back(others.back().data());
    for (size_t index = 0; index < copies.size(); ++index)  // variables are inputs and outputs
      if (node.node().inputs[index] == node.node().outputs[output]) output_addresses[output] = copies[index].data();
  }
  run_on_host(kernel, call, addresses_of(call, input_addresses, output_addresses, scratch.data()));
  return Bytes(base + output_begin, base + output_begin + output_bytes);
}

// A delta that is a multiple of the wider elements' width, so that typed access stays aligned.
int64_t aligned_delta(int64_t delta, const NodeView &node) {
  const int64_t width = std::max(bits_of(node.input(0).type), bits_of(node.output().type)) / 8;
  return delta >= 0 ? delta / width * width : -((-delta + width - 1) / width * width);
}

void try_overlaps(const Kernel &kernel, const NodeView &node, std::mt19937 &random) {
  std::vector<Bytes> inputs;
  for (size_t index = 0; index < node.input_count(); ++index)
    inputs.push_back(node.has_input(index) ? random_input(random, node.graph(), node.node().inputs[index]) : Bytes{});
  for (const Overlap &overlap : overlap_of(kernel, node)) {
    const int64_t apart = node.input(overlap.input).bytes();
    const Bytes expected = run_overlapped(kernel, node, inputs, overlap.input, (apart + 7) / 8 * 8);
    std::vector<int64_t> deltas = overlap.exactly;
    if (overlap.at_most)
      for (int64_t back : {0, 1, 7, 64}) deltas.push_back(*overlap.at_most - back);
    for (int64_t delta : deltas)
      EXPECT_EQ(run_overlapped(kernel, node, inputs, overlap.input, aligned_delta(delta, node)), expected)
          << kernel.name << " at delta " << delta << " for input " << text_of(node.input(0).shape);
  }
}

// The node by each kernel that the host can call; how many kernels.
size_t try_kernels(Graph graph, std::mt19937 &random) {
  const NodeView node(graph, graph.nodes[0]);
  size_t tried = 0;
  for (const Kernel &kernel : operator_of(node.node()).kernels) {
    if (kernel.host == nullptr || !kernel.fits(node)) continue;
    for (const LayoutChoice &choice : layouts_of(kernel, node)) {
      set_layouts(graph, choice);
      try_overlaps(kernel, node, random);
    }
    set_layouts(graph, {std::vector(node.input_count(), Layout::channel_last), std::vector(node.output_count(), Layout::channel_last)});
    ++tried;
  }
  return tried;
}

TEST(Overlap, kernels_keep_their_word) {
  std::mt19937 random(20261122);
  for (const OpDef *definition : all_operators())
    for (RandomGraph make : definition->random_graphs) {
      size_t tried = 0;
      for (int repeat = 0; repeat < 40; ++repeat) tried += try_kernels(make(random), random);
      const Graph graph = make(random);
      const Kernel *kernel = portable_kernel({graph, graph.nodes[0]});
      EXPECT_TRUE(tried > 0 || kernel->view || kernel->control != Control::none) << definition->name;
    }
}

}  // namespace
}  // namespace whit
