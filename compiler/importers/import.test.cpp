// SPDX-License-Identifier: Apache-2.0
// Choosing the importer: by content, then by suffix.
#include "compiler/importers/import.hpp"

#include <gtest/gtest.h>

#include "compiler/importers/tflite/test_model.hpp"

namespace whit {
namespace {

std::filesystem::path file_with(const char *name, const Bytes &bytes) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / name;
  write_file(path, bytes);
  return path;
}

std::string refusal(const std::filesystem::path &path) {
  try {
    import_model(path);
  } catch (const UserError &error) {
    return error.what();
  }
  return "accepted";
}

TEST(ImportModel, known_by_content_under_any_name) {
  EXPECT_EQ(import_model(file_with("network.bin", convolution_model().bytes())).main().nodes.size(), 1U);
}

TEST(ImportModel, suffix_decides_for_damaged_content) {
  const auto path = file_with("empty.tflite", {});
  EXPECT_EQ(refusal(path), path.string() + ": not a TensorFlow Lite model (its identifier TFL3 is missing)\n"
                                           "  hint: is this the right file?");
}

TEST(ImportModel, unknown_format_lists_the_known_ones) {
  const auto path = file_with("notes.md", {'h', 'i'});
  EXPECT_EQ(refusal(path), path.string() + ": not a model of any format that whit reads\n"
                                           "  supported: TensorFlow Lite (.tflite), whit estimator (.json), CatBoost (.json), XGBoost (.json, .ubj), LightGBM (.txt), ONNX (.onnx)");
}

TEST(ImportModel, nodes_tell_the_file_without_its_folder) {
  const std::string text = R"({"format": "whit-estimator", "version": 1, "features": 1, "input": {"type": "int16"}, "steps": [{"kind": "linear", "weights": [[1]], "bias": [0]}]})";
  EXPECT_EQ(import_model(file_with("line.json", Bytes(text.begin(), text.end()))).main().nodes.at(0).origin, "line.json, steps[0]");
}

TEST(ImportModel, a_models_name_or_content_tells_it_from_a_board_file) {
  for (const char *name : {"missing.tflite", "missing.ubj", "missing.txt"}) EXPECT_TRUE(is_model_file(name)) << name;
  EXPECT_TRUE(is_model_file(file_with("network", convolution_model().bytes())));
  const std::string board = R"({"summary": "x", "core": "cortex-m4", "memories": []})";
  EXPECT_FALSE(is_model_file(file_with("board.json", Bytes(board.begin(), board.end()))));
  for (const char *name : {"missing.json", "nucleo-l4r5zi", "", "/"}) EXPECT_FALSE(is_model_file(name)) << name;
}

}  // namespace
}  // namespace whit
