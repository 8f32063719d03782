// SPDX-License-Identifier: Apache-2.0
// Operators that pick, repeat or reorder values. Most become a few nodes of the same small set: slice, concatenation,
// reshape, transpose, pad, gather and broadcast_to.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "compiler/importers/tflite/axes.hpp"
#include "compiler/importers/tflite/move_nodes.hpp"
#include "compiler/importers/tflite/operators.hpp"

namespace whit::tflite_operators {

namespace {

constexpr int64_t most_places = 1 << 22;  // that are listed of one axis

Node gather_node(TensorId data, TensorId positions, int64_t axis, int64_t batch_axes = 0) {
  return {.op = "gather", .inputs = {data, positions}, .attributes = {{"axis", axis}, {"batch_axes", batch_axes}}};
}

TensorId positions_constant(OperatorReader &reader, const std::vector<int32_t> &positions) {
  return reader.add_constant("positions", ElementType::int32, {static_cast<int64_t>(positions.size())},
                             bytes_of(positions));
}

// The operator's outputs but the last as they are cut from the data along `axis`; the last is returned.
Node cut(OperatorReader &reader, TensorId data, size_t axis, const Integers &lengths) {
  const Shape shape = reader.in_graph(data).shape;
  if (lengths.empty() || lengths.size() != reader.output_count())
    reader.fail(fmt::format("{} parts for {} outputs", lengths.size(), reader.output_count()), "one an output", damaged);
  Integers begin(shape.size(), 0), size = shape;
  for (size_t part = 0;; ++part) {
    size[axis] = lengths[part];
    if (part + 1 == lengths.size()) return slice_node(data, begin, size);
    reader.emit_outputs(slice_node(data, begin, size));
    begin[axis] += lengths[part];
  }
}

Integers of_length(const OperatorReader &reader, size_t position, size_t count) {
  Integers values = reader.integers(position);
  if (values.size() != count)
    reader.fail(fmt::format("{} values for {} axes", values.size(), count), "one an axis", damaged);
  return values;
}

bool bit(int32_t mask, size_t axis) { return axis < 31 && (mask >> axis & 1) != 0; }

struct SteppedAxis {
  int64_t begin = 0, size = 0;
};

// From begin to below end by steps, as Python counts them; absent ends are the data's.
SteppedAxis stepped(int64_t length, int64_t stride, std::optional<int64_t> begin, std::optional<int64_t> end) {
  const int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? length : length - 1;
  const auto place = [&](int64_t value) { return std::clamp(value < 0 ? value + length : value, low, high); };
  const int64_t from = begin ? place(*begin) : (stride > 0 ? low : high), to = end ? place(*end) : (stride > 0 ? high : low);
  const int64_t span = stride > 0 ? to - from : from - to, step = std::abs(stride);
  return {from, span <= 0 ? 0 : (span + step - 1) / step};
}

// Which row (or column) the reference takes for each of the output's, in its float32 steps.
std::vector<int32_t> nearest_positions(int64_t input, int64_t output, bool align_corners, bool half_pixel) {
  const float scale = align_corners && output > 1 ? static_cast<float>(input - 1) / static_cast<float>(output - 1)
                                                  : static_cast<float>(input) / static_cast<float>(output);
  const float offset = half_pixel ? 0.5F : 0.0F;
  std::vector<int32_t> positions;
  for (int64_t place = 0; place < output; ++place) {
    const float exact = (static_cast<float>(place) + offset) * scale;
    const auto nearest = static_cast<int64_t>(align_corners ? std::round(exact) : std::floor(exact));
    positions.push_back(static_cast<int32_t>(std::clamp<int64_t>(nearest, 0, input - 1)));
  }
  return positions;
}

// Where in an axis of that length each value of the padded one comes from: mirrored from value `skipped` on.
std::vector<int32_t> mirrored_positions(OperatorReader &reader, int64_t length, int64_t before, int64_t after, int64_t skipped) {
  if (before < 0 || after < 0 || std::max(before, after) > length - skipped)
    reader.fail(fmt::format("paddings {} and {} of {} values", before, after, length), "as many as there are", damaged);
  if (before + length + after > most_places)
    reader.fail(fmt::format("{} values padded by {} and {}", length, before, after), fmt::format("up to {} in all", most_places), "pad less");
  std::vector<int32_t> positions;
  for (int64_t place = -before; place < length + after; ++place) {
    const int64_t inside = place < 0 ? skipped - 1 - place : place >= length ? 2 * length - 1 - skipped - place : place;
    positions.push_back(static_cast<int32_t>(inside));
  }
  return positions;
}

}  // namespace

// Places in an axis, or many, in 32 bits: what is beyond the data is taken as its end.
static TensorId places(OperatorReader &reader, size_t position) {
  TensorId begin = reader.data(position);
  if (reader.tensor(position).type != ElementType::int64) return begin;
  const auto limit = [&](const char *op, int64_t value) {
    const TensorId bound = reader.add_constant("limit", ElementType::int64, {1}, bytes_of(std::vector<int64_t>{value}));
    begin = reader.emit({.op = op, .inputs = {begin, bound}}, {});
  };
  limit("maximum", 0);
  limit("minimum", std::numeric_limits<int32_t>::max());
  return reader.emit({.op = "cast", .inputs = {begin}, .attributes = {{"type", std::string("int32")}}}, {});
}

// Along each axis that is cut, values are gathered from a computed begin on. A size that is computed too, or depends on
// the begin, is what the output says.
static Node slice_from_computed(OperatorReader &reader) {
  const Shape shape = reader.tensor(0).shape;
  const Shape claimed = reader.output().shape;
  Integers size = reader.is_constant(2) ? of_length(reader, 2, shape.size()) : claimed;
  if (size.size() != shape.size())
    reader.fail(fmt::format("a slice {} of {}", text_of(size), text_of(shape)), "as many axes", "export the model with a constant size");
  for (size_t axis = 0; axis < size.size(); ++axis)
    if (size[axis] == -1 && claimed.size() == size.size()) size[axis] = claimed[axis];
  check_within(reader, size, 1);
  if (reader.tensor(1).shape != Shape{static_cast<int64_t>(shape.size())})
    reader.fail(fmt::format("begins {} for {} axes", text_of(reader.tensor(1).shape), shape.size()), "one an axis", damaged);
  const TensorId begins = places(reader, 1);
  Node node = reshape_node(reader.data(0), shape);
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    if (size[axis] >= shape[axis]) continue;
    if (size[axis] > most_places) reader.fail(fmt::format("{} of {} values", size[axis], shape[axis]), fmt::format("up to {}", most_places), "");
    const TensorId begin = reader.emit(slice_node(begins, {static_cast<int64_t>(axis)}, {1}), {});
    const TensorId data = node.op == "gather" ? reader.emit(std::move(node)) : node.inputs[0];
    std::vector<int32_t> steps(static_cast<size_t>(size[axis]));
    std::iota(steps.begin(), steps.end(), 0);
    const TensorId positions = reader.emit({.op = "add", .inputs = {positions_constant(reader, steps), begin}}, {});
    node = gather_node(data, positions, static_cast<int64_t>(axis));
  }
  return node;
}

