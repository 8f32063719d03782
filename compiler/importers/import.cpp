// SPDX-License-Identifier: Apache-2.0
// The table of formats: a new one is a line here and a folder beside this file.
#include "compiler/importers/import.hpp"

#include <algorithm>

#include "compiler/importers/catboost/import.hpp"
#include "compiler/importers/estimator/import.hpp"
#include "compiler/importers/lightgbm/import.hpp"
#include "compiler/importers/onnx/import.hpp"
#include "compiler/importers/tflite/import.hpp"
#include "compiler/importers/xgboost/import.hpp"

namespace whit {

namespace {

struct Format {
  std::string_view name;    // with every suffix its files have
  std::string_view suffix;  // the one that tells it without looking
  bool (*recognise)(std::span<const uint8_t> bytes);
  Module (*import)(std::span<const uint8_t> bytes, std::string_view place);
};

constexpr Format formats[] = {
    {"TensorFlow Lite (.tflite)", ".tflite", is_tflite, import_tflite},
    {"whit estimator (.json)", ".json", is_estimator, import_estimator},
    {"CatBoost (.json)", ".json", is_catboost, import_catboost},
    {"XGBoost (.json, .ubj)", ".ubj", is_xgboost, import_xgboost},
    {"LightGBM (.txt)", ".txt", is_lightgbm, import_lightgbm},
    {"ONNX (.onnx)", ".onnx", is_onnx, import_onnx},
};

const Format *format_of(std::span<const uint8_t> bytes, std::string_view suffix) {
  for (const Format &format : formats)
    if (format.recognise(bytes)) return &format;
  for (const Format &format : formats)
    if (format.suffix == suffix) return &format;
  return nullptr;
}

// Nodes tell the file they come from, wherever it lies: equal models in two folders give equal firmware.
void name_without_folder(Module &module, const std::filesystem::path &path) {
  const std::string whole = path.string(), name = path.filename().string();
  for (Graph &graph : module.graphs)
    for (Node &node : graph.nodes)
      if (node.origin.starts_with(whole)) node.origin.replace(0, whole.size(), name);
}

}  // namespace

std::string model_formats() {
  std::string list;
  for (const Format &format : formats)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", format.name);
  return list;
}

bool is_model_file(const std::filesystem::path &path) {
  const auto has_suffix = [&](const Format &format) { return format.suffix == path.extension().string() && format.suffix != ".json"; };
  if (std::any_of(std::begin(formats), std::end(formats), has_suffix)) return true;
  return std::filesystem::is_regular_file(path) && format_of(read_file(path), "") != nullptr;
}

Module import_model(const std::filesystem::path &path) {
  const Bytes bytes = read_file(path);
  const Format *format = format_of(bytes, path.extension().string());
  if (format == nullptr)
    throw UserError({path.string(), "not a model of any format that whit reads", model_formats(), ""});
  Module module = format->import(bytes, path.string());
  name_without_folder(module, path);
  return module;
}

}  // namespace whit
