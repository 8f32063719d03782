// SPDX-License-Identifier: Apache-2.0
// Operators that move, join, add or fold axes. Axes are counted from the front and known while importing.
#include <algorithm>

#include "compiler/importers/tflite/axes.hpp"
#include "compiler/importers/tflite/move_nodes.hpp"
#include "compiler/importers/tflite/operators.hpp"

namespace whit::tflite_operators {

namespace {

Node reshape_to(OperatorReader &reader, Shape shape) {
  return {.op = "reshape", .inputs = {reader.data(0)}, .attributes = {{"shape", std::move(shape)}}};
}

// The new shape as the model asks for it; one axis may be -1.
Shape wanted_shape(const OperatorReader &reader) {
  if (reader.is_constant(1)) return reader.integers(1);
  const auto *options = reader.table<tflite::ReshapeOptions>();
  if (options == nullptr || options->new_shape() == nullptr) return reader.output().shape;
  if (options->new_shape()->size() > 8) reader.fail("more than eight axes", "up to eight axes", damaged);
  return {options->new_shape()->begin(), options->new_shape()->end()};
}

// `shape` with its axis of -1 replaced by what is left of `elements`.
Shape resolved(const OperatorReader &reader, Shape shape, int64_t elements) {
  int64_t known = 1;
  for (int64_t axis : shape) {
    if (axis == -1) continue;
    if (axis < 1 || axis > elements / known)
      reader.fail("new shape " + text_of(shape), "as many elements as before", damaged);
    known *= axis;
  }
  const auto open = std::find(shape.begin(), shape.end(), -1);
  if (open != shape.end()) *open = elements / known;
  return shape;
}

Node padded(OperatorReader &reader) {
  const std::vector<int64_t> padding = reader.integers(1);
  if (padding.size() != 2 * reader.tensor(0).shape.size())
    reader.fail(fmt::format("{} paddings for {}", padding.size(), text_of(reader.tensor(0).shape)), "two an axis",
                damaged);
  return {.op = "pad", .inputs = {reader.data(0)}, .attributes = {{"padding", padding}}};
}

}  // namespace

int64_t axis_position(const OperatorReader &reader, int64_t axis, size_t axes) {
  const auto count = static_cast<int64_t>(axes);
  if (axis < -count || axis >= count)
    reader.fail(fmt::format("axis {} of {} axes", axis, axes), fmt::format("{} to {}", -count, count - 1), damaged);
  return axis < 0 ? axis + count : axis;
}

std::vector<int64_t> axis_positions(const OperatorReader &reader, std::vector<int64_t> axes, size_t count) {
  for (int64_t &axis : axes) axis = axis_position(reader, axis, count);
  std::sort(axes.begin(), axes.end());
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  return axes;
}

Node reshape(OperatorReader &reader) {
  return reshape_to(reader, resolved(reader, wanted_shape(reader), reader.tensor(0).elements()));
}

Node squeeze(OperatorReader &reader) {
  const Shape &input = reader.tensor(0).shape;
  const auto *options = reader.table<tflite::SqueezeOptions>();
  std::vector<int64_t> axes;
  if (options != nullptr && options->squeeze_dims() != nullptr) {
    if (options->squeeze_dims()->size() > 8) reader.fail("more than eight axes", "up to eight axes", damaged);
    axes = axis_positions(reader, {options->squeeze_dims()->begin(), options->squeeze_dims()->end()}, input.size());
  }
  Shape shape;
  for (size_t axis = 0; axis < input.size(); ++axis) {
    const bool named = std::binary_search(axes.begin(), axes.end(), static_cast<int64_t>(axis));
    if (named && input[axis] != 1)
      reader.fail(fmt::format("axis {} of {} is not 1", axis, text_of(input)), "axes of length 1", damaged);
    if (axes.empty() ? input[axis] != 1 : !named) shape.push_back(input[axis]);
  }
  return reshape_to(reader, std::move(shape));
}

Node expand_dims(OperatorReader &reader) {
  Shape shape = reader.tensor(0).shape;
  const std::vector<int64_t> axes = reader.integers(1);
  if (axes.size() != 1) reader.fail(fmt::format("{} axes", axes.size()), "one axis", damaged);
  shape.insert(shape.begin() + axis_position(reader, axes[0], shape.size() + 1), 1);
  return reshape_to(reader, std::move(shape));
}

Node transpose(OperatorReader &reader) {
  std::vector<int64_t> permutation = reader.integers(1);
  const size_t axes = reader.tensor(0).shape.size();
  for (int64_t &axis : permutation) axis = axis_position(reader, axis, axes);
  if (permutation.size() != axes || axis_positions(reader, permutation, axes).size() != axes)
    reader.fail(fmt::format("{} is no permutation of {} axes", text_of(permutation), axes), "each axis once", damaged);
  return {.op = "transpose", .inputs = {reader.data(0)}, .attributes = {{"permutation", permutation}}};
}

// Padded with what stands for 0; as the reference has it, with a stored 0 where the type is wider than a byte.
Node pad(OperatorReader &reader) {
  Node node = padded(reader);
  const Tensor &data = reader.tensor(0);
  if (data.quantization.present() && bits_of(data.type) > 8) node.attributes.set("value", int64_t{0});
  return node;
}

Node padv2(OperatorReader &reader) {
  Node node = padded(reader);
  const Tensor &value = reader.tensor(2);
  const Tensor &data = reader.tensor(0);
  if (!value.is_constant() || value.elements() != 1 || value.type != data.type)
    reader.fail("the padding value is not one constant of the data's type", "one constant", "export it as a constant");
  if (value.type == ElementType::float32)
    node.attributes.set("value", static_cast<double>(values_of<float>(*value.constant)[0]));
  else
    node.attributes.set("value", widened(value).at(0));
  return node;
}

static Node reduction(OperatorReader &reader, std::string op) {
  Node node{.op = std::move(op), .inputs = {reader.data(0)}};
  node.attributes.set("axes", axis_positions(reader, reader.integers(1), reader.tensor(0).shape.size()));
  node.attributes.set("keep_axes", int64_t{reader.options<tflite::ReducerOptions>().keep_dims});
  return node;
}

Node mean(OperatorReader &reader) { return reduction(reader, "mean"); }
Node sum(OperatorReader &reader) { return reduction(reader, "sum"); }
Node reduce_max(OperatorReader &reader) { return reduction(reader, "reduce_max"); }
Node reduce_all(OperatorReader &reader) { return reduction(reader, "reduce_all"); }
Node reduce_min(OperatorReader &reader) { return reduction(reader, "reduce_min"); }

static Node arg_extreme(OperatorReader &reader, std::string op) {
  const std::vector<int64_t> axis = reader.integers(1);
  if (axis.size() != 1) reader.fail(fmt::format("{} axes", axis.size()), "one axis", damaged);
  return {.op = std::move(op), .inputs = {reader.data(0)},
          .attributes = {{"axis", axis_position(reader, axis[0], reader.tensor(0).shape.size())}}};
}

Node arg_max(OperatorReader &reader) { return arg_extreme(reader, "arg_max"); }
Node arg_min(OperatorReader &reader) { return arg_extreme(reader, "arg_min"); }

Node cumsum(OperatorReader &reader) {
  const auto options = reader.options<tflite::CumsumOptions>();
  Node node = arg_extreme(reader, "cumsum");
  node.attributes.set("exclusive", int64_t{options.exclusive});
  node.attributes.set("reverse", int64_t{options.reverse});
  return node;
}

// The reference joins 16-bit values as they are stored, whatever their scales.
Node concatenation(OperatorReader &reader) {
  const auto options = reader.options<tflite::ConcatenationOptions>();
  if (options.fused_activation_function != tflite::ActivationFunctionType_NONE)
    reader.fail("a fused activation", "none", "export the activation as an operator of its own");
  std::vector<TensorId> parts;
  for (size_t position = 0; position < reader.input_count(); ++position) {
    const bool copied = reader.tensor(position).type == ElementType::int16 && reader.tensor(position).quantization != reader.output().quantization;
    const TensorId part = reader.data(position);
    parts.push_back(copied ? reader.emit(reshape_node(part, reader.in_graph(part).shape), reader.output().quantization) : part);
  }
  return joined(reader, std::move(parts), axis_position(reader, options.axis, reader.tensor(0).shape.size()));
}

}  // namespace whit::tflite_operators
