// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/catboost/import.hpp"

#include "compiler/importers/catboost/trees.hpp"
#include "ops/verify.hpp"

namespace whit {

namespace {

constexpr int64_t most_outputs = 32767;

bool classifies(const JsonValue &model) {
  return model.has("model_info") && model.member("model_info").has("class_params");
}

}  // namespace

bool is_catboost(std::span<const uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  return text.starts_with("{") && text.find("\"scale_and_bias\"") != std::string_view::npos && text.find("trees\"") != std::string_view::npos;
}

Module import_catboost(std::span<const uint8_t> bytes, std::string_view place) {
  const nlohmann::json json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (json.is_discarded()) throw UserError({std::string(place), "not a whole JSON file", "CatBoost's JSON", "was it cut off?"});
  const JsonValue file(json, std::string(place));
  const CatboostFeatures features = read_catboost_features(file.member("features_info"));
  const JsonValue scale_and_bias = file.member("scale_and_bias");
  const double scale = scale_and_bias.element(0).real();
  TreeModel model{.features = features.count, .base = scale_and_bias.element(1).reals()};
  model.outputs = static_cast<int64_t>(model.base.size());
  if (model.outputs < 1 || model.outputs > most_outputs) scale_and_bias.refuse(fmt::format("1 to {} biases", most_outputs));
  const bool symmetric = file.has("oblivious_trees");
  const JsonValue trees = file.member(symmetric ? "oblivious_trees" : "trees");
  for (size_t index = 0; index < trees.size(); ++index)
    (symmetric ? add_symmetric_tree : add_nested_tree)(trees.element(index), features, scale, model);
  Module module{.graphs = {tree_model_graph(std::move(model), {.result = classifies(file) ? "label" : "reals"}, std::string(place))}};
  verify_import(module);
  return module;
}

}  // namespace whit
