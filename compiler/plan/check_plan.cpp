// SPDX-License-Identifier: Apache-2.0
// The verifier of memory plans. It shares nothing with the planner: lifetimes come from each tensor's own writer and
// readers, views are followed from the nodes, overlaps are asked from the kernels pair by pair.
#include <algorithm>

#include "compiler/plan/memory.hpp"

namespace whit {

namespace {

class PlanChecker {
 public:
  PlanChecker(const Graph &graph, Kernels kernels, const MemoryPlan &plan, int64_t alignment)
      : graph_(graph), kernels_(kernels), plan_(plan), alignment_(alignment) {}

  void check() {
    internal_check(kernels_.size() == graph_.nodes.size() && plan_.offsets.size() == graph_.tensors.size() &&
                       plan_.storage.size() == graph_.tensors.size(),
                   "the memory plan is of another graph");
    find_uses();
    check_addresses();
    check_views();
    for (size_t one = 0; one < uses_.size(); ++one)
      for (size_t other = 0; other < one; ++other) check_pair(one, other);
    check_scratch();
  }

 private:
  // When a tensor holds a value; it is unused where writer and reader are missing.
  struct Use {
    int64_t written = never;
    int64_t read = never;
  };
  static constexpr int64_t never = -2;

  const Tensor &tensor(size_t id) const { return graph_.tensors[id]; }
  bool used(size_t id) const { return uses_[id].written != never; }

  void find_uses() {
    uses_.resize(graph_.tensors.size());
    const auto write = [&](TensorId id, int64_t step) {
      uses_[static_cast<size_t>(id)] = {step, std::max(step, uses_[static_cast<size_t>(id)].read)};
    };
    for (TensorId id : graph_.inputs) write(id, -1);
    for (size_t index = 0; index < graph_.nodes.size(); ++index)
      for (TensorId id : graph_.nodes[index].outputs) write(id, static_cast<int64_t>(index));
    for (size_t index = 0; index < graph_.nodes.size(); ++index)
      for (TensorId id : graph_.nodes[index].inputs)
        if (id != no_tensor) uses_[static_cast<size_t>(id)].read = static_cast<int64_t>(index);
    for (TensorId id : graph_.outputs)
      uses_[static_cast<size_t>(id)].read = static_cast<int64_t>(graph_.nodes.size());
    for (size_t id = 0; id < uses_.size(); ++id)  // variables always hold their value
      if (tensor(id).variable) uses_[id] = {-1, static_cast<int64_t>(graph_.nodes.size())};
  }

  // The memory that a tensor lies in, known by the memory of the tensor it is a view of.
  const Tensor &source(size_t id) const { return tensor(static_cast<size_t>(plan_.storage[id])); }

  void check_addresses() const {
    int64_t arena_end = 0, state_end = 0;
    for (size_t id = 0; id < uses_.size(); ++id) {
      const int64_t begin = plan_.offsets[id];
      if (source(id).is_constant() || !used(id)) continue;
      internal_check(begin >= 0 && begin % alignment_ == 0, "tensor {} '{}' lies at {}", id, tensor(id).name, begin);
      int64_t &end = source(id).variable ? state_end : arena_end;
      end = std::max(end, begin + tensor(id).bytes());
    }
    internal_check(arena_end == plan_.arena_bytes, "the arena has {} bytes, the plan says {}", arena_end,
                   plan_.arena_bytes);
    internal_check(state_end == plan_.state_bytes, "the state has {} bytes, the plan says {}", state_end,
                   plan_.state_bytes);
  }

  void check_views() const {
    std::vector<TensorId> expected(uses_.size());
    for (size_t id = 0; id < expected.size(); ++id) expected[id] = static_cast<TensorId>(id);
    for (size_t index = 0; index < kernels_.size(); ++index) {
      if (!kernels_[index]->view) continue;
      const auto from = static_cast<size_t>(graph_.nodes[index].inputs[0]);
      const auto to = static_cast<size_t>(graph_.nodes[index].outputs[0]);
      expected[to] = expected[from];
      internal_check(plan_.offsets[to] == plan_.offsets[from], "the view '{}' lies at {}, its source at {}",
                     tensor(to).name, plan_.offsets[to], plan_.offsets[from]);
    }
    internal_check(expected == plan_.storage, "the plan's views are not those of the kernels");
  }

  void check_pair(size_t one, size_t other) const {
    if (!used(one) || !used(other) || plan_.storage[one] == plan_.storage[other]) return;
    if (source(one).is_constant() || source(other).is_constant() || source(one).variable != source(other).variable)
      return;
    if (uses_[one].written > uses_[other].read || uses_[other].written > uses_[one].read) return;
    const int64_t one_begin = plan_.offsets[one], other_begin = plan_.offsets[other];
    if (one_begin + tensor(one).bytes() <= other_begin || other_begin + tensor(other).bytes() <= one_begin) return;
    internal_check(overlap_permitted(one, other) || overlap_permitted(other, one),
                   "tensors {} '{}' at {} and {} '{}' at {} live together and overlap", one, tensor(one).name,
                   one_begin, other, tensor(other).name, other_begin);
  }

  // Whether the node that writes `output` permits it over `input`, which it is the last to read.
  bool overlap_permitted(size_t output, size_t input) const {
    const int64_t step = uses_[output].written;
    if (step < 0 || uses_[input].read != step) return false;
    const auto index = static_cast<size_t>(step);
    const Node &node = graph_.nodes[index];
    if (kernels_[index]->view || node.outputs[0] != static_cast<TensorId>(output)) return false;
    const std::vector<Overlap> overlaps = overlap_of(*kernels_[index], NodeView(graph_, node));
    const int64_t delta = plan_.offsets[output] - plan_.offsets[input];
    for (size_t position = 0; position < node.inputs.size(); ++position) {
      if (node.inputs[position] != static_cast<TensorId>(input)) continue;
      const bool permitted = std::any_of(overlaps.begin(), overlaps.end(), [&](const Overlap &overlap) {
        return overlap.input == position &&
               ((overlap.at_most && delta <= *overlap.at_most) ||
                std::count(overlap.exactly.begin(), overlap.exactly.end(), delta) > 0);
      });
      if (!permitted) return false;
    }
    return true;
  }

  void check_scratch() const {
    for (size_t index = 0; index < kernels_.size(); ++index) {
      const NodeView node(graph_, graph_.nodes[index]);
      internal_check(scratch_of(*kernels_[index], node) <= plan_.scratch_bytes, "{} wants more scratch than planned",
                     node.place());
    }
  }

  const Graph &graph_;
  Kernels kernels_;
  const MemoryPlan &plan_;
  int64_t alignment_;
  std::vector<Use> uses_{};
};

}  // namespace

void check_plan(const Graph &graph, Kernels kernels, const MemoryPlan &plan, int64_t alignment) {
  PlanChecker(graph, kernels, plan, alignment).check();
}

}  // namespace whit
