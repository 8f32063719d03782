// SPDX-License-Identifier: Apache-2.0
// Level by level: all sets of n nodes that can have run, each with the order that reached it with the smallest peak.
#include "compiler/plan/order.hpp"

#include <algorithm>
#include <map>

namespace whit {

namespace {

using NodeSet = std::vector<bool>;

struct Step {
  std::vector<size_t> after{};     // nodes that must have run before
  std::vector<TensorId> reads{};   // arena storages, each once
  std::vector<TensorId> writes{};  // arena storages that begin to live
  std::vector<Saving> savings{};
};

// A set of nodes that have run, and the best way there.
struct State {
  std::vector<size_t> order{};
  int64_t live = 0;  // bytes of tensors that are still needed
  int64_t peak = 0;
};

void insert_once(std::vector<TensorId> &list, TensorId id) {
  if (std::find(list.begin(), list.end(), id) == list.end()) list.push_back(id);
}

class OrderSearch {
 public:
  OrderSearch(const Graph &graph, const std::vector<TensorId> &storage, const SavingsOf &savings_of)
      : graph_(graph), storage_(storage), steps_(graph.nodes.size()), kept_(graph.tensors.size(), false),
        readers_(graph.tensors.size()) {
    for (size_t index = 0; index < steps_.size(); ++index) {
      add_step(index);
      steps_[index].savings = savings_of(index);
    }
    add_state_dependencies();
    for (TensorId id : graph.outputs) kept_[static_cast<size_t>(storage_of(id))] = true;
  }

  std::vector<size_t> run() const {
    const State given = given_order();
    std::map<NodeSet, State> level{{NodeSet(steps_.size(), false), start()}};
    for (size_t count = 0; count < steps_.size(); ++count) level = next_level(level);
    const State &best = level.begin()->second;
    return best.peak < given.peak ? best.order : given.order;
  }

 private:
  TensorId storage_of(TensorId id) const { return storage_[static_cast<size_t>(id)]; }
  bool placed(TensorId id) const { return in_arena(graph_.tensor(storage_of(id))); }

  void add_step(size_t index) {
    const Node &node = graph_.nodes[index];
    for (TensorId id : node.inputs) {
      if (id == no_tensor) continue;
      for (size_t before = 0; before < index; ++before)
        for (TensorId output : graph_.nodes[before].outputs)
          if (output == id) steps_[index].after.push_back(before);
      if (!placed(id)) continue;
      insert_once(steps_[index].reads, storage_of(id));
      readers_[static_cast<size_t>(storage_of(id))].push_back(index);
    }
    for (TensorId id : node.outputs)
      if (placed(id) && storage_of(id) == id) steps_[index].writes.push_back(id);
  }

  // Nodes that touch the same variable keep their order.
  void add_state_dependencies() {
    std::map<TensorId, size_t> last;
    for (size_t index = 0; index < steps_.size(); ++index) {
      std::vector<TensorId> touched = graph_.nodes[index].inputs;
      touched.insert(touched.end(), graph_.nodes[index].outputs.begin(), graph_.nodes[index].outputs.end());
      for (TensorId id : touched) {
        if (id == no_tensor || !graph_.tensor(storage_of(id)).variable) continue;
        const auto [entry, first] = last.insert({storage_of(id), index});
        if (!first && entry->second != index) steps_[index].after.push_back(entry->second);
        entry->second = index;
      }
    }
  }

  State start() const {
    State state;
    std::vector<TensorId> inputs;
    for (TensorId id : graph_.inputs)
      if (placed(id)) insert_once(inputs, id);
    for (TensorId id : inputs) state.peak += graph_.tensor(id).bytes();
    state.live = state.peak;
    for (TensorId id : inputs)
      if (dead_after(id, NodeSet(steps_.size(), false))) state.live -= graph_.tensor(id).bytes();
    return state;
  }

  bool dead_after(TensorId id, const NodeSet &done) const {
    const std::vector<size_t> &readers = readers_[static_cast<size_t>(id)];
    return !kept_[static_cast<size_t>(id)] &&
           std::all_of(readers.begin(), readers.end(), [&](size_t reader) { return done[reader]; });
  }

