// SPDX-License-Identifier: Apache-2.0
// The MLPerf Tiny models on the host: the first xorshift32 sample against TensorFlow Lite Micro's output, and the
// keyword recordings against their labels. Skips where the models are not at hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "compiler/driver/samples.hpp"
#include "compiler/importers/import.hpp"
#include "ops/evaluate.hpp"

namespace whit {
namespace {

const std::filesystem::path shared = WHIT_SHARED_DIR;

struct SharedModel {
  const char *name;
  uint32_t output_hash;  // FNV-1a of TensorFlow Lite Micro's output
};

void PrintTo(const SharedModel &model, std::ostream *out) { *out << model.name; }

class SharedModels : public testing::TestWithParam<SharedModel> {};

TEST_P(SharedModels, first_sample_has_the_output_of_the_reference) {
  const auto path = shared / "models" / (std::string(GetParam().name) + ".tflite");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is absent";
  const Module module = import_model(path);
  const std::vector<Bytes> outputs = evaluate_samples(module.main(), pseudo_random_samples(module.main(), 1));
  EXPECT_EQ(fnv1a32(outputs.at(0)), GetParam().output_hash);
}

INSTANTIATE_TEST_SUITE_P(MlPerfTiny, SharedModels,
                         testing::Values(SharedModel{"vww_96_int8", 979336969},
                                         SharedModel{"ic_resnet8_int8", 3498707662},
                                         SharedModel{"kws_dscnn_int8", 3435343217},
                                         SharedModel{"ad_autoencoder_int8", 2101780126}),
                         [](const auto &entry) { return std::string(entry.param.name); });

struct Recording {
  std::string file;
  int64_t label;
};

// y_labels.csv: file, number of classes, class.
std::vector<Recording> recordings(const std::filesystem::path &folder) {
  std::vector<Recording> result;
  std::ifstream file(folder / "y_labels.csv");
  for (std::string line; std::getline(file, line);) {
    const size_t first = line.find(','), second = line.find(',', first + 1);
    if (second != std::string::npos) result.push_back({line.substr(0, first), std::stoll(line.substr(second + 1))});
  }
  return result;
}

// int8 weights with float activations: the features are (q - 83) * 0.5847029.
TEST(SharedModels, float_keywords_are_recognised_as_the_reference_does) {
  const auto path = shared / "models" / "kws_dscnn_float.tflite";
  const auto folder = shared / "data" / "mlperf_kws01";
  if (!std::filesystem::exists(path) || !std::filesystem::exists(folder)) GTEST_SKIP() << path << " is absent";
  const Module module = import_model(path);
  Evaluator evaluator(module.main());
  const std::span<uint8_t> input = evaluator.bytes(module.main().inputs.at(0));
  size_t right = 0;
  for (const Recording &recording : recordings(folder)) {
    std::vector<float> features;
    for (int8_t q : values_of<int8_t>(read_file(folder / recording.file)))
      features.push_back(static_cast<float>(q - 83) * 0.5847029F);
    ASSERT_EQ(features.size() * sizeof(float), input.size());
    std::memcpy(input.data(), features.data(), input.size());
    evaluator.run();
    const auto scores = values_of<float>(evaluator.bytes(module.main().outputs.at(0)));
    right += std::max_element(scores.begin(), scores.end()) - scores.begin() == recording.label ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(right), 901, 1);
}

}  // namespace
}  // namespace whit
