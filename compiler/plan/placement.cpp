// SPDX-License-Identifier: Apache-2.0
// The search: first fit in several orders, then branch and bound in the most promising ones, then seeded changes of
// the best order. Each stage ends as soon as the lower bound is reached.
//
// Why this is enough: in a placement pushed down as far as it goes, every block lies at 0, on the end of a conflicting
// block, or tight against an overlay. Placed in the order of such supports, each block finds its offset among the ends
// of its gaps, so the optimum is always among the leaves of the search for some order.
#include "compiler/plan/placement.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <random>

#include "compiler/plan/conflicts.hpp"

namespace whit {

namespace {

using Order = std::vector<size_t>;

// Blocks in the order of falling `key`, equal keys in the given order.
Order sorted_by(size_t count, const std::function<int64_t(size_t)> &key) {
  Order order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t one, size_t other) { return key(one) > key(other); });
  return order;
}

// The step with the most live bytes, overlays aside.
int64_t fullest_step(std::span<const Block> blocks) {
  int64_t fullest = 0, most = -1;
  for (const Block &at : blocks) {
    int64_t live = 0;
    for (const Block &block : blocks)
      if (block.first <= at.first && at.first <= block.last) live += block.bytes;
    if (live > most) {
      most = live;
      fullest = at.first;
    }
  }
  return fullest;
}

// The least bytes at one step. Space comes in units of the alignment; only the topmost block may end within one.
int64_t step_bound(std::span<const Block> blocks, std::span<const Overlay> overlays, int64_t step, int64_t alignment) {
  int64_t live = 0, slack = 0;
  const auto padded = [&](int64_t bytes) {
    slack = std::max(slack, align_up(bytes, alignment) - bytes);
    return align_up(bytes, alignment);
  };
  for (const Block &block : blocks)
    if (block.first <= step && step <= block.last) live += padded(block.bytes);
  std::map<size_t, int64_t> saved;  // by output: no more than all of it
  for (const Overlay &overlay : overlays) {
    const Block &output = blocks[overlay.output], &input = blocks[overlay.input];
    if (output.first != step || input.last != step) continue;
    int64_t &bytes = saved[overlay.output];
    bytes += padded(output.bytes) + padded(input.bytes) -
             padded(joint_bytes(output.bytes, input.bytes, overlay, alignment));
    bytes = std::min(bytes, padded(output.bytes));
  }
  for (const auto &[output, bytes] : saved) live -= bytes;
  return live - slack;
}

class Search {
 public:
  Search(std::span<const Block> blocks, std::span<const Overlay> overlays, int64_t steps)
      : blocks_(blocks), conflicts_(blocks, overlays), bound_(placement_bound(blocks, overlays)), steps_(steps) {}

  Placement run() {
    const std::vector<Order> orders = first_orders();
    for (const Order &order : orders)
      if (!done()) first_fit(order);
    for (const Order &order : orders)
      if (!done()) branch_from(order, steps_ / static_cast<int64_t>(2 * orders.size()));
    while (!done() && used_ < steps_) change_order();
    return best_;
  }

 private:
  bool done() const { return best_.bytes == bound_; }

  std::vector<Order> first_orders() const {
    const size_t count = blocks_.size();
    const int64_t fullest = fullest_step(blocks_);
    const auto away = [&](size_t i) {
      return std::max({int64_t{0}, blocks_[i].first - fullest, fullest - blocks_[i].last});
    };
    return {sorted_by(count, [&](size_t i) { return blocks_[i].bytes; }),
            sorted_by(count, [&](size_t i) { return -away(i); }),
            sorted_by(count, [&](size_t i) { return -blocks_[i].first; }),
            sorted_by(count, [&](size_t i) { return blocks_[i].first; }),
            sorted_by(count, [&](size_t i) { return blocks_[i].bytes * (blocks_[i].last - blocks_[i].first + 1); })};
  }

