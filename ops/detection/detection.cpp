// SPDX-License-Identifier: Apache-2.0
// The detection_post_process operator: inputs boxes (1 x N x 4 or more), predictions (1 x N x classes, one more with the
// background), anchors (N x 4, constant); outputs corners, classes, scores, and how many count. Attributes
// "max_detections", "num_classes", "detections_per_class", "by_class" (0/1), and as reals "score_threshold",
// "overlap_threshold", "y_scale", "x_scale", "h_scale", "w_scale".
#define WHIT_HOST
#include "ops/detection/detection.kernel.hpp"

#include <algorithm>
#include <cmath>

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

using enum ElementType;

int64_t number(const NodeView &node, std::string_view name) { return node.attributes().integer(name); }
float real(const NodeView &node, std::string_view name) { return static_cast<float>(node.attributes().real(name)); }

constexpr std::string_view scales[] = {"y_scale", "x_scale", "h_scale", "w_scale"};

[[noreturn]] void refuse(const NodeView &node, std::string found, std::string supported) {
  throw UserError({node.place(), std::move(found), std::move(supported), "the model file may be damaged"});
}

std::vector<TensorType> infer(const NodeView &node) {
  const Shape &boxes = node.input(0).shape, &predictions = node.input(1).shape, &anchors = node.input(2).shape;
  if (boxes.size() != 3 || boxes[0] != 1 || boxes[2] < 4 || predictions.size() != 3 || predictions[0] != 1 ||
      predictions[1] != boxes[1] || anchors != Shape{boxes[1], 4})
    refuse(node, fmt::format("boxes {}, predictions {}, anchors {}", text_of(boxes), text_of(predictions), text_of(anchors)),
           "1 x N x 4, 1 x N x classes and N x 4");
  const int64_t classes = number(node, "num_classes"), detections = number(node, "max_detections");
  if (classes < 1 || (classes != predictions[2] && classes != predictions[2] - 1))
    refuse(node, fmt::format("{} classes in {} columns", classes, predictions[2]), "as many, or one more");
  if (detections < 1 || detections > 32767 || number(node, "detections_per_class") < 1)
    refuse(node, fmt::format("{} detections", detections), "1 to 32767");
  const float overlap = real(node, "overlap_threshold");
  if (!(overlap > 0 && overlap <= 1) || !std::isfinite(real(node, "score_threshold")))
    refuse(node, fmt::format("an overlap threshold of {}", overlap), "above 0, up to 1");
  for (std::string_view name : scales)
    if (!std::isfinite(real(node, name)) || real(node, name) == 0)
      refuse(node, fmt::format("{} {}", name, real(node, name)), "finite numbers other than 0");
  return {{float32, {1, detections, 4}}, {float32, {1, detections}}, {float32, {1, detections}}, {float32, {1}}};
}

bool by_class(const NodeView &node) { return number(node, "by_class") != 0; }

template <bool classes>
bool fits(const NodeView &node) {
  return by_class(node) == classes && node.input(0).type == float32 && node.input(1).type == float32 &&
         node.input(2).type == float32 && node.input(2).is_constant();
}

KernelCall call(const NodeView &node) {
  const Shape &boxes = node.input(0).shape, &predictions = node.input(1).shape;
  const auto narrow = [](int64_t value) { return static_cast<int32_t>(value); };
  DetectionParameters p{};
  p.boxes = narrow(boxes[1]);
  p.columns = narrow(predictions[2]);
  p.classes = narrow(number(node, "num_classes"));
  p.background = p.columns - p.classes;
  p.box_numbers = narrow(boxes[2]);
  p.detections = narrow(number(node, "max_detections"));
  p.per_class = narrow(std::min<int64_t>(number(node, "detections_per_class"), boxes[1]));
  p.score_threshold = real(node, "score_threshold");
  p.overlap_threshold = real(node, "overlap_threshold");
  p.y_scale = real(node, scales[0]);
  p.x_scale = real(node, scales[1]);
  p.h_scale = real(node, scales[2]);
  p.w_scale = real(node, scales[3]);
  return {.function = by_class(node) ? "detection_by_class" : "detection_by_box",
          .parameters = parameters_from(p),
          .constants = {{"anchors", float32, *node.input(2).constant}},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(0), input_argument(1),
                        output_argument(0), output_argument(1), output_argument(2), output_argument(3),
                        scratch_argument()}};
}

int64_t scratch(const NodeView &node) { return 4 * (5 * node.input(0).shape[1] + number(node, "max_detections")); }

Cost cost(const NodeView &node) {
  return {.cycles = 300 * static_cast<double>(node.input(1).elements()) +
                    100 * static_cast<double>(node.input(0).shape[1] * number(node, "max_detections"))};
}

constexpr std::string_view header = "ops/detection/detection.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "detection_by_class", .header = header, .fits = fits<true>, .call = call,
     .host = host_call<detection_by_class>, .cost = cost, .scratch = scratch},
    {.name = "detection_by_box", .header = header, .fits = fits<false>, .call = call,
     .host = host_call<detection_by_box>, .cost = cost, .scratch = scratch}};

// By box with as many detections as boxes, all above the thresholds: the reference leaves the rest unwritten.
template <bool classes>
Graph random_detection(std::mt19937 &random) {
  RandomGraphBuilder build(random, "detection_post_process");
  const int64_t boxes = build.between(1, 12), labels = build.between(1, 4), background = build.between(0, 1);
  const TensorId encoded = build.input(float32, {1, boxes, 4}), predictions = build.input(float32, {1, boxes, labels + background});
  const TensorId anchors = build.constant(float32, {boxes, 4});
  auto values = values_of<float>(*build.graph().tensor(anchors).constant);
  for (float &value : values) value = 0.05F + std::abs(value);
  build.graph().tensor(anchors).constant = std::make_shared<const Bytes>(bytes_of(values));
  Attributes attributes{{"max_detections", classes ? build.between(1, 10) : build.between(1, boxes)}, {"num_classes", labels},
                        {"detections_per_class", build.between(1, 5)}, {"by_class", int64_t{classes}},
                        {"score_threshold", static_cast<double>(classes ? build.real_between(-2, 2) : -8.0F)},
                        {"overlap_threshold", static_cast<double>(classes ? build.real_between(0.1F, 0.9F) : 1.0F)}};
  for (std::string_view name : scales) attributes.set(std::string(name), static_cast<double>(build.real_between(2, 10)));
  return build.finish({encoded, predictions, anchors}, std::move(attributes));
}

constexpr AttributeRules<10> attributes{{{"max_detections"}, {"num_classes"}, {"detections_per_class"}, {"by_class"},
                                         {"score_threshold", AttributeKind::real},
                                         {"overlap_threshold", AttributeKind::real}, {"y_scale", AttributeKind::real},
                                         {"x_scale", AttributeKind::real}, {"h_scale", AttributeKind::real},
                                         {"w_scale", AttributeKind::real}}};
constexpr RandomGraph random_graphs[] = {random_detection<true>, random_detection<false>};

}  // namespace

extern const OpDef detection_post_process_op;
constinit const OpDef detection_post_process_op =
    complete({.name = "detection_post_process", .summary = "boxes of the highest scores that do not overlap",
              .least_inputs = 3, .most_inputs = 3, .outputs = 4, .quantization = QuantizationRule::convert,
              .attributes = attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs,
              .limits = "float32 with constant anchors"});

}  // namespace whit