Node slice(OperatorReader &reader) {
  if (!reader.is_constant(1)) return slice_from_computed(reader);
  const Shape shape = reader.tensor(0).shape;
  const Integers begin = of_length(reader, 1, shape.size());
  Integers size = of_length(reader, 2, shape.size());
  check_within(reader, begin, 0);
  for (size_t axis = 0; axis < size.size(); ++axis)
    if (size[axis] == -1) size[axis] = shape[axis] - begin[axis];
  return slice_node(reader.data(0), begin, size);
}

Node strided_slice(OperatorReader &reader) {
  const auto options = reader.options<tflite::StridedSliceOptions>();
  const Shape shape = reader.tensor(0).shape;
  const size_t given = reader.integers(1).size();
  if (options.ellipsis_mask != 0 || options.new_axis_mask != 0 || options.offset || given > shape.size())
    reader.fail("an ellipsis, a new axis or an offset", "begin, end and stride for the first axes",
                "export the model without them");
  const Integers begin = of_length(reader, 1, given), end = of_length(reader, 2, given), stride = of_length(reader, 3, given);
  Integers first(shape.size(), 0), size = shape, step(shape.size(), 1);
  Shape kept;
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    const bool shrinks = axis < given && bit(options.shrink_axis_mask, axis);
    if (axis < given) {
      step[axis] = shrinks ? 1 : stride[axis];
      if (step[axis] == 0) reader.fail("a stride of 0", "other strides", damaged);
      const auto bound = [&](const Integers &bounds, int32_t mask) {
        return bit(mask, axis) ? std::nullopt : std::optional(bounds[axis]);
      };
      const int64_t from = begin[axis] < 0 ? begin[axis] + shape[axis] : begin[axis];
      const SteppedAxis taken = shrinks ? SteppedAxis{bit(options.begin_mask, axis) ? 0 : from, 1}
                                        : stepped(shape[axis], step[axis], bound(begin, options.begin_mask),
                                                  bound(end, options.end_mask));
      first[axis] = taken.begin;
      size[axis] = taken.size;
    }
    step[axis] = size[axis] == 1 ? 1 : std::clamp(step[axis], -shape[axis], shape[axis]);
    if (!shrinks) kept.push_back(size[axis]);
  }
  Node node = slice_node(reader.data(0), first, size, step);
  return kept.size() == shape.size() ? node : reshape_node(reader.emit(std::move(node)), kept);
}

