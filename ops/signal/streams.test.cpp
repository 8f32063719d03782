// SPDX-License-Identifier: Apache-2.0
// Operators that see a stream in pieces, run by run, against values worked out by hand.
#include <gtest/gtest.h>

#include "compiler/ir/text.hpp"
#include "ops/evaluate.hpp"
#include "ops/op_def.hpp"
#include "ops/verify.hpp"

namespace whit {
namespace {

using Int16s = std::vector<int16_t>;
using Int32s = std::vector<int32_t>;

// A graph that runs piece by piece.
class Stream {
 public:
  explicit Stream(const std::string &text) : graph_(parse_graph(text)), evaluator_(graph_) {}

  template <typename T>
  std::vector<T> next(const std::vector<T> &piece) {
    const Bytes bytes = bytes_of(piece);
    std::copy(bytes.begin(), bytes.end(), evaluator_.bytes(graph_.inputs[0]).begin());
    evaluator_.run();
    return output<T>(0);
  }
  template <typename T>
  std::vector<T> output(size_t index) {
    return values_of<T>(evaluator_.bytes(graph_.outputs.at(index)));
  }
  bool valid() { return output<uint8_t>(1).at(0) != 0; }

 private:
  Graph graph_;
  Evaluator evaluator_;
};

TEST(Framer, frames_overlap_and_the_first_is_not_whole) {
  Stream stream(R"(graph "g" {
    input %x: int16[4]
    variable %history: int16[1,2]
    variable %steps: int32[1]
    %y: int16[2,3], %valid: boolean[], %history, %steps = signal_framer(%x, %history, %steps) {frame_size = 3, frame_step = 2, prefill = 0}
    output %y
    output %valid
  })");
  EXPECT_EQ(stream.next<int16_t>({1, 2, 3, 4}), (Int16s{0, 0, 0, 1, 2, 3}));
  EXPECT_FALSE(stream.valid());
  EXPECT_EQ(stream.next<int16_t>({5, 6, 7, 8}), (Int16s{3, 4, 5, 5, 6, 7}));
  EXPECT_TRUE(stream.valid());
}

TEST(Framer, zeros_make_the_first_frame_whole) {
  Stream stream(R"(graph "g" {
    input %x: int16[2]
    variable %history: int16[1,3]
    variable %steps: int32[1]
    %y: int16[1,5], %valid: boolean[], %history, %steps = signal_framer(%x, %history, %steps) {frame_size = 5, frame_step = 2, prefill = 1}
    output %y
    output %valid
  })");
  EXPECT_EQ(stream.next<int16_t>({1, 2}), (Int16s{0, 0, 0, 1, 2}));
  EXPECT_TRUE(stream.valid());
  EXPECT_EQ(stream.next<int16_t>({3, 4}), (Int16s{0, 1, 2, 3, 4}));
}

TEST(Delay, each_row_comes_later) {
  Stream stream(R"(graph "g" {
    input %x: int16[2,2]
    variable %history: int16[2,3]
    %y: int16[2,2], %history = signal_delay(%x, %history) {delay_length = 3}
    output %y
  })");
  EXPECT_EQ(stream.next<int16_t>({1, 2, 10, 20}), (Int16s{0, 0, 0, 0}));
  EXPECT_EQ(stream.next<int16_t>({3, 4, 30, 40}), (Int16s{0, 1, 0, 10}));
  EXPECT_EQ(stream.next<int16_t>({5, 6, 50, 60}), (Int16s{2, 3, 20, 30}));
}

// Two slices before, one after, a stack every second slice.
TEST(Stacker, the_first_slice_stands_for_those_before_it) {
  Stream stream(R"(graph "g" {
    input %x: int16[1]
    variable %history: int16[1,3]
    variable %wait: int32[1]
    %y: int16[4], %valid: boolean[], %history, %wait = signal_stacker(%x, %history, %wait) {num_channels = 1, stacker_left_context = 2, stacker_right_context = 1, stacker_step = 2}
    output %y
    output %valid
  })");
  EXPECT_EQ(stream.next<int16_t>({7}), (Int16s{0, 0, 0, 0}));
  EXPECT_FALSE(stream.valid());
  EXPECT_EQ(stream.next<int16_t>({8}), (Int16s{7, 7, 7, 8}));
  EXPECT_TRUE(stream.valid());
  stream.next<int16_t>({9});
  EXPECT_FALSE(stream.valid());
  EXPECT_EQ(stream.next<int16_t>({10}), (Int16s{7, 8, 9, 10}));
  EXPECT_TRUE(stream.valid());
}