  // Every block at the lowest legal offset. An order that does no worse becomes the one to change.
  void first_fit(const Order &order) {
    std::vector<int64_t> offsets(blocks_.size(), Conflicts::unplaced);
    int64_t bytes = 0;
    for (size_t block : order) {
      offsets[block] = conflicts_.lowest(block, offsets);
      bytes = std::max(bytes, offsets[block] + blocks_[block].bytes);
    }
    used_ += static_cast<int64_t>(order.size());
    if (bytes < best_.bytes) best_ = {offsets, bytes};
    if (bytes > order_bytes_) return;
    order_bytes_ = bytes;
    order_ = order;
  }

  void branch_from(const Order &order, int64_t steps) {
    std::vector<int64_t> offsets(blocks_.size(), Conflicts::unplaced);
    branch_end_ = used_ + steps;
    branch(order, 0, 0, offsets);
  }

  // Tries both ends of every gap for the block at `position`, under the best size found so far.
  void branch(const Order &order, size_t position, int64_t bytes, std::vector<int64_t> &offsets) {
    if (position == order.size()) {
      best_ = {offsets, bytes};
      return;
    }
    const size_t block = order[position];
    const auto try_at = [&](int64_t offset) {
      const int64_t end = std::max(bytes, offset + blocks_[block].bytes);
      if (done() || used_ >= branch_end_ || end >= best_.bytes) return;
      ++used_;
      offsets[block] = offset;
      branch(order, position + 1, end, offsets);
    };
    for (const Gap &gap : conflicts_.gaps(block, offsets, best_.bytes - 1)) {
      try_at(gap.low);
      if (gap.high > gap.low) try_at(gap.high);
    }
    offsets[block] = Conflicts::unplaced;
  }

  // Moves one block of the order to an earlier place.
  void change_order() {
    Order order = order_;
    const auto from = static_cast<ptrdiff_t>(random_() % order.size());
    const auto to = static_cast<ptrdiff_t>(random_() % static_cast<size_t>(from + 1));
    std::rotate(order.begin() + to, order.begin() + from, order.begin() + from + 1);
    first_fit(order);
  }

  std::span<const Block> blocks_;
  Conflicts conflicts_;
  int64_t bound_;
  int64_t steps_;
  int64_t used_ = 0;
  int64_t branch_end_ = 0;
  Placement best_{{}, std::numeric_limits<int64_t>::max()};
  Order order_{};
  int64_t order_bytes_ = std::numeric_limits<int64_t>::max();
  std::mt19937 random_{1};
};

}  // namespace

int64_t align_up(int64_t value, int64_t alignment) { return (value + alignment - 1) & -alignment; }
int64_t align_down(int64_t value, int64_t alignment) { return value & -alignment; }

bool Overlay::permits(int64_t delta) const {
  return (at_most && delta <= *at_most) || std::find(exactly.begin(), exactly.end(), delta) != exactly.end();
}

int64_t joint_bytes(int64_t output_bytes, int64_t input_bytes, const Overlay &overlay, int64_t alignment) {
  const auto extent = [&](int64_t delta) {
    return std::max(input_bytes, delta + output_bytes) - std::min<int64_t>(0, delta);
  };
  int64_t least = std::min(align_up(input_bytes, alignment) + output_bytes,
                           align_up(output_bytes, alignment) + input_bytes);
  if (overlay.at_most) {
    // The extent falls until the output begins with the input, stays while the output is within it, then grows.
    least = std::min(least, extent(align_down(std::min<int64_t>(0, *overlay.at_most), alignment)));
  }
  for (int64_t delta : overlay.exactly)
    if (delta % alignment == 0) least = std::min(least, extent(delta));
  return least;
}

int64_t placement_bound(std::span<const Block> blocks, std::span<const Overlay> overlays) {
  int64_t bound = 0, alignment = std::numeric_limits<int64_t>::max();
  for (const Block &block : blocks) alignment = std::min(alignment, block.alignment);
  for (const Block &at : blocks) bound = std::max(bound, step_bound(blocks, overlays, at.first, alignment));
  return bound;
}

Placement place(std::span<const Block> blocks, std::span<const Overlay> overlays, int64_t steps) {
  if (blocks.empty()) return {};
  return Search(blocks, overlays, steps).run();
}

}  // namespace whit