Node split(OperatorReader &reader) {
  const Shape shape = reader.tensor(1).shape;
  const auto axis = static_cast<size_t>(axis_position(reader, of_length(reader, 0, 1)[0], shape.size()));
  const auto parts = static_cast<int64_t>(reader.output_count());
  if (parts == 0 || shape[axis] % parts != 0)
    reader.fail(fmt::format("{} equal parts of {}", parts, shape[axis]), "parts of equal length", damaged);
  return cut(reader, reader.data(1), axis, Integers(static_cast<size_t>(parts), shape[axis] / parts));
}

Node split_v(OperatorReader &reader) {
  const Shape shape = reader.tensor(0).shape;
  const auto axis = static_cast<size_t>(axis_position(reader, of_length(reader, 2, 1)[0], shape.size()));
  Integers lengths = reader.integers(1);
  check_within(reader, lengths, -1);
  int64_t known = 0;
  for (int64_t length : lengths) known += length == -1 ? 0 : length;
  for (int64_t &length : lengths)
    if (length == -1) length = shape[axis] - known;
  return cut(reader, reader.data(0), axis, lengths);
}

Node unpack(OperatorReader &reader) {
  const Shape shape = reader.tensor(0).shape;
  const auto axis =
      static_cast<size_t>(axis_position(reader, reader.options<tflite::UnpackOptions>().axis, shape.size()));
  if (static_cast<int64_t>(reader.output_count()) != shape[axis])
    reader.fail(fmt::format("{} outputs for {} slices", reader.output_count(), shape[axis]), "one a slice", damaged);
  const TensorId data = reader.data(0);
  Integers begin(shape.size(), 0), size = shape;
  Shape kept = shape;
  kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(axis));
  size[axis] = 1;
  for (;; ++begin[axis]) {
    Node node = reshape_node(reader.emit(slice_node(data, begin, size)), kept);
    if (begin[axis] + 1 == shape[axis]) return node;
    reader.emit_outputs(std::move(node));
  }
}

Node pack(OperatorReader &reader) {
  Shape shape = reader.tensor(0).shape;
  const int64_t axis = axis_position(reader, reader.options<tflite::PackOptions>().axis, shape.size() + 1);
  shape.insert(shape.begin() + axis, 1);
  std::vector<TensorId> parts;
  for (size_t position = 0; position < reader.input_count(); ++position) {
    if (reader.tensor(position).elements() != element_count(shape))
      reader.fail("inputs of several shapes", "equal shapes", damaged);
    parts.push_back(reader.emit(reshape_node(reader.data(position), shape), reader.output().quantization));
  }
  return joined(reader, std::move(parts), axis);
}

Node gather(OperatorReader &reader) {
  const auto options = reader.options<tflite::GatherOptions>();
  const auto data_axes = reader.tensor(0).shape.size(), position_axes = reader.tensor(1).shape.size();
  const int64_t batch = options.batch_dims < 0 ? options.batch_dims + static_cast<int64_t>(position_axes) : options.batch_dims;
  return gather_node(reader.data(0), reader.data(1), axis_position(reader, options.axis, data_axes), batch);
}

Node gather_nd(OperatorReader &reader) {
  return {.op = "gather_nd", .inputs = {reader.data(0), reader.data(1)}};
}

// Rows of integers may come out as real numbers.
Node embedding_lookup(OperatorReader &reader) {
  Node rows = gather_node(reader.data(1), reader.data(0), 0);
  if (reader.tensor(1).type != ElementType::int8 || reader.output().type != ElementType::float32) return rows;
  return {.op = "dequantize", .inputs = {reader.emit(std::move(rows), reader.tensor(1).quantization)}};
}

Node reverse_v2(OperatorReader &reader) {
  const Shape shape = reader.tensor(0).shape;
  Integers begin(shape.size(), 0), stride(shape.size(), 1);
  for (int64_t axis : axis_positions(reader, reader.integers(1), shape.size())) {
    const auto place = static_cast<size_t>(axis);
    begin[place] = shape[place] - 1;
    stride[place] = -1;
  }
  return slice_node(reader.data(0), begin, shape, stride);
}

