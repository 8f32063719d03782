// SPDX-License-Identifier: Apache-2.0
// Every model of tests/models, imported and evaluated on the host, against the outputs of TensorFlow Lite Micro in
// tests/models/expected (see the README there).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "compiler/driver/samples.hpp"
#include "compiler/importers/import.hpp"
#include "data/npy.hpp"

namespace whit {
namespace {

const std::filesystem::path folder = std::filesystem::path(WHIT_SOURCE_DIR) / "tests" / "models";
constexpr size_t samples = 10;

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".tflite")
      names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

void expect_close(const std::vector<float> &actual, const std::vector<float> &expected) {
  ASSERT_EQ(actual.size(), expected.size());
  float largest = 0;
  for (float value : expected) largest = std::max(largest, std::abs(value));
  for (size_t index = 0; index < expected.size(); ++index)
    ASSERT_NEAR(actual[index], expected[index], 1e-5F * largest) << "element " << index;
}

class SmallModel : public testing::TestWithParam<std::string> {};

TEST_P(SmallModel, gives_the_outputs_of_the_reference) {
  const Module module = import_model(folder / (GetParam() + ".tflite"));
  const Graph &graph = module.main();
  const std::vector<Bytes> outputs = evaluate_samples(graph, pseudo_random_samples(graph, samples));
  for (size_t index = 0; index < outputs.size(); ++index) {
    const auto path = folder / "expected" / fmt::format("{}.{}.npy", GetParam(), index);
    const Bytes content = read_file(path);
    const NpyArray expected = parse_npy(path.string(), content);
    if (graph.tensor(graph.outputs[index]).type == ElementType::float32)
      expect_close(values_of<float>(outputs[index]), values_of<float>(expected.bytes));
    else
      EXPECT_EQ(outputs[index], Bytes(expected.bytes.begin(), expected.bytes.end())) << "output " << index;
  }
}

INSTANTIATE_TEST_SUITE_P(All, SmallModel, testing::ValuesIn(model_names()),
                         [](const auto &entry) { return entry.param; });

}  // namespace
}  // namespace whit
