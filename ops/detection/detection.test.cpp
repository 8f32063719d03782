// SPDX-License-Identifier: Apache-2.0
// detection_post_process against detections worked out by hand.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Floats = std::vector<float>;

// Corners of the detections among three boxes of two by two around (1, 1), (1, 1.5) and (9, 9), with one class.
Floats corners(int64_t by_class, const Floats &scores, double threshold) {
  Attributes attributes{{"max_detections", int64_t{2}}, {"num_classes", int64_t{1}}, {"detections_per_class", int64_t{5}},
                        {"by_class", by_class}, {"score_threshold", threshold}, {"overlap_threshold", 0.5}};
  for (const char *name : {"y_scale", "x_scale", "h_scale", "w_scale"}) attributes.set(name, 1.0);
  SingleNode node("detection_post_process", std::move(attributes));
  node.input(float32, {1, 3, 4}, Floats(12, 0.0F)).input(float32, {1, 3, 1}, scores);
  node.constant(float32, {3, 4}, Floats{1, 1, 2, 2, 1, 1.5F, 2, 2, 9, 9, 2, 2});
  return node.run<float>();
}

TEST(Detection, a_higher_score_rules_out_what_overlaps_it) {
  for (int64_t by_class : {0, 1}) EXPECT_EQ(corners(by_class, {0.5F, 0.9F, 0.4F}, 0.1), (Floats{0, 0.5F, 2, 2.5F, 8, 8, 10, 10})) << by_class;
}

TEST(Detection, what_is_left_is_nothing) {
  for (int64_t by_class : {0, 1}) EXPECT_EQ(corners(by_class, {0.5F, 0.1F, 0.2F}, 0.3), (Floats{0, 0, 2, 2, 0, 0, 0, 0})) << by_class;
}

TEST(Detection, refuses_boxes_without_anchors) {
  SingleNode node("detection_post_process", {{"max_detections", int64_t{2}}, {"num_classes", int64_t{1}}});
  node.input(float32, {1, 3, 4}, Floats(12, 0.0F)).input(float32, {1, 3, 1}, Floats(3, 0.0F));
  node.constant(float32, {1, 4}, Floats{1, 1, 2, 2});
  EXPECT_THROW(node.run<float>(), UserError);
}

}  // namespace
}  // namespace whit
