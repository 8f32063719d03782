// SPDX-License-Identifier: Apache-2.0
// The passes on the models of MLPerf Tiny: every output stays as it was, and the visual-wake-words model loses its dead
// channels. Skips where the models are absent.
#include <filesystem>

#include "compiler/importers/import.hpp"
#include "compiler/passes/pass_test.hpp"

namespace whit {
namespace {

struct Work {
  int64_t macs = 0, weights = 0;
};

Work work_of(const Graph &graph) {
  Work work;
  for (const Node &node : graph.nodes) {
    const NodeView view(graph, node);
    work.macs += macs_of(view);
    if (operator_of(node).weight_order != WeightOrder::none) work.weights += view.input(1).elements();
  }
  return work;
}

class PassedModel : public testing::Test {
 protected:
  // The model's graph; skips the test where there is none.
  void load(const std::string &name) {
    const std::filesystem::path path = std::filesystem::path(WHIT_SHARED_DIR) / "models" / name;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is absent";
    before_ = import_model(path).main();
    Module module{{before_}};
    run_passes(module);
    after_ = module.main();
  }

  Graph before_, after_;
};

class EachModelPassed : public PassedModel, public testing::WithParamInterface<const char *> {};

TEST_P(EachModelPassed, keeps_every_output) {
  load(GetParam());
  if (IsSkipped()) return;
  expect_same_outputs(before_, after_, 3);
}

INSTANTIATE_TEST_SUITE_P(Files, EachModelPassed,
                         testing::Values("vww_96_int8.tflite", "ic_resnet8_int8.tflite", "kws_dscnn_int8.tflite",
                                         "ad_autoencoder_int8.tflite", "kws_dscnn_float.tflite"));

TEST_F(PassedModel, for_visual_wake_words_loses_its_dead_channels) {
  load("vww_96_int8.tflite");
  if (IsSkipped()) return;
  EXPECT_EQ(work_of(before_).macs, 7489664);
  EXPECT_EQ(work_of(before_).weights, 208112);
  EXPECT_EQ(work_of(after_).macs, 3727313);
  EXPECT_EQ(work_of(after_).weights, 29066);
}

}  // namespace
}  // namespace whit
