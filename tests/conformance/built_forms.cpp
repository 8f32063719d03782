// SPDX-License-Identifier: Apache-2.0
// Models of operators that have no counterpart of their own among whit's.
#include <algorithm>

#include "tests/conformance/draft.hpp"

namespace whit {

namespace {

using enum ElementType;
TestModel slice(Draft &draft) {
  const Integers shape = draft.shape(1, 5);
  Integers begin, size;
  for (int32_t length : shape) {
    begin.push_back(draft.between(0, length - 1));
    size.push_back(draft.between(0, 2) == 0 ? -1 : draft.between(1, length - begin.back()));
  }
  draft.output();
  const int32_t data = draft.data(shape), from = draft.constant(begin), many = draft.constant(size);
  return draft.with(tflite::BuiltinOperator_SLICE, {data, from, many});
}

TestModel strided_slice(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  Integers begin, end, stride;
  tflite::StridedSliceOptionsT options;
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    const int32_t length = shape[axis], low = draft.between(0, length - 1), high = draft.between(low + 1, length);
    const bool backwards = draft.between(0, 3) == 0;
    stride.push_back(draft.between(1, 3) * (backwards ? -1 : 1));
    begin.push_back(backwards ? high - 1 : low);
    end.push_back(backwards ? low - 1 : high);
    if (draft.between(0, 2) == 0) begin.back() -= length;
    if (end.back() < 0) end.back() -= length;
    if (draft.between(0, 3) == 0) options.begin_mask |= 1 << axis;
    if (draft.between(0, 3) == 0) options.end_mask |= 1 << axis;
    if (draft.between(0, 4) == 0) {
      options.shrink_axis_mask |= 1 << axis;
      stride.back() = 1;
      end.back() = begin.back() + 1;
      options.begin_mask &= ~(1 << axis);
      options.end_mask &= ~(1 << axis);
    }
  }
  draft.output();
  const int32_t data = draft.data(shape), first = draft.constant(begin), last = draft.constant(end), step = draft.constant(stride);
  return draft.with(tflite::BuiltinOperator_STRIDED_SLICE, {data, first, last, step}, options);
}

TestModel split(Draft &draft) {
  Integers shape = draft.shape(1, 4);
  const int32_t axis = draft.between(0, static_cast<int32_t>(shape.size()) - 1), parts = draft.between(1, 4);
  shape[static_cast<size_t>(axis)] = parts * draft.between(1, 3);
  tflite::SplitOptionsT options;
  options.num_splits = parts;
  for (int32_t part = 0; part < parts; ++part) draft.output();
  const int32_t along = draft.constant({axis}, {}), data = draft.data(shape);
  return draft.with(tflite::BuiltinOperator_SPLIT, {along, data}, options);
}

TestModel split_v(Draft &draft) {
  Integers shape = draft.shape(1, 4), lengths;
  const int32_t axis = draft.between(0, static_cast<int32_t>(shape.size()) - 1), parts = draft.between(1, 4);
  int32_t whole = 0;
  for (int32_t part = 0; part < parts; ++part) {
    lengths.push_back(draft.between(1, 3));
    whole += lengths.back();
    draft.output();
  }
  shape[static_cast<size_t>(axis)] = whole;
  tflite::SplitVOptionsT options;
  options.num_splits = parts;
  const int32_t data = draft.data(shape), sizes = draft.constant(lengths), along = draft.constant({axis}, {});
  return draft.with(tflite::BuiltinOperator_SPLIT_V, {data, sizes, along}, options);
}

TestModel unpack(Draft &draft) {
  const Integers shape = draft.shape(1, 4, 4);
  tflite::UnpackOptionsT options;
  options.axis = draft.between(0, static_cast<int32_t>(shape.size()) - 1);
  options.num = shape[static_cast<size_t>(options.axis)];
  for (int32_t part = 0; part < options.num; ++part) draft.output();
  return draft.with(tflite::BuiltinOperator_UNPACK, {draft.data(shape)}, options);
}

TestModel pack(Draft &draft) {
  const Integers shape = draft.shape(1, 3);
  return draft.packed(shape, draft.between(1, 4));
}

TestModel embedding_lookup(Draft &draft) {
  const int32_t rows = draft.numbers({draft.between(1, 6)});
  const int32_t table = draft.data_constant(draft.shape(2, 3));
  draft.output();
  return draft.with(tflite::BuiltinOperator_EMBEDDING_LOOKUP, {rows, table});
}

// Rows of 8 bits, as reals.
TestModel embedding_lookup_hybrid(Draft &draft) {
  const int32_t rows = draft.numbers({draft.between(1, 6)});
  const int32_t table = draft.narrow_constant(draft.shape(2, 3));
  draft.symmetric(table);
  draft.output();
  return draft.with(tflite::BuiltinOperator_EMBEDDING_LOOKUP, {rows, table});
}

// Both without a sign, or one of them.
TestModel cast_unsigned(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  const int32_t kind = draft.between(0, 2), data = draft.data(shape), result = draft.output();
  if (kind != 1) draft.set_type(data, tflite::TensorType_UINT32);
  if (kind != 0) draft.set_type(result, tflite::TensorType_UINT32);
  return draft.with(tflite::BuiltinOperator_CAST, {data}, tflite::CastOptionsT{});
}

// Begins of 64 bits, some of them beyond the data.
TestModel dynamic_update_slice(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  Integers update, begin;
  for (int32_t length : shape) {
    update.push_back(draft.between(1, length));
    begin.push_back(draft.between(-2, length));
  }
  draft.output();
  const int32_t data = draft.data(shape), values = draft.data(update);
  return draft.with(tflite::BuiltinOperator_DYNAMIC_UPDATE_SLICE, {data, values, draft.wide_constant(begin)});
}

// Weights that are an input.
TestModel fully_connected(Draft &draft) {
  Integers shape = draft.shape(2, 3);
  tflite::FullyConnectedOptionsT options;
  options.keep_num_dims = draft.between(0, 1) == 1;
  options.fused_activation_function = draft.between(0, 1) == 1 ? tflite::ActivationFunctionType_RELU : tflite::ActivationFunctionType_NONE;
  const int32_t data = draft.data(shape), weights = draft.data({draft.between(1, 6), shape.back()});
  draft.symmetric(weights);
  draft.output();
  return draft.with(tflite::BuiltinOperator_FULLY_CONNECTED, {data, weights, -1}, options);
}

TestModel reverse_v2(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  draft.output();
  const int32_t data = draft.data(shape);
  const int32_t axis = draft.constant({draft.between(0, static_cast<int32_t>(shape.size()) - 1)});
  return draft.with(tflite::BuiltinOperator_REVERSE_V2, {data, axis});
}

TestModel mirror_pad(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  tflite::MirrorPadOptionsT options;
  const int32_t reflect = draft.between(0, 1);
  options.mode = reflect == 1 ? tflite::MirrorPadMode_REFLECT : tflite::MirrorPadMode_SYMMETRIC;
  Integers padding;
  for (int32_t length : shape)
    for (int side = 0; side < 2; ++side) padding.push_back(draft.between(0, std::min(2, length - reflect)));
  draft.output();
  const int32_t data = draft.data(shape), sides = draft.constant(padding, {static_cast<int32_t>(shape.size()), 2});
  return draft.with(tflite::BuiltinOperator_MIRROR_PAD, {data, sides}, options);
}

TestModel space_to_depth(Draft &draft) {
  Integers shape = draft.shape(4, 4, 3);
  tflite::SpaceToDepthOptionsT options;
  options.block_size = draft.between(1, 3);
  shape[1] *= options.block_size;
  shape[2] *= options.block_size;
  draft.output();
  return draft.with(tflite::BuiltinOperator_SPACE_TO_DEPTH, {draft.data(shape)}, options);
}

TestModel depth_to_space(Draft &draft) {
  Integers shape = draft.shape(4, 4, 3);
  tflite::DepthToSpaceOptionsT options;
  options.block_size = draft.between(1, 3);
  shape[3] *= options.block_size * options.block_size;
  draft.output();
  return draft.with(tflite::BuiltinOperator_DEPTH_TO_SPACE, {draft.data(shape)}, options);
}

TestModel space_to_batch_nd(Draft &draft) {
  Integers shape = draft.shape(4, 4, 4), blocks, padding;
  for (size_t axis = 1; axis < 3; ++axis) {
    const int32_t block = draft.between(1, 3), before = draft.between(0, 2), whole = shape[axis] + before;
    blocks.push_back(block);
    padding.insert(padding.end(), {before, (block - whole % block) % block});
  }
  draft.output();
  const int32_t data = draft.data(shape), block = draft.constant(blocks), sides = draft.constant(padding, {2, 2});
  return draft.with(tflite::BuiltinOperator_SPACE_TO_BATCH_ND, {data, block, sides});
}

TestModel batch_to_space_nd(Draft &draft) {
  Integers shape = draft.shape(4, 4, 4), blocks, crops;
  for (size_t axis = 1; axis < 3; ++axis) {
    blocks.push_back(draft.between(1, 3));
    const int32_t whole = shape[axis] * blocks.back(), before = draft.between(0, std::min(2, whole - 1));
    crops.insert(crops.end(), {before, draft.between(0, std::min(2, whole - 1 - before))});
    shape[0] *= blocks.back();
  }
  draft.output();
  const int32_t data = draft.data(shape), block = draft.constant(blocks), sides = draft.constant(crops, {2, 2});
  return draft.with(tflite::BuiltinOperator_BATCH_TO_SPACE_ND, {data, block, sides});
}

TestModel fill(Draft &draft) {
  const int32_t shape = draft.constant(draft.shape(1, 4)), value = draft.data({});
  draft.output();
  return draft.with(tflite::BuiltinOperator_FILL, {shape, value});
}

TestModel zeros_like(Draft &draft) {
  draft.output();
  return draft.with(tflite::BuiltinOperator_ZEROS_LIKE, {draft.data(draft.shape(1, 4))});
}

TestModel shape(Draft &draft) {
  draft.output(int32);
  tflite::ShapeOptionsT options;
  options.out_type = tflite::TensorType_INT32;
  return draft.with(tflite::BuiltinOperator_SHAPE, {draft.data(draft.shape(1, 4))}, options);
}

TestModel expand_dims(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  const auto axes = static_cast<int32_t>(shape.size());
  draft.output();
  const int32_t data = draft.data(shape), axis = draft.constant({draft.between(-axes - 1, axes)});
  return draft.with(tflite::BuiltinOperator_EXPAND_DIMS, {data, axis});
}

TestModel squeeze(Draft &draft) {
  Integers shape = draft.shape(2, 4, 3);
  const int32_t axis = draft.between(0, static_cast<int32_t>(shape.size()) - 1);
  shape[static_cast<size_t>(axis)] = 1;
  tflite::SqueezeOptionsT options;
  options.squeeze_dims = {axis};
  draft.output();
  return draft.with(tflite::BuiltinOperator_SQUEEZE, {draft.data(shape)}, options);
}

TestModel padv2(Draft &draft) {
  const Integers shape = draft.shape(1, 4, 4);
  Integers padding;
  for (size_t side = 0; side < 2 * shape.size(); ++side) padding.push_back(draft.between(0, 2));
  draft.output();
  const int32_t data = draft.data(shape), sides = draft.constant(padding, {static_cast<int32_t>(shape.size()), 2});
  return draft.with(tflite::BuiltinOperator_PADV2, {data, sides, draft.data_constant({})});
}

TestModel resize_nearest_neighbor(Draft &draft) {
  tflite::ResizeNearestNeighborOptionsT options;
  options.align_corners = draft.between(0, 2) == 0;
  options.half_pixel_centers = !options.align_corners && draft.between(0, 1) == 1;
  draft.output();
  const int32_t data = draft.data(draft.shape(4, 4, 5)), size = draft.constant({draft.between(1, 9), draft.between(1, 9)});
  return draft.with(tflite::BuiltinOperator_RESIZE_NEAREST_NEIGHBOR, {data, size}, options);
}

TestModel add_n(Draft &draft) {
  const Integers shape = draft.shape(1, 4);
  return draft.with(tflite::BuiltinOperator_ADD_N, draft.several(shape, draft.between(2, 5)));
}

// 16-bit data with slopes of 8 bits.
TestModel prelu(Draft &draft) {
  const Integers shape = draft.shape(2, 4);
  draft.output();
  const int32_t data = draft.data(shape), slopes = draft.narrow_constant({shape.back()});
  return draft.with(tflite::BuiltinOperator_PRELU, {data, slopes});
}

// Shapes that agree, written as constants; the reference wants a model to have an input.
TestModel broadcast_args(Draft &draft) {
  const Integers whole = draft.shape(1, 5);
  const auto partner = [&] {
    Integers shape(whole.begin() + draft.between(0, static_cast<int32_t>(whole.size()) - 1), whole.end());
    for (int32_t &length : shape)
      if (draft.between(0, 2) == 0) length = 1;
    return shape;
  };
  draft.output();
  draft.numbers({1});
  const int32_t first = draft.numbers_constant(whole), second = draft.numbers_constant(partner());
  const bool swapped = draft.between(0, 1) == 1;
  return draft.with(tflite::BuiltinOperator_BROADCAST_ARGS, {swapped ? second : first, swapped ? first : second});
}

}  // namespace

