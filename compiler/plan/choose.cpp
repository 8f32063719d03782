// SPDX-License-Identifier: Apache-2.0
// Choices are scored by one number that the emphasis defines. Of the assignments that none beats in both score and
// memory, those within a tolerance of the best score are really placed, and the smallest arena wins.
#include "compiler/plan/choose.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "compiler/plan/layout_programme.hpp"
#include "compiler/plan/options.hpp"
#include "compiler/plan/order.hpp"

namespace whit {

namespace {

struct EmphasisFacts {
  Emphasis emphasis;
  std::string_view name;
  // The score: cycles and bytes of flash, each relative to the least possible, with these weights.
  double cycles;
  double bytes;
  double tolerance;  // how much worse a score may be for a smaller arena
};

constexpr double any_score = std::numeric_limits<double>::infinity();
constexpr EmphasisFacts emphasis_facts[] = {
    {Emphasis::speed, "speed", 1, 1e-6, 0.02},
    {Emphasis::size, "size", 0.005, 1, 0.002},
    {Emphasis::balanced, "balanced", 1, 1, 0.02},
    {Emphasis::ram, "ram", 1, 1e-6, any_score},
};

const EmphasisFacts &facts_of(Emphasis emphasis) { return emphasis_facts[static_cast<size_t>(emphasis)]; }

// A kernel's code stands once however many nodes use it; each node that could is charged its share.
class FlashBytes {
 public:
  explicit FlashBytes(const std::vector<NodeOptions> &options) {
    for (const NodeOptions &node : options) {
      std::set<const Kernel *> kernels;
      for (const NodeOption &option : node) kernels.insert(option.kernel);
      for (const Kernel *kernel : kernels) ++users_[kernel];
    }
  }
  double operator()(const NodeOption &option) const {
    return option.cost.constant_bytes + option.cost.code_bytes / users_.at(option.kernel);
  }

 private:
  std::map<const Kernel *, double> users_{};
};

// Of every node and option the score; the weights make it independent of the model's size.
OptionScores scores_of(const std::vector<NodeOptions> &options, Emphasis emphasis) {
  const FlashBytes flash_bytes(options);
  double cycles = 0, bytes = 0;
  for (const NodeOptions &node : options) {
    double least_cycles = any_score, least_bytes = any_score;
    for (const NodeOption &option : node) {
      least_cycles = std::min(least_cycles, option.cost.cycles);
      least_bytes = std::min(least_bytes, flash_bytes(option));
    }
    cycles += least_cycles;
    bytes += least_bytes;
  }
  const double cycle_price = facts_of(emphasis).cycles / std::max(1.0, cycles);
  const double byte_price = facts_of(emphasis).bytes / std::max(1.0, bytes);
  OptionScores scores;
  for (const NodeOptions &node : options) {
    scores.emplace_back();
    for (const NodeOption &option : node)
      scores.back().push_back(option.cost.cycles * cycle_price + flash_bytes(option) * byte_price);
  }
  return scores;
}

// The most that any option of the node saves, input by input.
std::vector<Saving> best_savings(const NodeOptions &options) {
  std::map<TensorId, int64_t> best;
  for (const NodeOption &option : options)
    for (const Saving &saving : option.savings) best[saving.storage] = std::max(best[saving.storage], saving.bytes);
  std::vector<Saving> result;
  for (const auto &[storage, bytes] : best) result.push_back({storage, bytes});
  return result;
}

// The graph in the order that is best if every node has the overlay that saves most; options likewise.
Graph roughly_ordered(const Graph &graph, std::vector<NodeOptions> &options) {
  std::vector<bool> views;
  for (const NodeOptions &node : options) views.push_back(node[0].kernel->view);
  const std::vector<size_t> order = order_nodes(graph, storage_of(graph, views),
                                                [&](size_t node) { return best_savings(options[node]); });
  std::vector<NodeOptions> sorted;
  for (size_t node : order) sorted.push_back(std::move(options[node]));
  options = std::move(sorted);
  return reordered(graph, order);
}

Choice realise(const Graph &graph, const std::vector<NodeOptions> &options, const Assignment &assignment,
               int64_t alignment) {
  Choice choice{.graph = graph};
  for (Tensor &tensor : choice.graph.tensors) tensor.layout = Layout::channel_last;
  std::vector<const Kernel *> kernels;
  for (size_t node = 0; node < graph.nodes.size(); ++node) {
    const NodeOption &option = options[node][assignment.options[node]];
    kernels.push_back(option.kernel);
    for (size_t output = 0; output < option.outputs.size(); ++output)
      choice.graph.tensor(graph.nodes[node].outputs[output]).layout = option.outputs[output];
  }
  const std::vector<size_t> order = order_nodes(choice.graph, kernels, alignment);
  choice.graph = reordered(choice.graph, order);
  for (size_t node : order) choice.kernels.push_back(kernels[node]);
  choice.plan = plan_memory(choice.graph, choice.kernels, alignment);
  return choice;
}

}  // namespace

std::string_view name_of(Emphasis emphasis) { return facts_of(emphasis).name; }

std::optional<Emphasis> emphasis_named(std::string_view name) {
  for (const EmphasisFacts &facts : emphasis_facts)
    if (facts.name == name) return facts.emphasis;
  return std::nullopt;
}

Choice choose(const Graph &graph, const ChooseOptions &options) {
  std::vector<NodeOptions> node_choices = node_options(graph, options);
  const Graph ordered = roughly_ordered(graph, node_choices);
  std::vector<Assignment> candidates =
      assign_layouts(ordered, node_choices, scores_of(node_choices, options.emphasis), options.alignment);
  internal_check(!candidates.empty(), "no kernels agree on the layouts of graph '{}'", graph.name);
  const double most = candidates[0].score * (1 + facts_of(options.emphasis).tolerance);
  std::erase_if(candidates, [&](const Assignment &candidate) { return candidate.score > most; });
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Assignment &one, const Assignment &other) { return one.peak < other.peak; });
  Choice best;
  for (size_t index = 0; index < candidates.size(); ++index) {
    Choice choice = realise(ordered, node_choices, candidates[index], options.alignment);
    if (index == 0 || choice.plan.arena_bytes < best.plan.arena_bytes) best = std::move(choice);
  }
  return best;
}

}  // namespace whit
