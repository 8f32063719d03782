// SPDX-License-Identifier: Apache-2.0
// What prepares features. Shapes beyond one row are not kept: a row of F features is a row, whatever axes the file gives it.
#include <cmath>

#include "compiler/importers/joined_in_groups.hpp"
#include "compiler/importers/onnx/operators.hpp"

namespace whit::onnx_operators {

namespace {

constexpr int64_t most_features = 32767;

// One number for each feature, or one for all.
std::vector<double> one_each(const OnnxNode &node, std::string_view name, int64_t count, double otherwise) {
  std::vector<double> values = node.reals(name);
  if (values.empty()) values = {otherwise};
  if (values.size() == 1) values.resize(static_cast<size_t>(count), values[0]);
  if (static_cast<int64_t>(values.size()) != count) node.fail(fmt::format("{} values of {}", values.size(), name), fmt::format("one, or {}", count));
  return values;
}

OnnxValue features_from(const OnnxReader &reader, const OnnxNode &node, TensorId tensor) {
  OnnxValue value = reader.row(tensor);
  if (value.count < 1 || value.count > most_features) node.fail(fmt::format("{} features", value.count), fmt::format("1 to {}", most_features));
  return value;
}

TensorId as_row(OnnxReader &reader, const OnnxNode &node, TensorId tensor) {
  return reader.emit(node, "reshape", {tensor}, {{"shape", std::vector<int64_t>{1, reader.graph().tensor(tensor).elements()}}});
}

TensorId as_numbers(OnnxReader &reader, const OnnxNode &node, TensorId booleans) {
  return reader.emit(node, "cast", {booleans}, {{"type", "float32"}});
}

}  // namespace

void pass(OnnxReader &reader, const OnnxNode &node) { reader.set(node, 0, reader.value(node)); }

// (x - offset) * scale
void scaler(OnnxReader &reader, const OnnxNode &node) {
  OnnxValue value = reader.features(node);
  const std::vector<double> scales = one_each(node, "scale", value.count, 1), offsets = one_each(node, "offset", value.count, 0);
  OnnxValue scaled{.tensor = value.tensor, .count = value.count};
  for (size_t index = 0; index < scales.size(); ++index) {
    scaled.factors.push_back(value.factor(index) * scales[index]);
    scaled.offsets.push_back((value.offset(index) - offsets[index]) * scales[index]);
  }
  reader.set(node, 0, std::move(scaled));
}

void array_feature_extractor(OnnxReader &reader, const OnnxNode &node) {
  if (reader.is_constant(node, 0)) return reader.set(node, 0, reader.value(node, 1));  // a class's name by its number
  const OnnxValue &value = reader.features(node);
  std::vector<int32_t> positions;
  OnnxValue chosen;
  for (const double position : reader.constant(node, 1)) {
    if (!(position >= 0 && position < static_cast<double>(value.count)) || position != std::floor(position))
      node.fail(fmt::format("feature {} of {}", position, value.count), "features that there are");
    positions.push_back(static_cast<int32_t>(position));
    if (value.factors.empty()) continue;
    chosen.factors.push_back(value.factor(static_cast<size_t>(position)));
    chosen.offsets.push_back(value.offset(static_cast<size_t>(position)));
  }
  const auto count = static_cast<int64_t>(positions.size());
  if (count == 0 || count > most_features) node.fail(fmt::format("{} features", count), fmt::format("1 to {}", most_features));
  const TensorId indices = reader.graph().add_constant("", ElementType::int32, {count}, bytes_of(positions));
  chosen.tensor = reader.emit(node, "gather", {value.tensor, indices}, {{"axis", int64_t{1}}, {"batch_axes", int64_t{0}}});
  chosen.count = count;
  reader.set(node, 0, std::move(chosen));
}

void concat(OnnxReader &reader, const OnnxNode &node) {
  const int64_t axis = node.integer("axis", -1);
  if (axis != 1 && axis != -1) node.fail(fmt::format("axis {}", axis), "axis 1: features side by side");
  std::vector<TensorId> parts;
  int64_t count = 0;
  for (size_t input = 0; input < node.inputs(); ++input) {
    count += reader.features(node, input).count;
    if (count > most_features) node.fail("too many features", fmt::format("up to {}", most_features));
    parts.push_back(reader.real(node, input));
  }
  if (parts.empty()) node.fail("no inputs", "at least one");
  const auto join = [&](std::vector<TensorId> group) { return reader.emit(node, "concatenation", std::move(group), {{"axis", int64_t{1}}}); };
  parts = joined_in_groups(std::move(parts), join);
  reader.set(node, 0, parts.size() == 1 ? reader.row(parts[0]) : features_from(reader, node, join(std::move(parts))));
}

void binarizer(OnnxReader &reader, const OnnxNode &node) {
  const TensorId limit = reader.add_constant({node.real("threshold", 0)}, {1});
  reader.features(node);
  reader.set(node, 0, reader.row(as_numbers(reader, node, reader.emit(node, "greater", {reader.real(node), limit}))));
}

// Where a feature is the replaced value (NaN is the one that is not itself), the imputed one.
void imputer(OnnxReader &reader, const OnnxNode &node) {
  const int64_t count = reader.features(node).count;
  const bool whole = node.has("imputed_value_int64s");
  std::vector<double> imputed = one_each(node, "imputed_value_floats", count, 0);
  if (whole) {
    const std::vector<int64_t> integers = node.integers("imputed_value_int64s");
    imputed.assign(integers.begin(), integers.end());
    if (imputed.size() == 1) imputed.resize(static_cast<size_t>(count), imputed[0]);
  }
  if (static_cast<int64_t>(imputed.size()) != count) node.fail(fmt::format("{} imputed values", imputed.size()), fmt::format("one, or {}", count));
  const double replaced = whole ? static_cast<double>(node.integer("replaced_value_int64", 0)) : node.real("replaced_value_float", 0);
  const TensorId data = reader.real(node), values = reader.add_constant(imputed, {1, count});
  const TensorId missing = std::isnan(replaced) ? reader.emit(node, "not_equal", {data, data})
                                                : reader.emit(node, "equal", {data, reader.add_constant({replaced}, {1})});
  reader.set(node, 0, reader.row(reader.emit(node, "select", {missing, values, data})));
}

// A row divided by the sum of its sizes, by its length, or by its largest value.
void normalizer(OnnxReader &reader, const OnnxNode &node) {
  const std::string norm = node.text("norm", "MAX");
  reader.features(node);
  const TensorId data = reader.real(node);
  if (norm == "L2") return reader.set(node, 0, reader.row(reader.emit(node, "l2_normalize", {data})));
  const Attributes over_the_row{{"axes", std::vector<int64_t>{1}}, {"keep_axes", int64_t{1}}};
  if (norm != "L1" && norm != "MAX") node.fail("norm " + norm, "L1, L2, MAX");
  const TensorId whole = norm == "L1" ? reader.emit(node, "sum", {reader.emit(node, "abs", {data})}, over_the_row)
                                      : reader.emit(node, "reduce_max", {data}, over_the_row);
  const TensorId is_zero = reader.emit(node, "equal", {whole, reader.add_constant({0}, {1})});  // then the row stays as it is
  const TensorId divisor = reader.emit(node, "select", {is_zero, reader.add_constant({1}, {1}), whole});
  reader.set(node, 0, reader.row(reader.emit(node, "div", {data, divisor})));
}

// Of each feature one number a category: 1 where it is that one.
void one_hot_encoder(OnnxReader &reader, const OnnxNode &node) {
  if (node.has("cats_strings")) node.fail("categories that are texts", "whole numbers (cats_int64s)", "encode texts before they come to the device");
  const std::vector<int64_t> integers = node.integers("cats_int64s");
  const std::vector<double> categories(integers.begin(), integers.end());
  const int64_t count = reader.features(node).count, kinds = static_cast<int64_t>(categories.size());
  if (kinds == 0 || kinds * count > most_features) node.fail(fmt::format("{} categories of {} features", kinds, count), fmt::format("1 to {} in all", most_features));
  if (node.integer("zeros", 1) == 0) node.fail("zeros=0: an error for unknown categories", "zeros=1: zeros for them", "export with handle_unknown='ignore'");
  const TensorId data = reader.emit(node, "reshape", {reader.real(node)}, {{"shape", std::vector<int64_t>{count, 1}}});
  const TensorId same = reader.emit(node, "equal", {data, reader.add_constant(categories, {1, kinds})});
  reader.set(node, 0, reader.row(as_row(reader, node, as_numbers(reader, node, same))));
}

}  // namespace whit::onnx_operators
