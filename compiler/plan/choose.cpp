// SPDX-License-Identifier: Apache-2.0
// Choices are scored by one number that the emphasis defines. Of the assignments that none beats in both score and
// memory, those within a tolerance of the best score are really placed, and the least of arena and scratch wins.
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
  double tolerance;  // how much worse a score may be for less memory
};

constexpr double any_score = std::numeric_limits<double>::infinity();
constexpr EmphasisFacts emphasis_facts[] = {
    {Emphasis::speed, "speed", 1, 1e-6, 0.02},
    {Emphasis::size, "size", 0.001, 1, 0.002},
    {Emphasis::balanced, "balanced", 1, 1, 0.02},
    {Emphasis::ram, "ram", 1, 1e-6, any_score},
};

const EmphasisFacts &facts_of(Emphasis emphasis) { return emphasis_facts[static_cast<size_t>(emphasis)]; }

using KernelSet = std::set<const Kernel *>;

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

// The search for assignments, under the emphasis.
class Search {
 public:
  Search(const Graph &graph, const std::vector<NodeOptions> &options, Emphasis emphasis, int64_t alignment)
      : graph_(graph), options_(options), facts_(facts_of(emphasis)), alignment_(alignment) {
    double cycles = 0, bytes = 0;
    for (const NodeOptions &node : options) {
      double least_cycles = any_score, least_bytes = any_score;
      KernelSet kernels;
      for (const NodeOption &option : node) {
        least_cycles = std::min(least_cycles, option.cost.cycles);
        least_bytes = std::min(least_bytes, option.cost.constant_bytes + option.cost.code_bytes);
        kernels.insert(option.kernel);
      }
      for (const NodeOption &option : node)
        if (kernels.erase(option.kernel) > 0 && users_[option.kernel]++ == 0) kernels_.push_back(option.kernel);
      cycles += least_cycles;
      bytes += least_bytes;
    }
    cycle_price_ = facts_.cycles / std::max(1.0, cycles);
    byte_price_ = facts_.bytes / std::max(1.0, bytes);
  }

  // Assignments worth placing, with their scores, in no order.
  std::vector<Assignment> run() const {
    std::vector<Assignment> found = with_each_scratch({});
    if (facts_.bytes < facts_.cycles / 10) return found;
    KernelSet specialised;
    for (const Kernel *kernel : kernels_)
      if (!Features{}.includes(kernel->features)) specialised.insert(kernel);
    for (const KernelSet &start : {KernelSet{}, specialised}) improve(start, found);
    return found;
  }

 private:
  // What a kernel's code costs is shared, so no programme along the nodes can weigh it: the set of kernels to do without
  // is changed by one as long as that pays. Adds what it finds on the way.
  void improve(KernelSet without, std::vector<Assignment> &found) const {
    double best = any_score;
    for (std::vector<Assignment> better = with_each_scratch(without); !better.empty();) {
      best = best_of(better);
      found.insert(found.end(), better.begin(), better.end());
      better.clear();
      double next = best;
      KernelSet changed = without;
      for (const Kernel *kernel : kernels_) {
        KernelSet others = without;
        if (others.erase(kernel) == 0) others.insert(kernel);
        std::vector<Assignment> assignments = with_each_scratch(others);
        if (assignments.empty() || best_of(assignments) >= next) continue;
        next = best_of(assignments);
        better = std::move(assignments);
        changed = others;
      }
      without = changed;
    }
  }

  // The programme knows no scratch memory, so it is asked again and again with less.
  std::vector<Assignment> with_each_scratch(const KernelSet &without) const {
    std::set<int64_t> limits;
    for (const NodeOptions &node : options_)
      for (const NodeOption &option : node) limits.insert(option.scratch);
    if (limits.empty()) limits.insert(0);  // no nodes: the branch of an if may hand on what it is given
    std::vector<Assignment> found;
    for (auto limit = limits.rbegin(); limit != limits.rend(); ++limit)
      for (Assignment &assignment : assign_layouts(graph_, options_, scores(without, *limit), alignment_)) {
        assignment.score = score_of(assignment);
        found.push_back(std::move(assignment));
      }
    return found;
  }

  // Each node is charged its share of its kernel's code, which stands once however many nodes use it.
  OptionScores scores(const KernelSet &without, int64_t most_scratch) const {
    OptionScores result;
    for (const NodeOptions &node : options_) {
      result.emplace_back();
      for (const NodeOption &option : node) {
        const double bytes = option.cost.constant_bytes + option.cost.code_bytes / users_.at(option.kernel);
        const bool allowed = option.scratch <= most_scratch && !without.contains(option.kernel);
        result.back().push_back(allowed ? option.cost.cycles * cycle_price_ + bytes * byte_price_ : any_score);
      }
    }
    return result;
  }

