// SPDX-License-Identifier: Apache-2.0
// One function a rule; each adds what it finds. Hostile graphs come here first, so no rule relies on one that is checked
// after it.
#include "compiler/ir/verify.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <iterator>
#include <set>

namespace whit {

namespace {

constexpr int deepest_body = 8;
constexpr int64_t most_elements = std::numeric_limits<int32_t>::max();
constexpr int64_t farthest_zero = int64_t{1} << 53;  // of a graph's features, each of which may lie far from zero
constexpr const char *damaged = "the model file may be damaged";

bool legal_axes(const Shape &shape) {
  int64_t elements = 1;
  for (int64_t axis : shape) {
    if (axis < 1 || axis > most_elements / elements) return false;
    elements *= axis;
  }
  return true;
}

class StructureCheck {
 public:
  explicit StructureCheck(const Graph &graph, int depth = 0) : graph_(graph), depth_(depth) {}

  std::vector<Problem> run() {
    for (size_t index = 0; index < graph_.tensors.size(); ++index) check_tensor(index);
    check_inputs();
    for (size_t index = 0; index < graph_.tensors.size(); ++index)
      if (graph_.tensors[index].is_constant() || graph_.tensors[index].variable)
        ready_.insert(static_cast<TensorId>(index));
    for (size_t index = 0; index < graph_.nodes.size(); ++index) check_node(index);
    for (TensorId id : graph_.outputs) check_ready(id, fmt::format("graph '{}', its outputs", graph_.name));
    return std::move(problems_);
  }

 private:
  void add(std::string place, std::string found, std::string supported = "") {
    problems_.push_back({std::move(place), std::move(found), std::move(supported), damaged});
  }

  std::string tensor_place(size_t index) const {
    return fmt::format("graph '{}', tensor {} '{}'", graph_.name, index, graph_.tensors[index].name);
  }

  void check_tensor(size_t index) {
    const Tensor &tensor = graph_.tensors[index];
    if (!legal_axes(tensor.shape)) {
      add(tensor_place(index), "shape " + text_of(tensor.shape), "axes of at least 1, fewer than 2^31 elements");
      return;
    }
    if (tensor.is_constant() && static_cast<int64_t>(tensor.constant->size()) != tensor.bytes())
      add(tensor_place(index), fmt::format("{} bytes of values", tensor.constant->size()),
          fmt::format("{} bytes for {} {}", tensor.bytes(), text_of(tensor.shape), name_of(tensor.type)));
    if (tensor.is_constant() && tensor.variable) add(tensor_place(index), "both a constant and a variable");
    if (tensor.initial != nullptr && (!tensor.variable || static_cast<int64_t>(tensor.initial->size()) != tensor.bytes()))
      add(tensor_place(index), fmt::format("{} bytes before the first run", tensor.initial->size()),
          fmt::format("{} bytes, of a variable", tensor.bytes()));
    check_quantization(index);
  }

  void check_quantization(size_t index) {
    const Tensor &tensor = graph_.tensors[index];
    const Quantization &quantization = tensor.quantization;
    const auto rank = static_cast<int>(tensor.shape.size());
    const size_t count = quantization.scales.size();
    if (quantization.zero_points.size() != count)
      add(tensor_place(index), fmt::format("{} scales, {} zero points", count, quantization.zero_points.size()));
    if (quantization.axis >= rank)
      add(tensor_place(index), fmt::format("quantised along axis {} of {}", quantization.axis, rank));
    else if (count > 0) {
      const int64_t expected = quantization.per_axis() ? tensor.shape[static_cast<size_t>(quantization.axis)] : 1;
      if (static_cast<int64_t>(count) != expected)
        add(tensor_place(index), fmt::format("{} scales", count), fmt::format("{}", expected));
    }
    for (float scale : quantization.scales)
      if (!std::isfinite(scale) || scale < 0.0F || (scale == 0.0F && !tensor.is_constant()))
        return add(tensor_place(index), fmt::format("scale {}", scale), "positive finite scales");
    const bool far = quantization.per_axis() && std::ranges::find(graph_.inputs, static_cast<TensorId>(index)) != graph_.inputs.end();
    for (int64_t zero_point : quantization.zero_points)
      if (far ? std::abs(zero_point) > farthest_zero : !stored_range(tensor.type).holds(zero_point))
        return add(tensor_place(index), fmt::format("zero point {}", zero_point),
                   far ? "up to 2^53" : fmt::format("values of {}", name_of(tensor.type)));
  }

  bool known(TensorId id) const { return id >= 0 && static_cast<size_t>(id) < graph_.tensors.size(); }

  void check_inputs() {
    for (TensorId id : graph_.inputs) {
      const std::string place = fmt::format("graph '{}', its inputs", graph_.name);
      if (!known(id))
        add(place, fmt::format("tensor {} does not exist", id));
      else if (!ready_.insert(id).second)
        add(place, fmt::format("tensor {} stands there twice", id));
      else if (graph_.tensor(id).is_constant() || graph_.tensor(id).variable)
        add(place, fmt::format("tensor {} is a constant or a variable", id));
    }
  }

  void check_ready(TensorId id, const std::string &place) {
    if (!known(id))
      add(place, fmt::format("tensor {} does not exist", id));
    else if (!ready_.contains(id))
      add(place, fmt::format("tensor {} '{}' is read before anything computes it", id, graph_.tensor(id).name));
  }

  void check_node(size_t index) {
    const Node &node = graph_.nodes[index];
    const std::string place = place_of(graph_, index);
    for (TensorId id : node.inputs)
      if (id != no_tensor) check_ready(id, place);
    for (TensorId id : node.outputs) check_output(id, place);
    if (depth_ == deepest_body && !node.bodies.empty()) {
      add(place, "bodies within bodies", fmt::format("up to {}", deepest_body));
      return;
    }
    for (const auto &body : node.bodies) {
      std::vector<Problem> problems = StructureCheck(*body, depth_ + 1).run();
      std::move(problems.begin(), problems.end(), std::back_inserter(problems_));
    }
  }

  void check_output(TensorId id, const std::string &place) {
    if (!known(id)) {
      add(place, fmt::format("tensor {} does not exist", id));
      return;
    }
    if (!ready_.insert(id).second && !graph_.tensor(id).variable)
      add(place, fmt::format("tensor {} '{}' has a value already", id, graph_.tensor(id).name));
  }

  const Graph &graph_;
  std::vector<Problem> problems_;
  int depth_;                 // how many bodies this one is in
  std::set<TensorId> ready_;  // inputs, constants, variables, and what the nodes so far computed
};

}  // namespace

std::vector<Problem> structure_problems(const Graph &graph) { return StructureCheck(graph).run(); }

std::string place_of(const Graph &graph, size_t node) {
  return fmt::format("graph '{}', node {}, {}", graph.name, node, NodeView(graph, graph.nodes[node]).place());
}

}  // namespace whit
