// SPDX-License-Identifier: Apache-2.0
// Broadcasting, calls and random instances of operators on a pair of elements.
#define WHIT_HOST
#include "ops/elementwise/pair.hpp"

#include <algorithm>

#include "ops/activation_range.hpp"
#include "ops/elementwise/elementwise.kernel.hpp"
#include "ops/quantized_multiplier.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

// The length of an operand's axis, counted in a result of `axes` axes; 1 where the operand has none.
int64_t axis_length(const Shape &operand, size_t axis, size_t axes) {
  const size_t missing = axes - operand.size();
  return axis < missing ? int64_t{1} : operand[axis - missing];
}

bool usable(const Tensor &tensor, ElementType type) {
  return tensor.type == type && (type != ElementType::int16 || tensor.quantization.zero_point() == 0);
}

bool types_are(const NodeView &node, ElementType type) {
  const bool output = node.output().type == ElementType::boolean || usable(node.output(), type);
  return usable(node.input(0), type) && usable(node.input(1), type) && output;
}

// "elementwise<QuantizedSum<int8_t, 1>, FromMemory, FromConstant>"
std::string function_text(const NodeView &node, std::string_view kernel, std::string_view operation) {
  const auto source = [&](size_t input) { return node.input(input).is_constant() ? "FromConstant" : "FromMemory"; };
  return fmt::format("{}<{}, {}, {}>", kernel, operation, source(0), source(1));
}

bool goes_by_bytes(const NodeView &node) {
  const std::vector<int64_t> steps = broadcast_box(node).back().strides;
  return std::ranges::all_of(steps, [](int64_t step) { return step == 0 || step == 1; });
}

int32_t integer_limit(float real) {
  constexpr auto range = std::numeric_limits<int32_t>{};
  return static_cast<int32_t>(std::clamp<double>(real, range.min(), range.max()));
}

}  // namespace

Shape broadcast_shape(const NodeView &node, size_t inputs) {
  size_t axes = 0;
  for (size_t input = 0; input < inputs; ++input) axes = std::max(axes, node.input(input).shape.size());
  Shape shape(axes, 1);
  for (size_t input = 0; input < inputs; ++input)
    for (size_t axis = 0; axis < axes; ++axis) {
      const int64_t length = axis_length(node.input(input).shape, axis, axes);
      if (length != 1 && shape[axis] != 1 && shape[axis] != length)
        throw UserError({node.place(),
                         fmt::format("shapes {} and {}", text_of(node.input(0).shape), text_of(node.input(input).shape)),
                         "shapes that are equal, or 1, axis by axis from the last", "the model file may be damaged"});
      if (length != 1) shape[axis] = length;
    }
  return shape;
}

Shape broadcast_shape(const NodeView &node) { return broadcast_shape(node, 2); }

std::vector<StridedAxis> broadcast_box(const NodeView &node, size_t inputs) {
  const Tensor &output = node.output();
  const auto stride_along = [&](const Tensor &operand, size_t axis) {
    const size_t missing = output.shape.size() - operand.shape.size();
    if (axis < missing || operand.shape[axis - missing] == 1) return int64_t{0};
    return strides_of(operand)[axis - missing];
  };
  std::vector<StridedAxis> axes;
  for (size_t axis : axes_in_memory(output)) {
    StridedAxis entry{output.shape[axis], {}};
    for (size_t input = 0; input < inputs; ++input) entry.strides.push_back(stride_along(node.input(input), axis));
    axes.push_back(std::move(entry));
  }
  return merge_axes(axes, inputs);
}

void check_one_type(const NodeView &node) {
  if (node.input(0).type != node.input(1).type)
    throw UserError({node.place(), fmt::format("{} with {}", name_of(node.input(0).type), name_of(node.input(1).type)),
                     "operands of one type", "put a quantize or dequantize operator before one of them"});
}

std::vector<TensorType> infer_pair(const NodeView &node) {
  check_activation(node);
  check_one_type(node);
  return {{node.input(0).type, broadcast_shape(node)}};
}

std::vector<TensorType> infer_boolean_pair(const NodeView &node) {
  check_one_type(node);
  return {{ElementType::boolean, broadcast_shape(node)}};
}

bool pair_fits_same_shape(const NodeView &node, ElementType type) {
  return types_are(node, type) && node.input(0).shape == node.output().shape &&
         node.input(1).shape == node.output().shape;
}

bool pair_fits(const NodeView &node, ElementType type) {
  return types_are(node, type) && walkable(broadcast_box(node));
}