std::vector<Form> forms_of(std::span<const Built> built) {
  std::vector<Form> forms;
  for (const Built &entry : built)
    for (ElementType type : entry.types)
      forms.push_back({entry.code, [make = entry.make, type](std::mt19937 &random) {
                         Draft draft(random, type);
                         return std::optional(make(draft));
                       }, entry.custom});
  return forms;
}

std::vector<Form> built_forms() {
  const std::vector<ElementType> every = {boolean, int8, uint8, int16, int32, int64, float32};
  const Built built[] = {
      {tflite::BuiltinOperator_SLICE, slice, every},
      {tflite::BuiltinOperator_STRIDED_SLICE, strided_slice, every},
      {tflite::BuiltinOperator_SPLIT, split, every},
      {tflite::BuiltinOperator_SPLIT_V, split_v, every},
      {tflite::BuiltinOperator_UNPACK, unpack, every},
      {tflite::BuiltinOperator_PACK, pack, every},
      {tflite::BuiltinOperator_EMBEDDING_LOOKUP, embedding_lookup, every},
      {tflite::BuiltinOperator_EMBEDDING_LOOKUP, embedding_lookup_hybrid, {float32}},
      {tflite::BuiltinOperator_CAST, cast_unsigned, {int8, int16, int32, float32}},
      {tflite::BuiltinOperator_DYNAMIC_UPDATE_SLICE, dynamic_update_slice, {int8, int16, int32, float32}},
      {tflite::BuiltinOperator_FULLY_CONNECTED, fully_connected, {int8, float32}},
      {tflite::BuiltinOperator_REVERSE_V2, reverse_v2, every},
      {tflite::BuiltinOperator_MIRROR_PAD, mirror_pad, every},
      {tflite::BuiltinOperator_SPACE_TO_DEPTH, space_to_depth, every},
      {tflite::BuiltinOperator_DEPTH_TO_SPACE, depth_to_space, every},
      {tflite::BuiltinOperator_SPACE_TO_BATCH_ND, space_to_batch_nd, every},
      {tflite::BuiltinOperator_BATCH_TO_SPACE_ND, batch_to_space_nd, every},
      {tflite::BuiltinOperator_FILL, fill, every},
      {tflite::BuiltinOperator_ZEROS_LIKE, zeros_like, every},
      {tflite::BuiltinOperator_SHAPE, shape, every},
      {tflite::BuiltinOperator_EXPAND_DIMS, expand_dims, every},
      {tflite::BuiltinOperator_SQUEEZE, squeeze, every},
      {tflite::BuiltinOperator_PADV2, padv2, every},
      {tflite::BuiltinOperator_ADD_N, add_n, {float32}},
      {tflite::BuiltinOperator_PRELU, prelu, {int16}},
      {tflite::BuiltinOperator_BROADCAST_ARGS, broadcast_args, {int32, int64}},
      {tflite::BuiltinOperator_RESIZE_NEAREST_NEIGHBOR, resize_nearest_neighbor, every},
  };
  return forms_of(built);
}

}  // namespace whit
