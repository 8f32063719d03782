// SPDX-License-Identifier: Apache-2.0
// Operators that trade places within an image for channels or for batches, block by block: each a reshape, a transpose
// and a reshape.
#include <algorithm>

#include "compiler/importers/tflite/axes.hpp"
#include "compiler/importers/tflite/move_nodes.hpp"
#include "compiler/importers/tflite/operators.hpp"

namespace whit::tflite_operators {

namespace {

// height x width x channels of four axes; the block's size.
int64_t block_of(const OperatorReader &reader, int32_t block) {
  if (reader.tensor(0).shape.size() != 4) reader.fail("data " + text_of(reader.tensor(0).shape), "four axes", damaged);
  if (block < 1) reader.fail(fmt::format("blocks of {}", block), "at least 1", damaged);
  return block;
}

// Block sizes of the spatial axes, and paddings (crops) two an axis.
struct SpatialBlocks {
  Integers block{}, borders{};
  size_t spatial() const { return block.size(); }
};

SpatialBlocks spatial_blocks(const OperatorReader &reader) {
  SpatialBlocks blocks{reader.integers(1), reader.integers(2)};
  const Shape &shape = reader.tensor(0).shape;
  if (blocks.spatial() == 0 || blocks.spatial() + 1 > shape.size() || blocks.borders.size() != 2 * blocks.spatial())
    reader.fail(fmt::format("{} blocks for {}", blocks.spatial(), text_of(shape)), "one a spatial axis", damaged);
  check_within(reader, blocks.block, 1);
  check_within(reader, blocks.borders, 0);
  return blocks;
}

}  // namespace

Node space_to_depth(OperatorReader &reader) {
  const int64_t block = block_of(reader, reader.options<tflite::SpaceToDepthOptions>().block_size);
  const Shape s = reader.tensor(0).shape;
  if (s[1] % block != 0 || s[2] % block != 0)
    reader.fail(fmt::format("blocks of {} in {}", block, text_of(s)), "blocks that fill height and width", damaged);
  const TensorId split = reader.emit(
      reshape_node(reader.data(0), {s[0] * s[1] / block, block, s[2] / block, block * s[3]}));
  const TensorId moved = reader.emit(transpose_node(split, {0, 2, 1, 3}));
  return reshape_node(moved, {s[0], s[1] / block, s[2] / block, block * block * s[3]});
}

Node depth_to_space(OperatorReader &reader) {
  const int64_t block = block_of(reader, reader.options<tflite::DepthToSpaceOptions>().block_size);
  const Shape s = reader.tensor(0).shape;
  if (s[3] % (block * block) != 0)
    reader.fail(fmt::format("blocks of {0}x{0} from {1} channels", block, s[3]), "a multiple of the block", damaged);
  const int64_t channels = s[3] / (block * block);
  const TensorId split = reader.emit(reshape_node(reader.data(0), {s[0] * s[1], s[2], block, block * channels}));
  const TensorId moved = reader.emit(transpose_node(split, {0, 2, 1, 3}));
  return reshape_node(moved, {s[0], s[1] * block, s[2] * block, channels});
}

Node space_to_batch_nd(OperatorReader &reader) {
  const SpatialBlocks blocks = spatial_blocks(reader);
  Shape shape = reader.tensor(0).shape;
  const size_t n = blocks.spatial();
  Integers padding(2 * shape.size(), 0);
  std::copy(blocks.borders.begin(), blocks.borders.end(), padding.begin() + 2);
  TensorId data = reader.data(0);
  if (std::ranges::any_of(padding, [](int64_t count) { return count != 0; })) {
    Attributes attributes{{"padding", padding}};  // with a stored 0, whatever the zero point
    if (reader.tensor(0).type != ElementType::float32) attributes.set("value", int64_t{0});
    data = reader.emit({.op = "pad", .inputs = {data}, .attributes = std::move(attributes)});
    shape = reader.in_graph(data).shape;
  }
  Shape split{shape[0]}, result{shape[0]};
  Integers order;
  for (size_t axis = 0; axis < n; ++axis) {
    const int64_t length = shape[axis + 1], block = blocks.block[axis];
    if (length % block != 0) reader.fail(fmt::format("blocks of {} in {}", block, length), "whole blocks", damaged);
    split.insert(split.end(), {length / block, block});
    result.push_back(length / block);
    result[0] *= block;
    order.push_back(static_cast<int64_t>(2 + 2 * axis));
  }
  order.push_back(0);
  for (size_t axis = 0; axis < n; ++axis) order.push_back(static_cast<int64_t>(1 + 2 * axis));
  for (size_t axis = n + 1; axis < shape.size(); ++axis) {
    order.push_back(static_cast<int64_t>(split.size()));
    split.push_back(shape[axis]);
    result.push_back(shape[axis]);
  }
  const TensorId parts = reader.emit(reshape_node(data, split));
  return reshape_node(reader.emit(transpose_node(parts, order)), result);
}

Node batch_to_space_nd(OperatorReader &reader) {
  const SpatialBlocks blocks = spatial_blocks(reader);
  const Shape shape = reader.tensor(0).shape;
  const size_t n = blocks.spatial();
  int64_t blocks_in_all = 1;
  for (int64_t block : blocks.block) blocks_in_all = std::min(blocks_in_all * block, shape[0] + 1);
  if (shape[0] % blocks_in_all != 0)
    reader.fail(fmt::format("blocks {} of a batch of {}", text_of(blocks.block), shape[0]), "a multiple", damaged);
  Shape split = blocks.block, whole{shape[0] / blocks_in_all};
  split.push_back(whole[0]);
  split.insert(split.end(), shape.begin() + 1, shape.end());
  Integers order{static_cast<int64_t>(n)};
  for (size_t axis = 0; axis < n; ++axis) {
    order.insert(order.end(), {static_cast<int64_t>(n + 1 + axis), static_cast<int64_t>(axis)});
    whole.push_back(shape[axis + 1] * blocks.block[axis]);
  }
  for (size_t axis = n + 1; axis < shape.size(); ++axis) {
    order.push_back(static_cast<int64_t>(n + axis));
    whole.push_back(shape[axis]);
  }
  const TensorId parts = reader.emit(reshape_node(reader.data(0), split));
  const TensorId joined = reader.emit(transpose_node(parts, order));
  Integers begin(whole.size(), 0), size = whole;
  for (size_t axis = 0; axis < n; ++axis) {
    begin[axis + 1] = blocks.borders[2 * axis];
    size[axis + 1] -= blocks.borders[2 * axis] + blocks.borders[2 * axis + 1];
  }
  Node node = reshape_node(joined, whole);
  return size == whole ? node : slice_node(reader.emit(std::move(node)), begin, size);
}

}  // namespace whit::tflite_operators
