// SPDX-License-Identifier: Apache-2.0
// Every placed neighbour forbids a range of offsets; an overlay shortens the range from one side (`at_most`) or
// punches single points into it (`exactly`).
#include "compiler/plan/conflicts.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace whit {

namespace {

bool live_together(const Block &one, const Block &other) {
  return one.bytes > 0 && other.bytes > 0 && one.first <= other.last && other.first <= one.last;
}

}  // namespace

Conflicts::Conflicts(std::span<const Block> blocks, std::span<const Overlay> overlays)
    : blocks_(blocks), relations_(blocks.size()) {
  std::map<std::pair<size_t, size_t>, const Overlay *> overlay_of;
  for (const Overlay &overlay : overlays) overlay_of[{overlay.output, overlay.input}] = &overlay;
  const auto find = [&](size_t output, size_t input) {
    const auto found = overlay_of.find({output, input});
    return found == overlay_of.end() ? nullptr : found->second;
  };
  for (size_t one = 0; one < blocks.size(); ++one)
    for (size_t other = 0; other < blocks.size(); ++other) {
      if (one == other || !live_together(blocks[one], blocks[other])) continue;
      if (const Overlay *overlay = find(one, other))
        relations_[one].push_back({other, overlay, true});
      else
        relations_[one].push_back({other, find(other, one), false});
    }
}

std::vector<size_t> Conflicts::neighbours(size_t block) const {
  std::vector<size_t> others;
  for (const Relation &relation : relations_[block]) others.push_back(relation.other);
  return others;
}

void Conflicts::forbid(size_t block, const Relation &relation, int64_t other_offset,
                       std::vector<Gap> &forbidden) const {
  int64_t low = other_offset - blocks_[block].bytes + 1;
  int64_t high = other_offset + blocks_[relation.other].bytes - 1;
  std::vector<int64_t> permitted;
  if (const Overlay *overlay = relation.overlay) {
    if (overlay->at_most && relation.is_output) low = std::max(low, other_offset + *overlay->at_most + 1);
    if (overlay->at_most && !relation.is_output) high = std::min(high, other_offset - *overlay->at_most - 1);
    for (int64_t delta : overlay->exactly) permitted.push_back(other_offset + (relation.is_output ? delta : -delta));
    std::sort(permitted.begin(), permitted.end());
  }
  for (int64_t point : permitted) {
    if (point < low || point > high) continue;
    if (low < point) forbidden.push_back({low, point - 1});
    low = point + 1;
  }
  if (low <= high) forbidden.push_back({low, high});
}

std::vector<Gap> Conflicts::forbidden(size_t block, std::span<const int64_t> offsets) const {
  std::vector<Gap> ranges;
  for (const Relation &relation : relations_[block])
    if (offsets[relation.other] != unplaced) forbid(block, relation, offsets[relation.other], ranges);
  std::sort(ranges.begin(), ranges.end(), [](const Gap &one, const Gap &other) { return one.low < other.low; });
  return ranges;
}

std::vector<Gap> Conflicts::gaps(size_t block, std::span<const int64_t> offsets, int64_t limit) const {
  const int64_t alignment = blocks_[block].alignment;
  const int64_t highest = limit - blocks_[block].bytes;
  std::vector<Gap> free;
  int64_t low = 0;
  const auto close = [&](int64_t end) {
    const Gap gap{align_up(low, alignment), align_down(std::min(end, highest), alignment)};
    if (gap.low <= gap.high) free.push_back(gap);
  };
  for (const Gap &range : forbidden(block, offsets)) {
    if (range.low > low) close(range.low - 1);
    low = std::max(low, range.high + 1);
  }
  close(highest);
  return free;
}

int64_t Conflicts::lowest(size_t block, std::span<const int64_t> offsets) const {
  return gaps(block, offsets, std::numeric_limits<int64_t>::max()).front().low;
}

}  // namespace whit
