// SPDX-License-Identifier: Apache-2.0
// TFLite_Detection_PostProcess.
#include "compiler/importers/tflite/custom_options.hpp"
#include "compiler/importers/tflite/operators.hpp"

namespace whit::tflite_operators {

Node detection_post_process(OperatorReader &reader) {
  constexpr int64_t usual_per_class = 100;
  const CustomOptions options(reader);
  const bool by_class = options.integer("use_regular_nms", 0) != 0;
  if (!by_class && options.integer("max_classes_per_detection") != 1)
    reader.fail(fmt::format("{} classes a detection", options.integer("max_classes_per_detection")), "one class a detection, since the reference writes more of them beyond its outputs",
                "export the model with max_classes_per_detection 1, or use_regular_nms");
  Node node{.op = "detection_post_process", .inputs = {reader.data(0), reader.data(1), reader.data(2)}};
  node.attributes = {{"max_detections", options.integer("max_detections")},
                     {"num_classes", options.integer("num_classes")},
                     {"detections_per_class", options.integer("detections_per_class", usual_per_class)},
                     {"by_class", int64_t{by_class}},
                     {"score_threshold", static_cast<double>(options.real("nms_score_threshold"))},
                     {"overlap_threshold", static_cast<double>(options.real("nms_iou_threshold"))}};
  for (const char *name : {"y_scale", "x_scale", "h_scale", "w_scale"})
    node.attributes.set(name, static_cast<double>(options.real(name)));
  return node;
}

}  // namespace whit::tflite_operators
