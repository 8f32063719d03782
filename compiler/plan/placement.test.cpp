// SPDX-License-Identifier: Apache-2.0
// The placement core on hand-made blocks, on the tensors of the four MLPerf Tiny models under the rules of the
// published bound (an output may overwrite consumed input), and on random blocks.
#include "compiler/plan/placement.hpp"

#include <gtest/gtest.h>

#include <random>

namespace whit {
namespace {

// Fails where two blocks that live together touch and no overlay permits it. Returns the highest end.
int64_t expect_legal(const std::vector<Block> &blocks, const std::vector<Overlay> &overlays,
                     const Placement &placement) {
  int64_t end = 0;
  for (size_t one = 0; one < blocks.size(); ++one) {
    const int64_t begin = placement.offsets[one];
    EXPECT_GE(begin, 0);
    EXPECT_EQ(begin % blocks[one].alignment, 0);
    end = std::max(end, begin + blocks[one].bytes);
    for (size_t other = 0; other < blocks.size(); ++other) {
      const int64_t other_begin = placement.offsets[other];
      const bool together = blocks[one].first <= blocks[other].last && blocks[other].first <= blocks[one].last;
      const bool touch = begin < other_begin + blocks[other].bytes && other_begin < begin + blocks[one].bytes;
      if (one == other || !together || !touch) continue;
      bool permitted = false;
      for (const Overlay &overlay : overlays)
        permitted |= (overlay.output == one && overlay.input == other && overlay.permits(begin - other_begin)) ||
                     (overlay.output == other && overlay.input == one && overlay.permits(other_begin - begin));
      EXPECT_TRUE(permitted) << "blocks " << one << " and " << other;
    }
  }
  EXPECT_EQ(end, placement.bytes);
  return end;
}

// Blocks of a chain of layers: each tensor lives from the layer that writes it to the next.
class Chain {
 public:
  explicit Chain(int64_t input_bytes) { blocks.push_back({input_bytes, -1, 0, 4}); }

  // The output may begin no higher than `at_most` above its input.
  Chain &forward(int64_t bytes, int64_t at_most) { return layer(bytes, {.at_most = at_most}); }
  Chain &exactly(int64_t bytes, std::vector<int64_t> deltas) { return layer(bytes, {.exactly = std::move(deltas)}); }
  Chain &in_place(int64_t bytes) { return exactly(bytes, {0}); }
  Chain &apart(int64_t bytes) { return layer(bytes, {}); }

  int64_t bytes() const { return expect_legal(blocks, overlays, place(blocks, overlays)); }

  std::vector<Block> blocks{};
  std::vector<Overlay> overlays{};

