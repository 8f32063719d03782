// SPDX-License-Identifier: Apache-2.0
// The memory map in letters: capitals for what a layer writes, small letters for what it leaves alone, '*' where its
// output runs over the input it consumes.
#include <algorithm>

#include "compiler/plan/layers.hpp"
#include "compiler/plan/map.hpp"

namespace whit {

namespace {

constexpr int64_t map_columns = 64;

char letter_of(size_t block) { return static_cast<char>('a' + block % 26); }

bool lives(const MapBlock &block, int64_t step) { return block.first <= step && step <= block.last; }

// Bytes that hold something at that step.
int64_t bytes_in_use(const std::vector<MapBlock> &blocks, int64_t step) {
  std::vector<std::pair<int64_t, int64_t>> ranges;
  for (const MapBlock &block : blocks)
    if (lives(block, step)) ranges.emplace_back(block.begin, block.end);
  std::sort(ranges.begin(), ranges.end());
  int64_t bytes = 0, end = 0;
  for (const auto &[from, to] : ranges) {
    bytes += std::max<int64_t>(0, to - std::max(from, end));
    end = std::max(end, to);
  }
  return bytes;
}

struct Range {
  int64_t begin = 0, end = 0;

  int64_t bytes_within(const Range &other) const {
    return std::max<int64_t>(0, std::min(end, other.end) - std::max(begin, other.begin));
  }
};

// What fills most of the cell at that step.
char cell_of(const std::vector<MapBlock> &blocks, int64_t step, const Range &cell) {
  int64_t most = 0;
  char letter = '.';
  Range written;
  for (size_t index = 0; index < blocks.size(); ++index) {
    const Range range{blocks[index].begin, blocks[index].end};
    const int64_t bytes = range.bytes_within(cell);
    if (!lives(blocks[index], step) || bytes == 0) continue;
    const bool writes = blocks[index].first == step && step >= 0;
    if (bytes > most) {
      most = bytes;
      letter = writes ? static_cast<char>(letter_of(index) - 'a' + 'A') : letter_of(index);
    }
    if (writes) written = range;
  }
  for (const MapBlock &block : blocks) {
    const Range both{std::max(block.begin, written.begin), std::min(block.end, written.end)};
    const bool held = lives(block, step) && block.first < step;
    if (held && 2 * both.bytes_within(cell) > cell.end - cell.begin) return '*';
  }
  return letter;
}

std::string row_of(const std::vector<MapBlock> &blocks, int64_t step, int64_t column_bytes, int64_t columns) {
  std::string row;
  for (int64_t column = 0; column < columns; ++column)
    row += cell_of(blocks, step, {column * column_bytes, (column + 1) * column_bytes});
  return row;
}

}  // namespace

std::string memory_map_text(const Graph &graph, Kernels kernels, const MemoryPlan &plan) {
  const std::vector<MapBlock> blocks = map_blocks(graph, kernels, plan);
  const int64_t column_bytes = std::max<int64_t>(1, (plan.arena_bytes + map_columns - 1) / map_columns);
  const int64_t columns = (plan.arena_bytes + column_bytes - 1) / column_bytes;
  const std::vector<size_t> layers = layer_nodes(kernels);
  const std::vector<int64_t> scratch = scratch_of_layers(graph, kernels);
  std::string text = fmt::format("arena {} bytes, scratch {}, state {}; one column is {} bytes\n",
                                 grouped(plan.arena_bytes), grouped(plan.scratch_bytes), grouped(plan.state_bytes),
                                 grouped(column_bytes));
  text += fmt::format("{:<5} {:{}} {:>10} {:>9}\n", "layer", "", columns, "arena", "scratch");
  for (int64_t step = -1; step < static_cast<int64_t>(layers.size()); ++step) {
    const auto layer = static_cast<size_t>(step);
    text += fmt::format("{:>5} {} {:>10} {:>9}  {}\n", step < 0 ? "" : std::to_string(step), row_of(blocks, step, column_bytes, columns),
                        grouped(bytes_in_use(blocks, step)), step < 0 ? "" : grouped(scratch[layer]),
                        step < 0 ? "before the run" : graph.nodes[layers[layer]].op);
  }
  for (size_t index = 0; index < blocks.size(); ++index)
    text += fmt::format("    {} {:>8}..{:<8} {:>8} bytes  {:<24.24} {:.48}\n", letter_of(index), blocks[index].begin,
                        blocks[index].end, grouped(blocks[index].end - blocks[index].begin), blocks[index].label,
                        blocks[index].tensor);
  return text;
}

}  // namespace whit
