// SPDX-License-Identifier: Apache-2.0
// The drawings of a small plan, letter by letter, and that hostile names stay inside the SVG.
#include "compiler/plan/map.hpp"

#include <gtest/gtest.h>

#include "compiler/plan/test_graph.hpp"

namespace whit {
namespace {

// in (64) -> 0 (64, 16 bytes below its input) -> view -> 1 (32, apart, 20 bytes of scratch)
test::TestGraph small_graph() {
  test::TestGraph test;
  const TensorId first = test.node({test.input(64)}, 64, {{"at_most_0", int64_t{-16}}});
  test.output(test.node({test.view(first)}, 32, {{"scratch", int64_t{20}}}));
  return test;
}

TEST(MemoryMap, text_shows_every_layer) {
  const test::TestGraph test = small_graph();
  const MemoryPlan plan = plan_memory(test.graph, test.kernels, 16);
  EXPECT_EQ(memory_map_text(test.graph, test.kernels, plan),
            "arena 96 bytes, scratch 20, state 0; one column is 2 bytes\n"
            "layer                                                       arena   scratch\n"
            "      ........aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa........         64            before the run\n"
            "    0 BBBBBBBB************************aaaaaaaa........         80         0  plain\n"
            "    1 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbCCCCCCCCCCCCCCCC         96        20  plain\n"
            "    a       16..80             64 bytes  input                    t0\n"
            "    b        0..64             64 bytes  0 plain                  t1\n"
            "    c       64..96             32 bytes  1 plain                  t3\n");
}

TEST(MemoryMap, blocks_of_views_are_one) {
  const test::TestGraph test = small_graph();
  const std::vector<MapBlock> blocks = map_blocks(test.graph, test.kernels, plan_memory(test.graph, test.kernels));
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[0].label, "input");
  EXPECT_EQ(blocks[1].label, "0 plain");
  EXPECT_EQ(blocks[1].last, 1) << "the view has no number";
  EXPECT_EQ(blocks[2].last, 2);  // an output: until after the run
}

TEST(MemoryMap, svg_escapes_names_and_has_a_tooltip_for_each_block) {
  test::TestGraph test = small_graph();
  test.graph.tensor(1).name = "<script>&\"\x01";
  const std::string svg = memory_map_svg(test.graph, test.kernels, plan_memory(test.graph, test.kernels));
  EXPECT_EQ(svg.find("<script>"), std::string::npos);
  EXPECT_EQ(svg.find('\x01'), std::string::npos);
  EXPECT_NE(svg.find("0 plain: &lt;script&gt;&amp;&quot; \n64 bytes at 0 to 64\nwritten layer 0 (plain), "
                     "last read layer 1 (plain)</title>"),
            std::string::npos);
  EXPECT_NE(svg.find("<title>scratch of layer 1 (plain): 20 bytes</title>"), std::string::npos);
  EXPECT_EQ(svg.substr(svg.size() - 7), "</svg>\n");
}

TEST(MemoryMap, graph_without_arena_is_drawn) {
  test::TestGraph test;
  test.output(test.constant(8));
  const MemoryPlan plan = plan_memory(test.graph, test.kernels);
  EXPECT_NE(memory_map_text(test.graph, test.kernels, plan).find("arena 0 bytes"), std::string::npos);
  EXPECT_NE(memory_map_svg(test.graph, test.kernels, plan).find("</svg>"), std::string::npos);
}

TEST(MemoryMap, numbers_are_grouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(36864), "36,864");
  EXPECT_EQ(grouped(-123456), "-123,456");
}

}  // namespace
}  // namespace whit