  // With the code of every kernel once.
  double score_of(const Assignment &assignment) const {
    double score = 0;
    KernelSet kernels;
    for (size_t node = 0; node < options_.size(); ++node) {
      const NodeOption &option = options_[node][assignment.options[node]];
      score += option.cost.cycles * cycle_price_ + option.cost.constant_bytes * byte_price_;
      if (kernels.insert(option.kernel).second) score += option.cost.code_bytes * byte_price_;
    }
    return score;
  }

  static double best_of(const std::vector<Assignment> &assignments) {
    return std::min_element(assignments.begin(), assignments.end(), by_score)->score;
  }
  static bool by_score(const Assignment &one, const Assignment &other) { return one.score < other.score; }

  const Graph &graph_;
  const std::vector<NodeOptions> &options_;
  const EmphasisFacts &facts_;
  int64_t alignment_;
  std::map<const Kernel *, double> users_{};  // nodes that could take the kernel
  std::vector<const Kernel *> kernels_{};     // in the order of nodes, not of addresses: the choice is the same every time
  double cycle_price_ = 0;
  double byte_price_ = 0;
};

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

namespace {

// What the bodies' variables hold before the first run, each body's behind those of the bodies before it.
Bytes state_of(const std::vector<Choice> &bodies, int64_t alignment) {
  Bytes initial;
  for (const Choice &body : bodies) {
    const auto begin = static_cast<size_t>(align_up(static_cast<int64_t>(initial.size()), alignment));
    initial.resize(begin + static_cast<size_t>(body.plan.state_bytes));
    for (size_t id = 0; id < body.graph.tensors.size(); ++id) {
      const Tensor &tensor = body.graph.tensors[id];
      if (tensor.variable && tensor.initial != nullptr)
        std::ranges::copy(*tensor.initial, initial.begin() + static_cast<std::ptrdiff_t>(begin) + body.plan.offsets[id]);
    }
  }
  return initial;
}

void add_state(Graph &graph, Node &node, Bytes initial) {
  if (initial.empty()) return;
  Tensor state{.name = "state of bodies", .type = ElementType::int8, .variable = true};
  state.shape = {static_cast<int64_t>(initial.size())};
  state.initial = std::make_shared<const Bytes>(std::move(initial));
  node.outputs.push_back(graph.add_tensor(std::move(state)));
}

}  // namespace

Choice with_bodies(const Graph &graph, const ChooseOptions &options) {
  Choice result{.graph = graph};
  for (Node &node : result.graph.nodes) {
    if (node.bodies.empty()) continue;
    std::vector<Choice> choices;
    int64_t bytes = 1;
    for (const auto &body : node.bodies) {
      choices.push_back(choose(*body, options));
      bytes = std::max(bytes, choices.back().plan.arena_bytes);
      result.plan.scratch_bytes = std::max(result.plan.scratch_bytes, choices.back().plan.scratch_bytes);
    }
    add_state(result.graph, node, state_of(choices, options.alignment));
    node.outputs.push_back(result.graph.add_tensor({.name = "workspace", .type = ElementType::int8, .shape = {bytes}}));
    result.bodies[node.outputs.back()] = std::move(choices);
  }
  return result;
}

Choice choose(const Graph &given, const ChooseOptions &options) {
  const Choice begun = with_bodies(given, options);
  const Graph &graph = begun.graph;
  std::vector<NodeOptions> node_choices = node_options(graph, options);
  const Graph ordered = roughly_ordered(graph, node_choices);
  std::vector<Assignment> candidates = Search(ordered, node_choices, options.emphasis, options.alignment).run();
  internal_check(!candidates.empty(), "no kernels agree on the layouts of graph '{}'", graph.name);
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Assignment &one, const Assignment &other) { return one.score < other.score; });
  const double most = candidates[0].score * (1 + facts_of(options.emphasis).tolerance);
  std::erase_if(candidates, [&](const Assignment &candidate) { return candidate.score > most; });
  Choice best;
  int64_t least = std::numeric_limits<int64_t>::max();
  std::set<std::vector<size_t>> tried;
  for (const Assignment &candidate : candidates) {
    if (candidate.peak >= least || !tried.insert(candidate.options).second) continue;
    Choice choice = realise(ordered, node_choices, candidate, options.alignment);
    const int64_t memory = choice.plan.arena_bytes + choice.plan.scratch_bytes;
    if (memory >= least) continue;
    least = memory;
    best = std::move(choice);
  }
  best.plan.scratch_bytes = std::max(best.plan.scratch_bytes, begun.plan.scratch_bytes);
  best.bodies = begun.bodies;
  return best;
}

}  // namespace whit