 private:
  Chain &layer(int64_t bytes, Overlay overlay) {
    const auto step = static_cast<int64_t>(blocks.size()) - 1;
    blocks.push_back({bytes, step, step + 1, 4});
    overlay.output = blocks.size() - 1;
    overlay.input = blocks.size() - 2;
    overlays.push_back(overlay);
    return *this;
  }
};

// Channel-last kernels that go through the pixels in order, the rule of the published bound.
int64_t window_at_most(int64_t height, int64_t width, int64_t channels, int64_t kernel, int64_t stride,
                       int64_t output_channels) {
  const int64_t output_height = (height + stride - 1) / stride, output_width = (width + stride - 1) / stride;
  const int64_t pad_y = std::max<int64_t>(0, (output_height - 1) * stride + kernel - height) / 2;
  const int64_t pad_x = std::max<int64_t>(0, (output_width - 1) * stride + kernel - width) / 2;
  int64_t needed = height * width, delta = needed * channels;
  for (int64_t y = output_height - 1; y >= 0; --y)
    for (int64_t x = output_width - 1; x >= 0; --x) {
      const int64_t row = std::max<int64_t>(0, y * stride - pad_y), column = std::max<int64_t>(0, x * stride - pad_x);
      needed = std::min(needed, row * width + column);
      delta = std::min(delta, needed * channels - (y * output_width + x + 1) * output_channels);
    }
  return delta;
}

TEST(Placement, nothing_takes_nothing) { EXPECT_EQ(place({}, {}).bytes, 0); }

TEST(Placement, in_place_chain_takes_its_largest_tensor) {
  EXPECT_EQ(Chain(100).in_place(100).in_place(200).in_place(52).bytes(), 200);
}

TEST(Placement, expanding_chain_leaves_room_for_the_input_ahead_of_the_output) {
  // The input must begin 80 bytes above the output, so that its end is at 80 + 40.
  EXPECT_EQ(Chain(40).forward(100, -80).bytes(), 120);
}

TEST(Placement, disjoint_chain_takes_its_largest_pair) {
  EXPECT_EQ(Chain(10).apart(30).apart(50).apart(20).bytes(), 32 + 50);
}

TEST(Placement, residual_branch_keeps_the_skipped_tensor) {
  // skip (0) is read at step 0 and by the addition at step 2, whose output may replace either operand.
  const std::vector<Block> blocks = {{100, -1, 2, 4}, {60, 0, 1, 4}, {100, 1, 2, 4}, {100, 2, 3, 4}};
  const std::vector<Overlay> overlays = {{2, 1, -20, {}}, {3, 0, 0, {}}, {3, 2, 0, {}}};
  const Placement placement = place(blocks, overlays);
  expect_legal(blocks, overlays, placement);
  EXPECT_EQ(placement.bytes, 200);
}

TEST(Placement, exact_distances_are_met) {
  const std::vector<Block> blocks = {{100, -1, 0, 4}, {100, 0, 1, 4}};
  const std::vector<Overlay> overlays = {{1, 0, {}, {-8, 40}}};
  const Placement placement = place(blocks, overlays);
  expect_legal(blocks, overlays, placement);
  EXPECT_EQ(placement.offsets, (std::vector<int64_t>{8, 0}));
}

TEST(Placement, exact_distance_against_the_alignment_is_of_no_use) {
  const std::vector<Block> blocks = {{16, -1, 0, 4}, {16, 0, 1, 4}};
  EXPECT_EQ(place(blocks, std::vector<Overlay>{{1, 0, {}, {2}}}).bytes, 32);
}

TEST(Placement, alignment_of_each_block_is_kept) {
  const std::vector<Block> blocks = {{3, 0, 0, 1}, {5, 0, 0, 8}, {2, 0, 0, 1}};
  expect_legal(blocks, {}, place(blocks, {}));
  EXPECT_EQ(place(blocks, {}).bytes, 10);
}

TEST(Placement, search_finds_the_interleaving_that_first_fit_misses) {
  // Eight blocks packed without a gap into 64 bytes over four steps.
  const std::vector<Block> blocks = {{24, 0, 1, 4}, {40, 0, 0, 4}, {16, 1, 2, 4}, {24, 1, 3, 4},
                                     {24, 2, 2, 4}, {40, 3, 4, 4}, {24, 4, 4, 4}};
  const Placement placement = place(blocks, {});
  expect_legal(blocks, {}, placement);
  EXPECT_EQ(placement.bytes, placement_bound(blocks, {}));
}

// The tensors of keyword spotting, all layers channel_last and pixel by pixel: two neighbours alone fit 8,448 bytes,
// but each of the four depthwise layers moves the tensors another 448 bytes down.
TEST(Placement, keyword_spotting_channel_last_drifts) {
  Chain chain(490);
  chain.forward(8000, window_at_most(49, 10, 1, 10, 2, 64));
  for (int block = 0; block < 4; ++block)
    chain.forward(8000, window_at_most(25, 5, 64, 3, 1, 64)).forward(8000, 0);
  chain.apart(64).apart(12).apart(12);
  EXPECT_EQ(placement_bound(chain.blocks, chain.overlays), 8448);
  EXPECT_EQ(chain.bytes(), 8000 + 4 * 448);
}

TEST(Placement, keyword_spotting_planar_works_in_place) {
  Chain chain(490);
  chain.apart(8000);
  for (int layer = 0; layer < 8; ++layer) chain.in_place(8000);
  chain.apart(64).apart(12).apart(12);
  EXPECT_EQ(chain.bytes(), 8000 + 490);
}

// Channel_last overlays the input, then one layer out of place, then planar in place. The pointwise layer that doubles
// the channels may put its new planes before the old ones as well as behind them: only before them leaves the room
// where the network's input lay.
TEST(Placement, visual_wake_words_takes_two_tensors) {
  Chain chain(96 * 96 * 3);
  chain.forward(18432, window_at_most(96, 96, 3, 3, 2, 8)).apart(18432).exactly(36864, {-18432, 0}).in_place(9216);
  for (int64_t bytes : {18432, 18432, 18432, 4608, 9216, 9216, 9216, 2304, 4608, 4608, 4608, 1152, 2304, 2304, 2304})
    chain.in_place(bytes);
  chain.apart(256).apart(2).apart(2);
  EXPECT_EQ(chain.bytes(), 36864);
}

TEST(Placement, visual_wake_words_channel_last_comes_near_the_published_bound) {
  Chain chain(96 * 96 * 3);
  const auto pair = [&](int64_t size, int64_t channels, int64_t stride, int64_t next) {
    const int64_t out = (size + stride - 1) / stride;
    chain.forward(out * out * channels, window_at_most(size, size, channels, 3, stride, channels));
    chain.forward(out * out * next, window_at_most(out, out, channels, 1, 1, next));
  };
  chain.forward(18432, window_at_most(96, 96, 3, 3, 2, 8));
  pair(48, 8, 1, 16);
  pair(48, 16, 2, 32);
  pair(24, 32, 1, 32);
  pair(24, 32, 2, 64);
  EXPECT_LE(chain.bytes(), 36880 + 8);
}

TEST(Placement, anomaly_detection_takes_its_largest_pair) {
  Chain chain(640);
  for (int64_t bytes : {128, 128, 128, 128, 8, 128, 128, 128, 128, 640}) chain.apart(bytes);
  EXPECT_EQ(chain.bytes(), 768);
}

// ResNet-8: three residual blocks, the second and third with a 1x1 convolution in the skipped branch.
TEST(Placement, image_classification_reaches_the_published_bound) {
  const std::vector<Block> blocks = {
      {3072, -1, 0, 4}, {16384, 0, 3, 4}, {16384, 1, 2, 4}, {16384, 2, 3, 4}, {16384, 3, 6, 4},
      {8192, 4, 5, 4},  {8192, 5, 7, 4},  {8192, 6, 7, 4},  {8192, 7, 10, 4}, {4096, 8, 9, 4},
      {4096, 9, 11, 4}, {4096, 10, 11, 4}, {4096, 11, 12, 4}, {64, 12, 13, 4}, {10, 13, 14, 4}, {10, 14, 15, 4}};
  const std::vector<Overlay> overlays = {{1, 0, window_at_most(32, 32, 3, 3, 1, 16), {}},
                                         {3, 2, window_at_most(32, 32, 16, 3, 1, 16), {}},
                                         {4, 1, 0, {}},
                                         {4, 3, 0, {}},
                                         {6, 5, window_at_most(16, 16, 32, 3, 1, 32), {}},
                                         {7, 4, window_at_most(32, 32, 16, 1, 2, 32), {}},
                                         {8, 6, 0, {}},
                                         {8, 7, 0, {}}};
  const Placement placement = place(blocks, overlays);
  expect_legal(blocks, overlays, placement);
  EXPECT_EQ(placement.bytes, 33312);
}

struct RandomBlocks {
  std::vector<Block> blocks{};
  std::vector<Overlay> overlays{};
};

RandomBlocks random_blocks(std::mt19937 &random) {
  const auto below = [&](int64_t end) { return static_cast<int64_t>(random() % static_cast<uint64_t>(end)); };
  RandomBlocks result;
  const int64_t count = 1 + below(24), alignment = int64_t{1} << below(4);
  for (int64_t step = 0; step < count; ++step)
    result.blocks.push_back({below(200), step, std::min(count, step + 1 + below(3) * below(3)), alignment});
  for (size_t output = 1; output < result.blocks.size(); ++output)
    for (size_t input = 0; input < output; ++input) {
      if (result.blocks[input].last != result.blocks[output].first || below(3) == 0) continue;
      Overlay overlay{.output = output, .input = input};
      if (below(2) == 0) overlay.at_most = below(100) - 50;
      if (below(2) == 0) overlay.exactly = {0, below(64) - 32};
      result.overlays.push_back(overlay);
    }
  return result;
}

TEST(Placement, random_blocks_lie_legally_between_the_bound_and_the_sum) {
  std::mt19937 random(20261122);
  int at_bound = 0;
  for (int repeat = 0; repeat < 200; ++repeat) {
    const auto [blocks, overlays] = random_blocks(random);
    const Placement placement = place(blocks, overlays, 6000);
    expect_legal(blocks, overlays, placement);
    int64_t sum = 0;
    for (const Block &block : blocks) sum += align_up(block.bytes, block.alignment);
    const int64_t bound = placement_bound(blocks, overlays);
    EXPECT_LE(placement.bytes, sum);
    EXPECT_GE(placement.bytes, bound);
    at_bound += placement.bytes == bound ? 1 : 0;
  }
  EXPECT_GT(at_bound, 150);
}

TEST(Placement, same_blocks_give_the_same_offsets) {
  std::mt19937 random(7);
  for (int repeat = 0; repeat < 20; ++repeat) {
    const auto [blocks, overlays] = random_blocks(random);
    EXPECT_EQ(place(blocks, overlays, 3000).offsets, place(blocks, overlays, 3000).offsets);
  }
}

}  // namespace
}  // namespace whit