TEST(OverlapAdd, sums_saturate_where_frames_overlap) {
  Stream stream(R"(graph "g" {
    input %x: int16[2,3]
    variable %sums: int16[1,2]
    %y: int16[2], %sums = signal_overlap_add(%x, %sums) {frame_step = 1}
    output %y
  })");
  EXPECT_EQ(stream.next<int16_t>({1, 2, 3, 10, 20, 32767}), (Int16s{1, 12}));
  EXPECT_EQ(stream.next<int16_t>({100, 200, 300, 0, 0, 0}), (Int16s{123, 32767}));
}

// A quarter of the new energy, three quarters of the old estimate; odd channels follow at once.
TEST(SpectralSubtraction, takes_off_what_stays) {
  Stream stream(R"(graph "g" {
    input %x: int32[2]
    variable %estimates: int32[2]
    %y: int32[2], %noise: int32[2], %estimates = signal_spectral_subtraction(%x, %estimates) {num_channels = 2, smoothing = 4, one_minus_smoothing = 12, alternate_smoothing = 16, alternate_one_minus_smoothing = 0, min_signal_remaining = 2, smoothing_bits = 1, spectral_subtraction_bits = 4, clamping = 1}
    output %y
    output %noise
  })");
  EXPECT_EQ(stream.next<int32_t>({80, 80}), (Int32s{60, 10}));
  EXPECT_EQ(stream.output<int32_t>(1), (Int32s{40, 160}));
  EXPECT_EQ(stream.next<int32_t>({8, 80}), (Int32s{1, 10}));
  EXPECT_EQ(stream.output<int32_t>(1), (Int32s{16, 160}));  // 34, but no more than there is
}

bool is_refused(const std::string &node, const std::string &state) {
  const std::string text = "graph \"g\" {\n input %x: int16[2,6]\n variable %v: " + state + "\n variable %n: int32[1]\n " + node +
                           "\n output %y\n}";
  return !problems_of(parse_module(text)).empty();
}

TEST(Streams, refuse_sizes_that_make_no_sense) {
  const auto framer = [](const std::string &size, const std::string &step, const std::string &prefill) {
    return is_refused("%y: int16[2,3,4], %valid: boolean[], %v, %n = signal_framer(%x, %v, %n) {frame_size = " + size +
                          ", frame_step = " + step + ", prefill = " + prefill + "}",
                      "int16[2,2]");
  };
  EXPECT_FALSE(framer("4", "2", "0"));
  EXPECT_TRUE(framer("0", "2", "0"));
  EXPECT_TRUE(framer("-4", "2", "0"));
  EXPECT_TRUE(framer("4611686018427387904", "2", "0"));
  EXPECT_TRUE(framer("4", "0", "0"));
  EXPECT_TRUE(framer("4", "4", "0"));   // not a whole number of steps
  EXPECT_TRUE(framer("4", "12", "0"));  // more than there is
  EXPECT_TRUE(framer("1", "2", "1"));   // zeros for less than no time
  EXPECT_TRUE(framer("6", "2", "0"));   // another history
}

TEST(Streams, refuse_delays_into_the_future_and_steps_beyond_the_frame) {
  const auto delay = [](const std::string &length) {
    return is_refused("%y: int16[2,6], %v = signal_delay(%x, %v) {delay_length = " + length + "}", "int16[2,3]");
  };
  EXPECT_FALSE(delay("3"));
  EXPECT_TRUE(delay("-1"));
  EXPECT_TRUE(delay("9223372036854775807"));
  const auto overlap_add = [](const std::string &step) {
    return is_refused("%y: int16[8], %v = signal_overlap_add(%x, %v) {frame_step = " + step + "}", "int16[1,2]");
  };
  EXPECT_FALSE(overlap_add("4"));
  EXPECT_TRUE(overlap_add("0"));
  EXPECT_TRUE(overlap_add("7"));
}

}  // namespace
}  // namespace whit
