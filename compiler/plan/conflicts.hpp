// SPDX-License-Identifier: Apache-2.0
// Which blocks restrict each other, and what room that leaves: the geometry under the placement search.
#pragma once

#include <span>
#include <vector>

#include "compiler/plan/placement.hpp"

namespace whit {

// Offsets from low to high, both included.
struct Gap {
  int64_t low = 0;
  int64_t high = 0;
};

class Conflicts {
 public:
  Conflicts(std::span<const Block> blocks, std::span<const Overlay> overlays);

  static constexpr int64_t unplaced = -1;

  std::span<const Block> blocks() const { return blocks_; }
  // The blocks that live at a common step with `block`.
  std::vector<size_t> neighbours(size_t block) const;
  // Where `block` may begin so that it ends at or below `limit`, given the offsets of the blocks placed so far.
  // Ascending; both ends of each gap are aligned.
  std::vector<Gap> gaps(size_t block, std::span<const int64_t> offsets, int64_t limit) const;
  // The lowest legal offset without a limit.
  int64_t lowest(size_t block, std::span<const int64_t> offsets) const;

 private:
  struct Relation {
    size_t other = 0;
    const Overlay *overlay = nullptr;
    bool is_output = false;  // of that overlay
  };

  void forbid(size_t block, const Relation &relation, int64_t other_offset, std::vector<Gap> &forbidden) const;
  std::vector<Gap> forbidden(size_t block, std::span<const int64_t> offsets) const;

  std::span<const Block> blocks_;
  std::vector<std::vector<Relation>> relations_;
};

}  // namespace whit
