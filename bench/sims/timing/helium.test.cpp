// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Encodings as GNU as makes them, and cycles of sequences whose counts follow from two beats a cycle: a vector instruction
// takes its unit for two cycles, and the next one may begin after one if it takes another unit.
#include "bench/sims/timing/helium.hpp"

#include <gtest/gtest.h>

#include "bench/sims/timing/block.hpp"
#include "bench/sims/timing/tracking.hpp"

namespace whit::sims {
namespace {

constexpr RegisterSet q(int number) { return RegisterSet{15} << (32 + 4 * number); }
constexpr RegisterSet r(int number) { return RegisterSet{1} << number; }
constexpr Unit memory = Unit::vector_memory, integer = Unit::vector_integer, multiply = Unit::vector_multiply, none = Unit::core;

struct Case {
  const char *text;
  uint16_t first, second;
  Unit unit;
  RegisterSet read, written;
};

TEST(Helium, TakesInstructionsToTheirUnitsAndRegisters) {
  const std::vector<Case> cases = {
      {"vldrb.8 q1, [r2]", 0xED92, 0x3E00, memory, r(2), q(1)},
      {"vldrb.8 q1, [r2], #16", 0xECB2, 0x3E10, memory, r(2), q(1) | r(2)},
      {"vldrw.32 q1, [r2], #16", 0xECB2, 0x3F04, memory, r(2), q(1) | r(2)},
      {"vldrb.s32 q1, [r2], #4", 0xECB2, 0x2F04, memory, r(2), q(1) | r(2)},
      {"vldrb.u16 q1, [r2, #4]", 0xFD92, 0x2E84, memory, r(2), q(1)},
      {"vstrb.32 q1, [r2], #4", 0xECA2, 0x2F04, memory, r(2) | q(1), r(2)},
      {"vstrw.32 q7, [r12]", 0xED8C, 0xFF00, memory, r(12) | q(7), 0},
      {"vldrb.u8 q1, [r2, q3]", 0xFC92, 0x2E06, memory, r(2) | q(3), q(1)},
      {"vldrw.u32 q1, [q3, #4]!", 0xFDB6, 0x3E01, memory, q(3), q(1) | q(3)},
      {"vstrb.32 q1, [r2, q3]", 0xEC82, 0x2F06, memory, r(2) | q(3) | q(1), 0},
      {"vld20.8 {q0, q1}, [r2]", 0xFC92, 0x1E00, memory, r(2), q(0) | q(1)},
      {"vst43.16 {q0, q1, q2, q3}, [r2]!", 0xFCA2, 0x1EE1, memory, r(2) | q(0) | q(1) | q(2) | q(3), r(2)},
      {"vmov q1[2], q1[0], r3, r4", 0xEC14, 0x2F03, none, r(3) | r(4) | q(1), q(1)},
      {"vmov r3, r4, q1[2], q1[0]", 0xEC04, 0x2F03, none, q(1), r(3) | r(4)},
      {"vmov.32 q1[2], r3", 0xEE03, 0x3B10, none, r(3) | q(1), q(1)},
      {"vmov.u16 r3, q1[3]", 0xEEB2, 0x3B70, none, q(1), r(3)},
      {"vdup.32 q1, r3", 0xEEA2, 0x3B10, integer, r(3), q(1)},
      {"vadd.i32 q1, q2, q3", 0xEF24, 0x2846, integer, q(2) | q(3), q(1)},
      {"vadd.i32 q1, q2, r3", 0xEE25, 0x2F43, integer, q(2) | r(3), q(1)},
      {"vqsub.s16 q1, q2, r3", 0xEE14, 0x3F63, integer, q(2) | r(3), q(1)},
      {"vhcadd.s8 q1, q2, q3, #90", 0xEE04, 0x2F06, integer, q(2) | q(3), q(1)},
      {"vmul.i32 q1, q2, q3", 0xEF24, 0x2956, multiply, q(2) | q(3), q(1)},
      {"vmul.i32 q1, q2, r3", 0xEE25, 0x3E63, multiply, q(2) | r(3), q(1)},
      {"vrmulh.s32 q1, q2, q3", 0xEE25, 0x3E07, multiply, q(2) | q(3), q(1)},
      {"vqrdmulh.s32 q1, q2, r3", 0xFE25, 0x2E63, multiply, q(2) | r(3), q(1)},
      {"vmullb.s8 q1, q2, q3", 0xEE05, 0x2E06, multiply, q(2) | q(3), q(1)},
      {"vqdmullt.s16 q1, q2, r3", 0xEE34, 0x3F63, multiply, q(2) | r(3), q(1)},
      {"vmla.s32 q1, q2, r3", 0xEE25, 0x2E43, multiply, q(1) | q(2) | r(3), q(1)},
      {"vmlas.s32 q1, q2, r3", 0xEE25, 0x3E43, multiply, q(1) | q(2) | r(3), q(1)},
      {"vmladav.s8 r4, q2, q3", 0xEEF4, 0x4F06, multiply, q(2) | q(3), r(4)},
      {"vmladava.s8 r4, q2, q3", 0xEEF4, 0x4F26, multiply, q(2) | q(3) | r(4), r(4)},
      {"vmlaldava.s16 r4, r5, q2, q3", 0xEEA4, 0x4E26, multiply, q(2) | q(3) | r(4) | r(5), r(4) | r(5)},
      {"vaddv.s32 r4, q2", 0xEEF9, 0x4F04, integer, q(2), r(4)},
      {"vaddva.s8 r4, q2", 0xEEF1, 0x4F24, integer, q(2) | r(4), r(4)},
      {"vmaxv.s8 r4, q2", 0xEEE2, 0x4F04, integer, q(2) | r(4), r(4)},
      {"vbrsr.8 q1, q2, r3", 0xFE05, 0x3E63, integer, q(2) | r(3), q(1)},
      {"vshl.i32 q1, q2, #3", 0xEFA3, 0x2554, integer, q(2), q(1) | 0},
      {"vshrnb.i32 q1, q2, #3", 0xEE9D, 0x2FC5, integer, q(1) | q(2), q(1)},
      {"vqmovnt.s16 q1, q2", 0xEE33, 0x3E05, integer, q(1) | q(2), q(1)},
      {"vcmp.s32 gt, q2, q3", 0xFE25, 0x1F07, integer, q(2) | q(3), 0},
      {"vcmp.i32 eq, q2, r3", 0xFE25, 0x0F43, integer, q(2) | r(3), 0},
      {"vpst", 0xFE71, 0x0F4D, none, 0, 0},
      {"vctp.8 r3", 0xF003, 0xE801, none, r(3), 0},
      {"vfma.f32 q1, q2, q3", 0xEF04, 0x2C56, multiply, q(1) | q(2) | q(3), q(1)},
      {"dls lr, r3", 0xF043, 0xE001, none, r(3), r(14)},
      {"csel r1, r2, r3, eq", 0xEA52, 0x8103, none, r(2) | r(3), r(1)},
      {"lsll r4, r5, #3", 0xEA54, 0x05CF, none, r(4) | r(5), r(4) | r(5)},
  };
  for (const Case &one : cases) {
    const auto found = decode_helium(one.first, one.second, 0);
    ASSERT_TRUE(found.has_value()) << one.text;
    EXPECT_EQ(found->unit, one.unit) << one.text;
    EXPECT_EQ(found->read, one.read) << one.text << std::hex << " " << found->read;
    EXPECT_EQ(found->written, one.written) << one.text << std::hex << " " << found->written;
  }
}

TEST(Helium, LeavesTheRestToTheDisassembler) {
  const std::pair<uint16_t, uint16_t> others[] = {{0xF000, 0xF800} /* bl */, {0xEE71, 0x0A21} /* vadd.f32 */, {0xED92, 0x1B00} /* vldr */,
                                                  {0xEA52, 0x0103} /* orrs */, {0xE9D1, 0x2300} /* ldrd */, {0xEC54, 0x3B11} /* vmov */,
                                                  {0xEE01, 0x3A90} /* vmov */, {0xF003, 0x0001} /* and */};
  for (const auto &[first, second] : others) EXPECT_FALSE(decode_helium(first, second, 0).has_value()) << std::hex << first << " " << second;
}

std::vector<Instruction> decoded(const std::vector<uint16_t> &halves) {
  std::vector<uint8_t> bytes;
  for (const uint16_t half : halves) bytes.insert(bytes.end(), {static_cast<uint8_t>(half), static_cast<uint8_t>(half >> 8)});
  return decode(bytes, 0, {.thumb2 = true, .dsp = true, .fpu = true, .mve = true});
}

uint32_t cycles(const std::vector<uint16_t> &halves) { return tracked_cycles(decoded(halves), costs_of("m55", nullptr)); }

// load q0 from r0, load q1 from r1, q2 += ..., by their halves.
#define LOAD_Q0 0xECB0, 0x1E10
#define LOAD_Q1 0xECB1, 0x3E10
#define DOT_R4 0xEEF0, 0x4F22  // vmladava.s8 r4, q0, q1
#define DOT_R6 0xEEF0, 0x6F22
#define ADD_Q2 0xEF20, 0x4842  // vadd.i32 q2, q0, q1
#define MULTIPLY_Q2 0xEF20, 0x4952
#define MULTIPLY_Q3 0xEF20, 0x6952
#define USE_Q2 0xEF24, 0x6844  // vadd.i32 q3, q2, q2
#define STORE_Q2 0xECA2, 0x5F04

TEST(Helium, TakesTwoBeatsACycle) {
  EXPECT_EQ(cycles({LOAD_Q0}), 1u);                            // the next instruction may begin
  EXPECT_EQ(cycles({LOAD_Q0, LOAD_Q1}), 1u + 2u);              // the same unit
  EXPECT_EQ(cycles({LOAD_Q0, ADD_Q2, LOAD_Q1, MULTIPLY_Q2}), 4u);  // different units overlap
  EXPECT_EQ(cycles({MULTIPLY_Q2, MULTIPLY_Q3}), 1u + 2u);
  EXPECT_EQ(cycles({ADD_Q2, USE_Q2}), 3u);                     // one unit
  EXPECT_EQ(cycles({MULTIPLY_Q2, USE_Q2}), 3u);                // a product takes one cycle more to be used
  EXPECT_EQ(cycles({MULTIPLY_Q2, STORE_Q2}), 2u);              // but not to be stored
}

TEST(Helium, KeepsTwoUnitsBusyWithLoadsAndProductsInTurn) {
  EXPECT_EQ(cycles({LOAD_Q0, DOT_R4, LOAD_Q1, DOT_R6, LOAD_Q0, DOT_R4, LOAD_Q1, DOT_R6}), 8u);
}

TEST(Helium, OverlapsFromOneBlockIntoTheNext) {
  const auto loads = decoded({LOAD_Q0}), products = decoded({DOT_R4});
  const Costs costs = costs_of("m55", nullptr);
  EXPECT_EQ(tracked_cycles_after(loads, loads, costs), 2u);
  EXPECT_EQ(tracked_cycles_after(loads, products, costs), 1u);
}

TEST(Helium, EndsLowOverheadLoopsForNothing) {
  const Block loop = make_block(decoded({LOAD_Q0, DOT_R4, 0xF00F, 0xC805}), 0, 12, costs_of("m55", nullptr));
  EXPECT_EQ(loop.instructions, 3u);
  EXPECT_EQ(loop.cycles, 2u);
  EXPECT_EQ(loop.taken_cycles, 0u);
}

TEST(Helium, IssuesPairsOf16BitInstructionsTogether) {
  EXPECT_EQ(cycles({0x1888, 0x1C5B, 0x1888, 0x1C5B}), 2u);  // adds r0, r1, r2; adds r3, #1
}

}  // namespace
}  // namespace whit::sims
