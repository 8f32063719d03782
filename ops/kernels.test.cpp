// SPDX-License-Identifier: Apache-2.0
// Every kernel that the host can run, in every layout it declares, against the first portable kernel in channel_last.
#include <gtest/gtest.h>

#include <algorithm>

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"
#include "ops/strided.hpp"

namespace whit {
namespace {

// Which input is the variable that the node writes as that output; beyond the last where it is none.
size_t input_of_variable(const NodeView &node, size_t output) {
  const auto &inputs = node.node().inputs;
  return static_cast<size_t>(std::ranges::find(inputs, node.node().outputs[output]) - inputs.begin());
}

// Bytes of a tensor turned from channel_last into its layout, or back.
Bytes turned(const Bytes &bytes, const Tensor &tensor, bool back) {
  if (layout_in_memory(tensor) == Layout::channel_last) return bytes;
  const auto width = static_cast<size_t>(bits_of(tensor.type) / 8);
  const std::vector<int64_t> strides = strides_of(tensor);
  Bytes result(bytes.size());
  int64_t row_major = 0;
  for (int64_t n = 0; n < tensor.shape[0]; ++n)
    for (int64_t y = 0; y < tensor.shape[1]; ++y)
      for (int64_t x = 0; x < tensor.shape[2]; ++x)
        for (int64_t c = 0; c < tensor.shape[3]; ++c) {
          const int64_t placed = n * strides[0] + y * strides[1] + x * strides[2] + c * strides[3];
          const auto from = static_cast<size_t>(back ? placed : row_major), to = static_cast<size_t>(back ? row_major : placed);
          std::memcpy(&result[to * width], &bytes[from * width], width);
          ++row_major;
        }
  return result;
}

// The outputs in channel_last from inputs in channel_last; the kernel works in the tensors' layouts. Variables stand among
// the inputs too and are written where they lie.
std::vector<Bytes> run(const Kernel &kernel, const NodeView &node, const std::vector<Bytes> &inputs) {
  if (kernel.view) return {inputs[0]};
  KernelCall call = call_of(kernel, node);
  std::vector<Bytes> data;
  std::vector<void *> input_addresses, output_addresses;
  for (size_t index = 0; index < inputs.size(); ++index)
    data.push_back(node.has_input(index) ? turned(inputs[index], node.input(index), false) : Bytes{});
  for (Bytes &bytes : data) input_addresses.push_back(bytes.data());
  std::vector<Bytes> outputs;
  for (size_t index = 0; index < node.output_count(); ++index)
    outputs.emplace_back(static_cast<size_t>(node.output(index).bytes()));
  for (size_t index = 0; index < node.output_count(); ++index) {
    const size_t variable = input_of_variable(node, index);
    output_addresses.push_back(variable < inputs.size() ? input_addresses[variable] : outputs[index].data());
  }
  Bytes scratch(static_cast<size_t>(scratch_of(kernel, node)));
  run_on_host(kernel, call, addresses_of(call, input_addresses, output_addresses, scratch.data()));
  for (size_t index = 0; index < node.output_count(); ++index) {
    const size_t variable = input_of_variable(node, index);
    outputs[index] = variable < inputs.size() ? data[variable] : turned(outputs[index], node.output(index), true);
  }
  return outputs;
}

// How many kernels and layouts agreed.
size_t compare_kernels(Graph graph, std::mt19937 &random) {
  const NodeView node(graph, graph.nodes[0]);
  std::vector<Bytes> inputs;
  for (size_t index = 0; index < node.input_count(); ++index)
    inputs.push_back(node.has_input(index) ? random_input(random, node.graph(), node.node().inputs[index]) : Bytes{});
  const Kernel *reference = portable_kernel(node);
  if (reference->control != Control::none) return 1;  // no function to compare
  const std::vector<Bytes> expected = run(*reference, node, inputs);
  size_t compared = 0;
  for (const Kernel &kernel : operator_of(node.node()).kernels) {
    if ((kernel.host == nullptr && !kernel.view) || !kernel.fits(node)) continue;
    for (const LayoutChoice &choice : layouts_of(kernel, node)) {
      set_layouts(graph, choice);
      EXPECT_EQ(run(kernel, node, inputs), expected)
          << kernel.name << " " << name_of(choice.inputs[0]) << " to " << name_of(choice.outputs[0]) << " on "
          << text_of(node.input(0).shape);
      ++compared;
    }
    set_layouts(graph, {std::vector(node.input_count(), Layout::channel_last),
                        std::vector(node.output_count(), Layout::channel_last)});
  }
  return compared;
}

TEST(Kernels, agree_in_every_layout) {
  std::mt19937 random(5);
  for (const OpDef *definition : all_operators())
    for (RandomGraph make : definition->random_graphs)
      for (int repeat = 0; repeat < 20; ++repeat) EXPECT_GT(compare_kernels(make(random), random), 0U) << definition->name;
}

// A model whose layers need no scratch memory has none to name.
TEST(Kernels, take_scratch_only_where_they_declare_some) {
  std::mt19937 random(7);
  for (const OpDef *definition : all_operators())
    for (RandomGraph make : definition->random_graphs)
      for (int repeat = 0; repeat < 5; ++repeat) {
        const Graph graph = make(random);
        const NodeView node(graph, graph.nodes[0]);
        for (const Kernel &kernel : definition->kernels) {
          if (kernel.call == nullptr || !kernel.fits(node) || scratch_of(kernel, node) > 0) continue;
          const KernelCall call = call_of(kernel, node);
          EXPECT_TRUE(std::none_of(call.arguments.begin(), call.arguments.end(), [](const Argument &argument) {
            return argument.kind == ArgumentKind::scratch;
          })) << kernel.name;
        }
      }
}

// Counts of work are of all images, as measured cycles are.
TEST(Kernels, two_images_are_twice_the_work) {
  std::mt19937 random(7);
  for (const OpDef *definition : all_operators())
    for (size_t draw = 0; definition->image_by_image && definition->macs != nullptr && draw < 40; ++draw) {
      Graph graph = definition->random_graphs[draw % definition->random_graphs.size()](random);
      const Node &node = graph.nodes[0];
      const int64_t images = graph.tensor(node.inputs[0]).shape[0], all = macs_of(NodeView(graph, node));
      for (TensorId id : {node.inputs[0], node.outputs[0]}) graph.tensor(id).shape[0] = 1;
      EXPECT_EQ(all, images * macs_of(NodeView(graph, node))) << definition->name;
    }
}

}  // namespace
}  // namespace whit
