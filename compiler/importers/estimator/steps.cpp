// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/estimator/steps.hpp"

namespace whit {

namespace {

struct Kind {
  std::string_view name;
  TensorId (*import)(Graph &graph, const JsonValue &step, const EstimatorInput &input);
};

constexpr Kind kinds[] = {{"trees", import_trees}, {"linear", import_linear}};

}  // namespace

TensorId import_steps(Graph &graph, const JsonValue &steps, const EstimatorInput &input) {
  if (steps.size() != 1) steps.refuse("one step");
  const JsonValue step = steps.element(0), name = step.member("kind");
  std::string known;
  for (const Kind &kind : kinds) {
    if (name.text() == kind.name) return kind.import(graph, step, input);
    known += fmt::format("{}{}", known.empty() ? "" : ", ", kind.name);
  }
  name.refuse(known);
}

}  // namespace whit
