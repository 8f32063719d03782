// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/catboost/import.hpp"

#include <cmath>

#include "compiler/importers/catboost/trees.hpp"
#include "ops/verify.hpp"

namespace whit {

namespace {

constexpr int64_t most_outputs = 32767;

bool classifies(const JsonValue &model) {
  return model.has("model_info") && model.member("model_info").has("class_params");
}

// The name of the loss that the model was trained for, which says what its sums mean; empty where the file does not tell.
std::string loss_of(const JsonValue &model) {
  JsonValue at = model;
  for (const char *key : {"model_info", "params", "loss_function", "type"}) {
    if (!at.has(key)) return "";
    at = at.member(key);
  }
  return at.text();
}

void check_loss(const JsonValue &model, const std::string &loss) {
  if (loss == "MultiLogloss" || loss == "MultiCrossEntropy")
    model.member("model_info").member("params").member("loss_function").member("type").refuse("one label a sample", "train a model for each of the labels");
}

// A label of two classes is the second where its probability is above the model's threshold: where the sum is above its logit.
void take_threshold(const JsonValue &model, TreeModel &trees) {
  if (!classifies(model) || trees.outputs != 1 || !model.member("model_info").has("binclass_probability_threshold")) return;
  const JsonValue member = model.member("model_info").member("binclass_probability_threshold");
  const double threshold = member.real();
  if (!(threshold > 0 && threshold < 1)) member.refuse("a probability above 0 and below 1", "set_probability_threshold of a number between them");
  trees.base[0] -= std::log(threshold / (1 - threshold));
}

TensorId add_real(Graph &graph, std::string op, std::vector<TensorId> inputs, const std::string &place) {
  const TensorId result = graph.add_tensor({.name = op, .type = ElementType::float32, .shape = graph.tensor(inputs.back()).shape});
  graph.nodes.push_back({.op = std::move(op), .inputs = std::move(inputs), .outputs = {result}, .origin = place});
  return result;
}

// Values as CatBoost gives them: of counts and amounts e to the sum, of a mean with its variance e to twice the second sum.
void add_meaning(Graph &graph, const std::string &loss, const std::string &place) {
  TensorId &result = graph.outputs[0];
  if (loss == "Poisson" || loss == "Tweedie") result = add_real(graph, "exp", {result}, place);
  if (loss != "RMSEWithUncertainty" || graph.tensor(result).elements() != 2) return;
  const TensorId factors = graph.add_constant("factors", ElementType::float32, {1, 2}, bytes_of(std::vector<float>{0, 2}));
  const TensorId means = graph.add_constant("means", ElementType::boolean, {1, 2}, Bytes{1, 0});
  const TensorId variance = add_real(graph, "exp", {add_real(graph, "mul", {factors, result}, place)}, place);
  result = add_real(graph, "select", {means, result, variance}, place);
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
  CatboostFeatures features = read_catboost_features(file.member("features_info"));
  const int64_t count = features.count;
  CatboostReader reader{.features = std::move(features), .statistics = CatboostStatistics(file), .tests = CategoryTests(count)};
  const JsonValue scale_and_bias = file.member("scale_and_bias");
  const double scale = scale_and_bias.element(0).real();
  TreeModel model{.features = reader.features.count, .base = scale_and_bias.element(1).reals()};
  model.outputs = static_cast<int64_t>(model.base.size());
  if (model.outputs < 1 || model.outputs > most_outputs) scale_and_bias.refuse(fmt::format("1 to {} biases", most_outputs));
  const bool symmetric = file.has("oblivious_trees");
  const JsonValue trees = file.member(symmetric ? "oblivious_trees" : "trees");
  for (size_t index = 0; index < trees.size(); ++index)
    (symmetric ? add_symmetric_tree : add_nested_tree)(trees.element(index), reader, scale, model);
  const std::string loss = loss_of(file);
  check_loss(file, loss);
  take_threshold(file, model);
  Module module{.graphs = {reader.tests.graph(std::move(model), {.result = classifies(file) ? "label" : "reals"}, std::string(place))}};
  if (!classifies(file)) add_meaning(module.main(), loss, std::string(place));
  verify_import(module);
  return module;
}

}  // namespace whit
