// SPDX-License-Identifier: Apache-2.0
// circular_buffer over several runs, against values worked out by hand.
#include <gtest/gtest.h>

#include "compiler/ir/text.hpp"
#include "ops/evaluate.hpp"
#include "ops/verify.hpp"

namespace whit {
namespace {

TEST(CircularBuffer, keeps_the_last_slices_and_tells_when_it_is_due) {
  const Graph graph = parse_graph(R"(graph "g" {
    input %x: int8[1,1,1,2] scale 1 zero 7
    variable %slices: int8[3,2] scale 1 zero 7 = [7, 7, 7, 7, 7, 7]
    variable %wait: int32[1]
    %y: int8[1,3,1,2] scale 1 zero 7, %due: boolean[1], %slices, %wait = circular_buffer(%x, %slices, %wait) {slots = 3, cycles = 2}
    output %y, %due
  })");
  ASSERT_TRUE(problems_of(Module{{graph}}).empty());
  Evaluator evaluator(graph);
  const auto next = [&](int8_t a, int8_t b) {
    const Bytes bytes = bytes_of<int8_t>({a, b});
    std::copy(bytes.begin(), bytes.end(), evaluator.bytes(graph.inputs[0]).begin());
    evaluator.run();
    return values_of<int8_t>(evaluator.bytes(graph.outputs[0]));
  };
  const auto due = [&] { return evaluator.bytes(graph.outputs[1])[0] != 0; };
  EXPECT_EQ(next(1, 2), (std::vector<int8_t>{7, 7, 7, 7, 1, 2}));
  EXPECT_FALSE(due());
  EXPECT_EQ(next(3, 4), (std::vector<int8_t>{7, 7, 1, 2, 3, 4}));
  EXPECT_TRUE(due());
  EXPECT_EQ(next(5, 6), (std::vector<int8_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_FALSE(due());
}

TEST(CircularBuffer, refuses_slices_that_are_none) {
  const auto refused = [](const char *shape, const char *cycles) {
    return !problems_of(parse_module(fmt::format(R"(graph "g" {{
      input %x: int8[{}] scale 1 zero 0
      variable %slices: int8[3,2] scale 1 zero 0
      variable %wait: int32[1]
      %y: int8[1,3,1,2] scale 1 zero 0, %due: boolean[1], %slices, %wait = circular_buffer(%x, %slices, %wait) {{slots = 3, cycles = {}}}
      output %y
    }})", shape, cycles))).empty();
  };
  EXPECT_FALSE(refused("1,1,1,2", "1"));
  EXPECT_TRUE(refused("1,2,1,2", "1"));
  EXPECT_TRUE(refused("2", "1"));
  EXPECT_TRUE(refused("1,1,1,2", "0"));
}

}  // namespace
}  // namespace whit
