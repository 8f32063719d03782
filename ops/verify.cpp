// SPDX-License-Identifier: Apache-2.0
// Nodes are checked in order, so inference only ever sees tensors that passed before.
#include "ops/verify.hpp"

#include <algorithm>
#include <cmath>

#include "compiler/ir/verify.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

constexpr std::string_view kind_names[] = {"an integer", "a real", "a text", "integers"};

std::string type_text(const TensorType &type) { return fmt::format("{} {}", name_of(type.type), text_of(type.shape)); }

class NodeCheck {
 public:
  NodeCheck(const Graph &graph, size_t index) : view_(graph, graph.nodes[index]), place_(place_of(graph, index)) {}

  std::vector<Problem> run() {
    definition_ = find_operator(view_.node().op);
    if (definition_ == nullptr) {
      add("no operator of this name", "the operators that `whit ops` lists");
      return std::move(problems_);
    }
    check_arity();
    check_attributes();
    if (problems_.empty()) check_weight_axis();
    if (problems_.empty()) check_types();
    return std::move(problems_);
  }

 private:
  void add(std::string found, std::string supported = "") {
    problems_.push_back({place_, std::move(found), std::move(supported), "the model file may be damaged"});
  }

  void check_arity() {
    const size_t inputs = view_.input_count();
    if (inputs < definition_->least_inputs || inputs > definition_->most_inputs)
      add(fmt::format("{} inputs", inputs),
          fmt::format("{} to {} inputs", definition_->least_inputs, definition_->most_inputs));
    const size_t needed = definition_->most_inputs == any_number ? inputs : std::min(inputs, definition_->least_inputs);
    for (size_t index = 0; index < needed; ++index)
      if (!view_.has_input(index)) add(fmt::format("input {} is absent", index));
    if (definition_->outputs != any_number && view_.output_count() != definition_->outputs)
      add(fmt::format("{} outputs", view_.output_count()), fmt::format("{} outputs", definition_->outputs));
  }

  void check_attributes() {
    if (!definition_->attributes) return;
    const auto rules = *definition_->attributes;
    for (const auto &entry : view_.attributes().values()) {
      const auto &name = entry.first;  // clang 14 captures no structured binding
      const auto &value = entry.second;
      const auto named = [&](const AttributeRule &rule) { return rule.name == name; };
      const auto fits = [&](const AttributeRule &rule) {
        return named(rule) && static_cast<size_t>(rule.kind) == value.index();
      };
      const auto rule = std::find_if(rules.begin(), rules.end(), named);
      if (rule == rules.end())
        add(fmt::format("attribute '{}'", name), attribute_names());
      else if (std::none_of(rule, rules.end(), fits))
        add(fmt::format("attribute '{}' is {}", name, kind_names[value.index()]),
            std::string(kind_names[static_cast<size_t>(rule->kind)]));
      else if (const double *real = std::get_if<double>(&value); real != nullptr && !std::isfinite(static_cast<float>(*real)))
        add(fmt::format("attribute '{}' is {}", name, *real), "numbers that float32 holds");
    }
  }

  std::string attribute_names() const {
    std::string names;
    for (const AttributeRule &rule : *definition_->attributes)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", rule.name);
    return names.empty() ? "no attributes" : names;
  }

  // Scales a slice belong to output channels: kernels read one for each.
  void check_weight_axis() {
    if (definition_->weight_order == WeightOrder::none) return;
    const Tensor &weights = view_.input(1);
    const auto last = static_cast<int>(weights.shape.size()) - 1;
    const int axis = definition_->weight_order == WeightOrder::output_first ? 0 : last;
    if (weights.quantization.per_axis() && weights.quantization.axis != axis)
      add(fmt::format("weights quantised along axis {}", weights.quantization.axis),
          fmt::format("one scale, or one an output channel (axis {})", axis));
  }

  void check_types() {
    std::vector<TensorType> inferred;
    try {
      inferred = definition_->infer(view_);
    } catch (const UserError &error) {
      for (Problem problem : error.problems()) {
        problem.place = place_;
        problems_.push_back(std::move(problem));
      }
      return;
    }
    if (inferred.size() != view_.output_count())
      return add(fmt::format("{} outputs", view_.output_count()), fmt::format("{} outputs", inferred.size()));
    for (size_t index = 0; index < view_.output_count(); ++index) {
      const TensorType declared = {view_.output(index).type, view_.output(index).shape};
      if (!(declared == inferred.at(index)))
        add(fmt::format("output {} is declared as {}", index, type_text(declared)), type_text(inferred.at(index)));
    }
  }

  NodeView view_;
  std::string place_;
  const OpDef *definition_ = nullptr;
  std::vector<Problem> problems_;
};

void append(std::vector<Problem> &all, std::vector<Problem> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<Problem> node_problems(const Graph &graph) {
  std::vector<Problem> problems;
  for (size_t index = 0; index < graph.nodes.size(); ++index) {
    for (const auto &body : graph.nodes[index].bodies) append(problems, node_problems(*body));
    append(problems, NodeCheck(graph, index).run());
  }
  return problems;
}

}  // namespace

std::vector<Problem> problems_of(const Module &module) {
  if (module.graphs.empty()) return {{"module", "no graph"}};
  std::vector<Problem> problems;
  for (const Graph &graph : module.graphs) append(problems, structure_problems(graph));
  if (!problems.empty()) return problems;
  for (const Graph &graph : module.graphs) append(problems, node_problems(graph));
  return problems;
}

void verify_import(const Module &module) {
  std::vector<Problem> problems = problems_of(module);
  if (!problems.empty()) throw UserError(std::move(problems));
}

void verify_stage(const Module &module, std::string_view stage) {
  const std::vector<Problem> problems = problems_of(module);
  internal_check(problems.empty(), "{} broke the graph: {}", stage, problems.empty() ? "" : problems[0].text());
}

}  // namespace whit
