// SPDX-License-Identifier: Apache-2.0
// Kernels are asked about a working copy of the graph that has the layouts in question.
#include "compiler/plan/options.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "ops/op_def.hpp"

namespace whit {

namespace {

std::string types_of(const Graph &graph, const std::vector<TensorId> &tensors) {
  std::vector<std::string> texts;
  for (TensorId id : tensors)
    if (id != no_tensor)
      texts.push_back(fmt::format("{} {}", name_of(graph.tensor(id).type), text_of(graph.tensor(id).shape)));
  return fmt::format("{}", fmt::join(texts, ", "));
}

class OptionFinder {
 public:
  OptionFinder(const Graph &graph, const ChooseOptions &options)
      : work_(graph), options_(options), free_(free_layouts(graph)) {
    for (Tensor &tensor : work_.tensors) tensor.layout = Layout::channel_last;
  }

  std::vector<NodeOptions> all() {
    std::vector<std::vector<const Kernel *>> kernels;
    std::vector<bool> views;
    Problems problems;
    for (const Node &node : work_.nodes) {
      kernels.push_back(fitting(node, problems));
      views.push_back(!kernels.back().empty() && kernels.back()[0]->view);
    }
    problems.throw_if_any();
    storage_ = storage_of(work_, views);
    std::vector<NodeOptions> result;
    for (size_t index = 0; index < work_.nodes.size(); ++index) result.push_back(options_of(index, kernels[index]));
    return result;
  }

 private:
  std::span<const Kernel> candidates(const Node &node) const {
    return options_.kernels_of ? options_.kernels_of(node) : operator_of(node).kernels;
  }

  std::vector<const Kernel *> fitting(const Node &node, Problems &problems) const {
    const NodeView view(work_, node);
    std::vector<const Kernel *> result;
    bool other_core = false, too_much_scratch = false;
    for (const Kernel &kernel : candidates(node)) {
      if (!kernel.fits(view)) continue;
      if (kernel.view) return {&kernel};
      if (!options_.features.includes(kernel.features))
        other_core = true;
      else if (options_.most_scratch && scratch_of(kernel, view) > *options_.most_scratch)
        too_much_scratch = true;
      else
        result.push_back(&kernel);
    }
    if (result.empty()) problems.add(nothing_fits(view, other_core, too_much_scratch));
    return result;
  }

  Problem nothing_fits(const NodeView &view, bool other_core, bool too_much_scratch) const {
    const OpDef *definition = find_operator(view.node().op);
    std::string supported = definition == nullptr ? "" : std::string(definition->limits);
    if (too_much_scratch)
      supported = fmt::format("kernels with up to {} bytes of scratch memory", *options_.most_scratch);
    if (supported.empty()) supported = fmt::format("see `whit ops {}`", view.node().op);
    return {view.place(),
            fmt::format("no kernel for ({}) -> ({})", types_of(work_, view.node().inputs),
                        types_of(work_, view.node().outputs)),
            supported,
            other_core ? "a core with more features has a kernel for it: see `whit targets`"
                       : "convert or quantise the model differently"};
  }

  NodeOptions options_of(size_t index, const std::vector<const Kernel *> &kernels) {
    NodeOptions result;
    for (const Kernel *kernel : kernels)
      for (const LayoutChoice &layouts : layouts_of(*kernel, NodeView(work_, work_.nodes[index])))
        add_option(index, *kernel, layouts, result);
    internal_check(!result.empty(), "{}: no kernel accepts the layouts of the graph's inputs and outputs",
                   NodeView(work_, work_.nodes[index]).place());
    return result;
  }

  // Gives the tensors these layouts. False where one is fixed to another or given two.
  bool assign(const std::vector<TensorId> &tensors, const std::vector<Layout> &layouts, std::vector<Layout> &assigned) {
    for (size_t position = 0; position < tensors.size(); ++position) {
      assigned.push_back(Layout::channel_last);
      const TensorId id = tensors[position];
      if (id == no_tensor || !in_arena(work_.tensor(id)) || layouts_coincide(work_.tensor(id).shape)) continue;
      if (!free_[static_cast<size_t>(id)] && layouts[position] != Layout::channel_last) return false;
      assigned.back() = layouts[position];
      for (size_t before = 0; before < position; ++before)
        if (tensors[before] == id && layouts[before] != layouts[position]) return false;
      work_.tensor(id).layout = layouts[position];
    }
    return true;
  }

  void add_option(size_t index, const Kernel &kernel, const LayoutChoice &layouts, NodeOptions &result) {
    const Node &node = work_.nodes[index];
    internal_check(layouts.inputs.size() == node.inputs.size() && layouts.outputs.size() == node.outputs.size(),
                   "kernel '{}' names layouts for {} inputs and {} outputs", kernel.name, layouts.inputs.size(),
                   layouts.outputs.size());
    NodeOption option{.kernel = &kernel};
    if (assign(node.inputs, layouts.inputs, option.inputs) && assign(node.outputs, layouts.outputs, option.outputs) &&
        std::none_of(result.begin(), result.end(), [&](const NodeOption &other) {
          return other.kernel == &kernel && other.inputs == option.inputs && other.outputs == option.outputs;
        })) {
      const NodeView view(work_, node);
      option.cost = kernel.cost(view);
      if (kernel.call != nullptr) option.cost.constant_bytes = static_cast<double>(constant_bytes_of(kernel, view));
      option.scratch = scratch_of(kernel, view);
      option.savings = savings_of(kernel, view, storage_, options_.alignment);
      if (!options_.most_scratch || option.scratch <= *options_.most_scratch) result.push_back(std::move(option));
    }
    for (const auto *list : {&node.inputs, &node.outputs})
      for (TensorId id : *list)
        if (id != no_tensor) work_.tensor(id).layout = Layout::channel_last;
  }

  Graph work_;
  const ChooseOptions &options_;
  std::vector<bool> free_;
  std::vector<TensorId> storage_{};
};

}  // namespace

int64_t constant_bytes_of(const Kernel &kernel, const NodeView &node) {
  if (kernel.call == nullptr) return 0;
  const KernelCall call = call_of(kernel, node);
  auto bytes = static_cast<int64_t>(call.parameters.bytes.size());
  for (const KernelConstant &constant : call.constants) bytes += static_cast<int64_t>(constant.bytes.size());
  return bytes;
}

std::vector<bool> free_layouts(const Graph &graph) {
  std::vector<bool> result;
  for (const Tensor &tensor : graph.tensors) result.push_back(in_arena(tensor) && !layouts_coincide(tensor.shape));
  for (const auto *list : {&graph.inputs, &graph.outputs})
    for (TensorId id : *list) result[static_cast<size_t>(id)] = false;
  return result;
}

std::vector<NodeOptions> node_options(const Graph &graph, const ChooseOptions &options) {
  return OptionFinder(graph, options).all();
}

}  // namespace whit