void add_operand(KernelCall &call, const NodeView &node, size_t input, Bytes constant_bytes) {
  if (!node.input(input).is_constant()) {
    call.arguments.push_back(input_argument(input));
    return;
  }
  static constexpr const char *names[] = {"first", "second", "third"};
  call.arguments.push_back(constant_argument(call.constants.size()));
  call.constants.push_back({names[input], node.input(input).type, std::move(constant_bytes)});
}

KernelCall call_same_shape(const NodeView &node, std::string_view operation, KernelParameters parameters) {
  KernelCall call{.function = function_text(node, "elementwise", operation), .parameters = std::move(parameters),
                  .arguments = {parameters_argument()}};
  for (size_t input : {0, 1}) {
    const Tensor &tensor = node.input(input);
    add_operand(call, node, input, tensor.is_constant() ? bytes_in_layout(tensor, node.output().layout) : Bytes{});
  }
  call.arguments.push_back(output_argument());
  return call;
}

KernelCall call_broadcast(const NodeView &node, std::string_view operation, KernelParameters parameters) {
  return call_rows(node, function_text(node, "elementwise_strided", operation), std::move(parameters));
}

bool byte_rows_fit(const NodeView &node) {
  if (!pair_fits(node, ElementType::int8) || node.output().type != ElementType::int8) return false;
  return goes_by_bytes(node);
}

// Constants are channel_last whatever the layout of the tensors.
std::vector<LayoutChoice> byte_rows_layouts(const NodeView &node) { return choices_where(node, any_same_layout(node), goes_by_bytes); }

Cost byte_rows_cost(const NodeView &node, double cycles_per_element) {
  constexpr double cycles_per_row = 40, cycles_beyond_fours = 8;
  const auto elements = static_cast<double>(node.output().elements());
  const int64_t length = broadcast_box(node).back().extent;
  const double rows = elements / static_cast<double>(length);
  return {.cycles = cycles_per_element * elements + rows * (cycles_per_row + cycles_beyond_fours * static_cast<double>(length % 4)),
          .code_bytes = 350};
}

KernelCall call_rows(const NodeView &node, std::string function, KernelParameters parameters) {
  KernelCall call{.function = std::move(function),
                  .parameters = std::move(parameters),
                  .constants = {box_constant(broadcast_box(node))},
                  .arguments = {parameters_argument(), constant_argument(0)}};
  for (size_t input : {0, 1}) {
    const Tensor &tensor = node.input(input);
    add_operand(call, node, input, tensor.is_constant() ? *tensor.constant : Bytes{});
  }
  call.arguments.push_back(output_argument());
  return call;
}

std::vector<Overlap> broadcast_overlap(const NodeView &node) {
  std::vector<Overlap> overlaps;
  for (const Overlap &overlap : elementwise_overlap(node)) {
    const Tensor &input = node.input(overlap.input);
    if (bits_of(input.type) == bits_of(node.output().type) && input.shape.size() == node.output().shape.size() &&
        strides_of(input) == strides_of(node.output()))
      overlaps.push_back(overlap);
  }
  return overlaps;
}

KernelParameters float_pair_parameters(const NodeView &node) {
  const RealRange range = real_activation_range(node);
  return parameters_from(FloatPairParameters{static_cast<int32_t>(node.output().elements()), range.low, range.high});
}

KernelParameters integer_pair_parameters(const NodeView &node) {
  const RealRange range = real_activation_range(node);
  return parameters_from(IntegerPairParameters{static_cast<int32_t>(node.output().elements()),
                                               integer_limit(range.low), integer_limit(range.high)});
}

void set_multiplier(double factor, int32_t &multiplier, int8_t &shift) {
  const QuantizedMultiplier value = quantize_multiplier(factor);
  multiplier = value.multiplier;
  shift = static_cast<int8_t>(value.shift);
}

Shape random_partner(std::mt19937 &random, const Shape &shape) {
  const auto dropped = static_cast<std::ptrdiff_t>(random() % shape.size());
  Shape partner(shape.begin() + dropped, shape.end());
  for (int64_t &axis : partner)
    if (random() % 2 == 1) axis = 1;
  return partner;
}

Graph random_pair(std::mt19937 &random, std::string op, ElementType type, bool with_activation) {
  RandomGraphBuilder build(random, std::move(op));
  Shape first = {1, build.between(1, 6), build.between(1, 6), build.between(1, 6)};
  Shape second = build.between(0, 1) == 1 ? first : random_partner(random, first);
  if (build.between(0, 1) == 1) std::swap(first, second);
  const TensorId left = build.input(type, first);
  const TensorId right = build.between(0, 2) == 0 ? build.constant(type, second) : build.input(type, second);
  const bool swapped = build.between(0, 1) == 1;
  return build.finish({swapped ? right : left, swapped ? left : right},
                      with_activation ? build.activation() : Attributes{});
}

}  // namespace whit
