// SPDX-License-Identifier: Apache-2.0
// Labels: a device tells classes by their number, in the order in which the model names them.
#include "compiler/importers/onnx/operators.hpp"

namespace whit::onnx_operators {

int64_t class_count(const OnnxNode &node) {
  const size_t numbers = std::max(node.integers("classlabels_int64s").size(), node.integers("classlabels_ints").size());
  const size_t count = std::max(numbers, node.texts("classlabels_strings").size());
  constexpr size_t most_classes = 32767;
  if (count < 2 || count > most_classes) node.fail(fmt::format("{} classes", count), fmt::format("2 to {}", most_classes));
  return static_cast<int64_t>(count);
}

void refuse_scores(const OnnxReader &reader, const OnnxNode &node) {
  if (reader.needs(node, 1))
    node.fail("scores that the model's first output needs", "the label as the first output", "put the label first, or export without probabilities");
}

// Names for the classes' numbers say nothing to the device. Codes for a feature's values are another matter.
void label_encoder(OnnxReader &reader, const OnnxNode &node) {
  const OnnxValue &value = reader.value(node);
  if (value.label) return reader.set(node, 0, value);
  node.fail("codes for a feature's values", "names for labels", "encode such features before they come to the device");
}

}  // namespace whit::onnx_operators
