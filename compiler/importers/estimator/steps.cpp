// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/estimator/steps.hpp"

namespace whit {

namespace {

struct PreparingKind {
  std::string_view name;
  Sample (*import)(Graph &graph, const JsonValue &step, const Sample &sample);
};

struct LastKind {
  std::string_view name;
  TensorId (*import)(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result);
};

constexpr PreparingKind preparing_kinds[] = {{"scale", import_scale}, {"project", import_project}, {"map", import_map}, {"select", import_select},
                                             {"normalize", import_normalize}, {"products", import_products}, {"power", import_power}, {"impute", import_impute},
                                             {"parts", import_parts}};
constexpr LastKind last_kinds[] = {{"trees", import_trees}, {"linear", import_linear}, {"kernel_machine", import_kernel_machine}, {"gaussian", import_gaussian}, {"neighbours", import_neighbours},
                                   {"features", import_features}};

// The kind that the step names; a UserError with all there are.
template <typename Kind, size_t count>
const Kind &kind_of(const JsonValue &step, const Kind (&kinds)[count]) {
  const JsonValue name = step.member("kind");
  std::string known;
  for (const Kind &kind : kinds) {
    if (name.text() == kind.name) return kind;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", kind.name);
  }
  name.refuse(known, see_the_format);
}

}  // namespace

Sample prepared_sample(Graph &graph, const JsonValue &steps, Sample sample, size_t behind) {
  constexpr size_t most_steps = 64;
  if (steps.size() < behind || steps.size() > most_steps) steps.refuse(fmt::format("{} to {} steps", behind, most_steps), see_the_format);
  for (size_t index = 0; index < steps.size() - behind; ++index) {
    const JsonValue step = steps.element(index);
    sample = kind_of(step, preparing_kinds).import(graph, step, sample);
  }
  return sample;
}

TensorId import_steps(Graph &graph, const JsonValue &steps, const Sample &sample, const std::string &result) {
  const Sample prepared = prepared_sample(graph, steps, sample, 1);
  const JsonValue step = steps.element(steps.size() - 1);
  const LastKind &kind = kind_of(step, last_kinds);
  if (result != "probabilities") return kind.import(graph, step, prepared, result);
  return add_probabilities(graph, step, kind.import(graph, step, prepared, "reals"));
}

}  // namespace whit
