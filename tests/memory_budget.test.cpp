// SPDX-License-Identifier: Apache-2.0
// What the MLPerf Tiny models may take of a Cortex-M4's RAM with default options, and of its flash when size is what
// counts: figures that may only go down.
// Skips where the models are not at hand.
#include <gtest/gtest.h>

#include <filesystem>

#include "compiler/driver/compile.hpp"

namespace whit {
namespace {

struct Budget {
  const char *model;
  int64_t arena_bytes;  // network input and output included
};

std::filesystem::path path_of(const std::string &model) {
  return std::filesystem::path(WHIT_SHARED_DIR) / "models" / (model + ".tflite");
}

class MemoryBudget : public testing::TestWithParam<Budget> {};

TEST_P(MemoryBudget, arena_and_scratch_stay_within_it) {
  const auto path = path_of(GetParam().model);
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is absent";
  const MemoryPlan plan = plan_model(import_file(path), {.target = load_target("nucleo-l4r5zi")}).plan;
  EXPECT_LE(plan.arena_bytes, GetParam().arena_bytes);
  EXPECT_LT(plan.scratch_bytes, 3072);
}

INSTANTIATE_TEST_SUITE_P(MlPerfTiny, MemoryBudget,
                         testing::Values(Budget{"vww_96_int8", 37376}, Budget{"ic_resnet8_int8", 33792},
                                         Budget{"kws_dscnn_int8", 8640}, Budget{"ad_autoencoder_int8", 768}),
                         [](const auto &entry) { return std::string(entry.param.model); });

TEST(FlashBudget, constants_of_visual_wake_words_stay_within_it_where_size_counts) {
  const auto path = path_of("vww_96_int8");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is absent";
  const CompileOptions options{.target = load_target("nucleo-l4r5zi"), .emphasis = Emphasis::size};
  EXPECT_LE(constant_bytes(plan_model(import_file(path), options)), 40000);
}

}  // namespace
}  // namespace whit