  // Runs the node in that state; `done` already holds it.
  void run_node(size_t index, const NodeSet &done, State &state) const {
    const Step &step = steps_[index];
    int64_t written = 0, saved = 0, dying = 0;
    for (TensorId id : step.writes) written += graph_.tensor(id).bytes();
    for (const Saving &saving : step.savings)
      if (dead_after(saving.storage, done)) saved += saving.bytes;
    state.peak = std::max(state.peak, state.live + written - std::min(saved, written));
    for (const auto *list : {&step.reads, &step.writes})
      for (TensorId id : *list)
        if (dead_after(id, done)) dying += graph_.tensor(id).bytes();
    state.live += written - dying;
    state.order.push_back(index);
  }

  State given_order() const {
    State state = start();
    NodeSet done(steps_.size(), false);
    for (size_t index = 0; index < steps_.size(); ++index) {
      done[index] = true;
      run_node(index, done, state);
    }
    return state;
  }

  bool ready(size_t index, const NodeSet &done) const {
    return !done[index] && std::all_of(steps_[index].after.begin(), steps_[index].after.end(),
                                       [&](size_t before) { return done[before]; });
  }

  std::map<NodeSet, State> next_level(const std::map<NodeSet, State> &level) const {
    std::map<NodeSet, State> next;
    for (const auto &[done, state] : level)
      for (size_t index = 0; index < steps_.size(); ++index) {
        if (!ready(index, done)) continue;
        NodeSet after = done;
        after[index] = true;
        State reached = state;
        run_node(index, after, reached);
        const auto [entry, first] = next.insert({after, reached});
        if (!first && reached.peak < entry->second.peak) entry->second = std::move(reached);
      }
    keep_best(next);
    return next;
  }

  // At most so many sets a level that large graphs stay within a fraction of a second.
  void keep_best(std::map<NodeSet, State> &level) const {
    const size_t most = std::clamp<size_t>(8000 / steps_.size(), 16, 256);
    if (level.size() <= most) return;
    std::vector<std::pair<int64_t, int64_t>> ranks;
    for (const auto &[done, state] : level) ranks.emplace_back(state.peak, state.live);
    std::nth_element(ranks.begin(), ranks.begin() + static_cast<ptrdiff_t>(most), ranks.end());
    const auto limit = ranks[most];
    std::map<NodeSet, State> best;
    for (auto &entry : level)
      if (best.size() < most && std::pair(entry.second.peak, entry.second.live) <= limit) best.insert(std::move(entry));
    level = std::move(best);
  }

  const Graph &graph_;
  const std::vector<TensorId> &storage_;
  std::vector<Step> steps_;
  std::vector<bool> kept_;                    // storages that the graph's outputs lie in
  std::vector<std::vector<size_t>> readers_;  // of each storage
};

}  // namespace

std::vector<size_t> order_nodes(const Graph &graph, const std::vector<TensorId> &storage, const SavingsOf &savings_of) {
  return OrderSearch(graph, storage, savings_of).run();
}

std::vector<size_t> order_nodes(const Graph &graph, Kernels kernels, int64_t alignment) {
  const std::vector<TensorId> storage = storage_of(graph, views_of(kernels));
  return order_nodes(graph, storage, [&](size_t index) {
    return savings_of(*kernels[index], NodeView(graph, graph.nodes[index]), storage, alignment);
  });
}

std::vector<Saving> savings_of(const Kernel &kernel, const NodeView &node, const std::vector<TensorId> &storage,
                               int64_t alignment) {
  std::vector<Saving> savings;
  if (kernel.view || !in_arena(node.output())) return savings;
  const int64_t output_bytes = node.output().bytes();
  for (const StorageOverlap &overlap : storage_overlaps(kernel, node, storage)) {
    const int64_t input_bytes = node.graph().tensor(overlap.storage).bytes();
    const Overlay overlay{.at_most = overlap.at_most, .exactly = overlap.exactly};
    const int64_t joint = joint_bytes(output_bytes, input_bytes, overlay, alignment);
    savings.push_back({overlap.storage, std::max<int64_t>(0, output_bytes + input_bytes - joint)});
  }
  return savings;
}

Graph reordered(const Graph &graph, const std::vector<size_t> &order) {
  Graph result = graph;
  for (size_t position = 0; position < order.size(); ++position) result.nodes[position] = graph.nodes[order[position]];
  return result;
}

}  // namespace whit