// Along each padded axis the values are gathered: mirrored from the second value on (REFLECT) or the first.
Node mirror_pad(OperatorReader &reader) {
  const Shape shape = reader.tensor(0).shape;
  const Integers padding = of_length(reader, 1, 2 * shape.size());
  const int64_t skipped = reader.options<tflite::MirrorPadOptions>().mode == tflite::MirrorPadMode_REFLECT ? 1 : 0;
  TensorId data = reader.data(0);
  Node node = reshape_node(data, shape);
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    const int64_t before = padding[2 * axis], after = padding[2 * axis + 1];
    if (before == 0 && after == 0) continue;
    const std::vector<int32_t> positions = mirrored_positions(reader, shape[axis], before, after, skipped);
    if (node.op == "gather") data = reader.emit(std::move(node));
    node = gather_node(data, positions_constant(reader, positions), static_cast<int64_t>(axis));
  }
  return node;
}

// A shape as data, with as many leading axes of 1 as the longer one has more.
static TensorId lengthened_shape(OperatorReader &reader, size_t position, int64_t axes) {
  const Tensor &shape = reader.tensor(position);
  const int64_t missing = axes - shape.shape[0];
  if (missing == 0) return reader.data(position);
  return reader.emit({.op = "pad", .inputs = {reader.data(position)},
                      .attributes = {{"padding", Integers{missing, 0}}, {"value", int64_t{1}}}});
}

// The axes of the first shape, or those of the second where the first has 1.
Node broadcast_args(OperatorReader &reader) {
  for (size_t position : {0, 1})
    if (reader.tensor(position).shape.size() != 1)
      reader.fail("a shape of " + text_of(reader.tensor(position).shape), "shapes as vectors", damaged);
  const ElementType type = reader.tensor(0).type;
  const int64_t axes = std::max(reader.tensor(0).shape[0], reader.tensor(1).shape[0]);
  const TensorId first = lengthened_shape(reader, 0, axes), second = lengthened_shape(reader, 1, axes);
  const Bytes one = type == ElementType::int64 ? bytes_of<int64_t>({1}) : bytes_of<int32_t>({1});
  const TensorId single = reader.add_constant("one", type, {1}, one);
  const TensorId repeats = reader.emit({.op = "equal", .inputs = {first, single}});
  return {.op = "select", .inputs = {repeats, second, first}};
}
Node broadcast_to(OperatorReader &reader) {
  return {.op = "broadcast_to", .inputs = {reader.data(0)}, .attributes = {{"shape", reader.integers(1)}}};
}

Node fill(OperatorReader &reader) {
  return {.op = "broadcast_to", .inputs = {reader.data(1)}, .attributes = {{"shape", reader.integers(0)}}};
}

Node zeros_like(OperatorReader &reader) {
  const Tensor like = reader.tensor(0);
  const TensorId zero = reader.add_constant("zero", like.type, {}, Bytes(static_cast<size_t>(bits_of(like.type) / 8)),
                                            like.quantization);
  return {.op = "broadcast_to", .inputs = {zero}, .attributes = {{"shape", like.shape}}};
}

// Shapes are known while importing.
Node shape(OperatorReader &reader) {
  const Shape &shape = reader.tensor(0).shape;
  const std::vector<int32_t> values(shape.begin(), shape.end());
  const Shape length{static_cast<int64_t>(values.size())};
  return reshape_node(reader.add_constant("shape", ElementType::int32, length, bytes_of(values)), length);
}

Node resize_bilinear(OperatorReader &reader) {
  const auto options = reader.options<tflite::ResizeBilinearOptions>();
  const Integers size = of_length(reader, 1, 2);
  Node node{.op = "resize_bilinear", .inputs = {reader.data(0)},
            .attributes = {{"height", size[0]}, {"width", size[1]}, {"align_corners", int64_t{options.align_corners}},
                           {"half_pixel", int64_t{options.half_pixel_centers}}}};
  return with_scale(reader, std::move(node), reader.tensor(0).quantization);
}

Node dynamic_update_slice(OperatorReader &reader) {
  return {.op = "dynamic_update_slice", .inputs = {reader.data(0), reader.data(1), places(reader, 2)}};
}

Node resize_nearest_neighbor(OperatorReader &reader) {
  const auto options = reader.options<tflite::ResizeNearestNeighborOptions>();
  const Shape shape = reader.tensor(0).shape;
  const Integers size = of_length(reader, 1, 2);
  constexpr int64_t largest = 32767;
  if (shape.size() != 4 || size[0] < 1 || size[1] < 1 || size[0] > largest || size[1] > largest)
    reader.fail(fmt::format("{} resized to {}", text_of(shape), text_of(size)), "images of at least a pixel", damaged);
  const auto positions = [&](size_t axis) {
    return positions_constant(reader, nearest_positions(shape[axis], size[axis - 1], options.align_corners,
                                                        options.half_pixel_centers));
  };
  const TensorId rows = reader.emit(gather_node(reader.data(0), positions(1), 1));
  return gather_node(rows, positions(2), 2);
}

}  // namespace whit::tflite_operators
