// SPDX-License-Identifier: Apache-2.0
// Where blocks of memory lie: the planner's core, a pure function over sizes, lifetimes and permitted overlaps.
//
// Blocks that live at one step lie apart, unless an overlay permits an output to run over the input it consumes. The
// problem is NP-hard; real networks are chains with few branches, for which the search ends at the lower bound at
// once. All effort is counted in steps, never in time: the same blocks give the same offsets on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace whit {

// A stretch of memory needed from step `first` to step `last`, both included.
struct Block {
  int64_t bytes = 0;
  int64_t first = 0;
  int64_t last = 0;
  int64_t alignment = 1;  // a power of two
};

// How the block `output` may lie over the block `input` that dies where the output is born. Legal are: not touching,
// or delta = (begin of output) - (begin of input) is at most `at_most` or one of `exactly`.
struct Overlay {
  size_t output = 0;
  size_t input = 0;
  std::optional<int64_t> at_most{};
  std::vector<int64_t> exactly{};

  bool permits(int64_t delta) const;
};

struct Placement {
  std::vector<int64_t> offsets{};  // of each block
  int64_t bytes = 0;               // the highest end
};

int64_t align_up(int64_t value, int64_t alignment);
int64_t align_down(int64_t value, int64_t alignment);

// The least bytes that an output and its dying input take together under the overlay, distances being multiples of
// `alignment`.
int64_t joint_bytes(int64_t output_bytes, int64_t input_bytes, const Overlay &overlay, int64_t alignment);

// No placement takes fewer bytes: the most that live at any one step, overlaid as far as permitted.
int64_t placement_bound(std::span<const Block> blocks, std::span<const Overlay> overlays);

inline constexpr int64_t default_placement_steps = 60000;

// A placement of few bytes; of the fewest where the search ends within `steps` (one step places one block).
Placement place(std::span<const Block> blocks, std::span<const Overlay> overlays,
                int64_t steps = default_placement_steps);

}  // namespace whit
