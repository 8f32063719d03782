// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Static cost of single sequences, by hand from the Arm Cortex-M technical reference manuals. The halfwords are
// assembled by hand too, so that this test needs no cross compiler.
#include "bench/sims/timing/block.hpp"

#include <gtest/gtest.h>

#include "bench/sims/protocol/error.hpp"

namespace whit::sims {
namespace {

constexpr Features m4f = {.thumb2 = true, .dsp = true, .fpu = true};
constexpr Features m3 = {.thumb2 = true};
constexpr Features m0 = {};

Block block_of(const std::vector<uint16_t> &halfwords, const std::string &family = "m4", const Features &features = m4f) {
  std::vector<uint8_t> bytes;
  for (uint16_t halfword : halfwords) {
    bytes.push_back(static_cast<uint8_t>(halfword));
    bytes.push_back(static_cast<uint8_t>(halfword >> 8));
  }
  return make_block(bytes, 0x08000000, costs_of(family, nullptr), features);
}

struct Case {
  const char *name;
  std::vector<uint16_t> code;
  uint32_t m4_cycles;
  uint32_t m0plus_cycles;  // 0: not in ARMv6-M
};

TEST(Block, CostsInstructionsByTheManuals) {
  const std::vector<Case> cases = {
      {"adds r0, r1, r2", {0x1888}, 1, 1},
      {"ldr r0, [r1]", {0x6808}, 2, 2},
      {"ldr r0, [r1]; ldr r2, [r1]; ldr r3, [r1]", {0x6808, 0x680A, 0x680B}, 4, 6},
      {"ldr r1, [r0]; ldr r2, [r1]: uses the result", {0x6801, 0x680A}, 4, 4},
      {"adds r1, #4; ldr r2, [r1]: address just made", {0x3104, 0x680A}, 4, 3},
      {"ldr r0, [pc, #4]", {0x4801}, 3, 2},
      {"str r0, [r1]", {0x6008}, 1, 2},
      {"str r0, [r1]; ldr r0, [r1]: not pipelined", {0x6008, 0x6808}, 3, 4},
      {"push {r4, r5, lr}", {0xB530}, 4, 4},
      {"pop {r4, r5}", {0xBC30}, 3, 3},
      {"ldm r0!, {r1, r2, r3}", {0xC80E}, 4, 4},
      {"stm r0!, {r1, r2}", {0xC006}, 3, 3},
      {"muls r0, r1", {0x4348}, 1, 1},
      {"bl", {0xF000, 0xF800}, 1, 2},
      {"pop {r4, pc}", {0xBD10}, 3, 4},
      {"ldrd r2, r3, [r1]", {0xE9D1, 0x2300}, 3, 0},
      {"strd r2, r3, [r1]", {0xE9C1, 0x2300}, 3, 0},
      {"ldr r0, [r1], #4; ldr r2, [r1], #4: base updates pipeline", {0xF851, 0x0B04, 0xF851, 0x2B04}, 3, 0},
      {"mla r0, r1, r2, r3", {0xFB01, 0x3002}, 1, 0},
      {"smlad r0, r1, r2, r3", {0xFB21, 0x3002}, 1, 0},
      {"smull r0, r1, r2, r3", {0xFB82, 0x0103}, 1, 0},
      {"sdiv r0, r1, r2", {0xFB91, 0xF0F2}, 7, 0},
      {"it eq; moveq r0, r1", {0xBF08, 0x4608}, 2, 0},
      {"ite lt; ldrlt r2, [r2, #4]; ldrge r2, [r2, #8]: one of them loads", {0xBFB4, 0x6852, 0x6892}, 4, 0},
      {"ite lt; addlt r0, r1, r2; ldrge r2, [r2, #8]: the load is dearer", {0xBFB4, 0x1888, 0x6892}, 4, 0},
      {"itt lt; ldrlt r2, [r2, #4]; ldrlt r2, [r2, #8]: both or none", {0xBFBC, 0x6852, 0x6892}, 5, 0},
      {"tbb [pc, r0]", {0xE8DF, 0xF000}, 2, 0},
      {"vmov s0, r0", {0xEE00, 0x0A10}, 1, 0},
      {"vadd.f32 s0, s1, s2", {0xEE30, 0x0A81}, 1, 0},
      {"vmla.f32 s0, s1, s2", {0xEE00, 0x0A81}, 3, 0},
      {"vdiv.f32 s0, s1, s2", {0xEE80, 0x0A81}, 14, 0},
      {"vldr s0, [r1]", {0xED91, 0x0A00}, 2, 0},
      {"vldr d0, [r1]", {0xED91, 0x0B00}, 3, 0},
      {"vldm r1, {s0-s3}", {0xEC91, 0x0A04}, 5, 0},
  };
  for (const Case &test : cases) {
    EXPECT_EQ(block_of(test.code).cycles, test.m4_cycles) << test.name << " on M4";
    EXPECT_FALSE(block_of(test.code).illegal_at) << test.name << " on M4: " << block_of(test.code).illegal_reason;
    const Block small = block_of(test.code, "m0plus", m0);
    EXPECT_EQ(small.illegal_at.has_value(), test.m0plus_cycles == 0) << test.name << " on M0+";
    if (small.illegal_at) continue;
    EXPECT_EQ(small.cycles, test.m0plus_cycles) << test.name << " on M0+";
  }
}

TEST(Block, PairsInstructionsOnDualIssueCores) {
  struct Pairing {
    const char *name;
    std::vector<uint16_t> code;
    uint32_t m7_cycles;
    uint32_t m33_cycles;
  };
  const std::vector<Pairing> cases = {
      {"adds r0, r1, r2; adds r3, r4, r5", {0x1888, 0x1963}, 1, 1},
      {"adds r0, r1, r2; adds r3, r0, r5: uses the result", {0x1888, 0x1943}, 2, 2},
      {"three additions", {0x1888, 0x1963, 0x1888}, 2, 2},
      {"add.w r0, r1, r2; add.w r3, r4, r5", {0xEB01, 0x0002, 0xEB04, 0x0305}, 1, 2},
      {"ldr r0, [r1]; ldr r2, [r3]: one access a cycle", {0x6808, 0x681A}, 2, 2},
      {"ldr r0, [r1]; adds r3, r4, r5", {0x6808, 0x1963}, 1, 1},
      {"ldr r0, [r1]; adds r2, r0, r5: waits for the load", {0x6808, 0x1942}, 3, 3},
      {"ldr r0, [r1]; str r0, [r2]: data of a store may come late", {0x6808, 0x6010}, 2, 2},
      {"smlad r0, r1, r2, r0 twice: the addend may come late", {0xFB21, 0x0002, 0xFB21, 0x0002}, 2, 2},
      {"mul r0, r1, r2; adds r2, r0, r5: waits for the product", {0xFB01, 0xF002, 0x1942}, 3, 3},
      {"adds r0, r1, r2; b .", {0x1888, 0xE7FE}, 1, 1},
      {"push {r4, r5, lr}; adds r0, r1, r2: pairs with nothing", {0xB530, 0x1888}, 5, 5},
  };
  for (const Pairing &test : cases) {
    EXPECT_EQ(block_of(test.code, "m7").cycles, test.m7_cycles) << test.name << " on M7";
    EXPECT_EQ(block_of(test.code, "m33").cycles, test.m33_cycles) << test.name << " on M33";
  }
}

TEST(Block, CostsMultiplicationsOnM3ByItsManual) {
  EXPECT_EQ(block_of({0xFB01, 0x3002}, "m3", m3).cycles, 2u);  // mla
  EXPECT_EQ(block_of({0x4348}, "m3", m3).cycles, 1u);          // muls
  EXPECT_EQ(block_of({0xFB82, 0x0103}, "m3", m3).cycles, 4u);  // smull, 3 to 5
  EXPECT_EQ(block_of({0xFBC2, 0x0103}, "m3", m3).cycles, 6u);  // smlal, 4 to 7
}

TEST(Block, KnowsTheRefillOfItsBranch) {
  EXPECT_EQ(block_of({0xE7FE}).taken_cycles, 2u);                // b .
  EXPECT_EQ(block_of({0x4770}).taken_cycles, 2u);                // bx lr
  EXPECT_EQ(block_of({0x4770}, "m0plus", m0).taken_cycles, 1u);
  EXPECT_EQ(block_of({0x4770}, "m0", m0).taken_cycles, 2u);
  EXPECT_EQ(block_of({0xE7FE}).last.branch, Branch::direct);
  EXPECT_EQ(block_of({0xBD10}).last.branch, Branch::indirect);   // pop {r4, pc}
  EXPECT_EQ(block_of({0x1888}).last.branch, Branch::none);
}

TEST(Block, RejectsWhatTheCoreLacks) {
  struct Illegal {
    const char *name;
    std::vector<uint16_t> code;
    Features features;
  };
  const std::vector<Illegal> cases = {
      {"smlad on M3", {0xFB21, 0x3002}, m3},
      {"sxtb16 on M3", {0xFA2F, 0xF081}, m3},
      {"vadd.f32 on M3", {0xEE30, 0x0A81}, m3},
      {"cbz on M0", {0xB108}, m0},
      {"it on M0", {0xBF08, 0x4608}, m0},
      {"vadd.f64 on M4F", {0xEE31, 0x0B02}, m4f},
      {"vadd.i8 on M4F", {0xEF01, 0x0802}, m4f},
      {"vmaxnm.f32 on M4F", {0xFE80, 0x0A21}, m4f},
      {"lda on M4F", {0xE8D0, 0x1FAF}, m4f},
  };
  for (const Illegal &test : cases) {
    const Block block = block_of(test.code, "m4", test.features);
    ASSERT_TRUE(block.illegal_at) << test.name;
    EXPECT_EQ(*block.illegal_at, 0x08000000u) << test.name;
    EXPECT_FALSE(block.illegal_reason.empty());
  }
  const Features m33 = {.thumb2 = true, .dsp = true, .fpu = true, .fpu5 = true, .armv8m = true};
  EXPECT_FALSE(block_of({0xFE80, 0x0A21}, "m33", m33).illegal_at) << "vmaxnm.f32 is in FPv5";
  EXPECT_FALSE(block_of({0xE8D0, 0x1FAF}, "m33", m33).illegal_at) << "lda is in ARMv8-M";
  EXPECT_FALSE(block_of({0xEE31, 0x0B02}, "m7", {.thumb2 = true, .fpu = true, .fpu_double = true}).illegal_at) << "vadd.f64";
  EXPECT_FALSE(block_of({0xFA4F, 0xF081}, "m3", m3).illegal_at) << "sxtb.w is in ARMv7-M";
}

TEST(Block, NamesTheFirstIllegalInstructionAfterLegalOnes) {
  const Block block = block_of({0x1888, 0xFB21, 0x3002}, "m3", m3);
  ASSERT_TRUE(block.illegal_at);
  EXPECT_EQ(*block.illegal_at, 0x08000002u);
}

TEST(Block, FindsHowFarTheStackSinksInside) {
  EXPECT_EQ(block_of({0xB530}).lowest_stack, -12);                  // push {r4, r5, lr}
  EXPECT_EQ(block_of({0xB530, 0xB082}).lowest_stack, -20);          // ...; sub sp, #8
  EXPECT_EQ(block_of({0xB510, 0xBC10, 0xB410}).lowest_stack, -8);   // push {r4, lr}; pop {r4}; push {r4}
  EXPECT_EQ(block_of({0xED2D, 0x8B02}).lowest_stack, -8);           // vpush {d8}
  EXPECT_EQ(block_of({0xF84D, 0x0D08}).lowest_stack, -8);           // str r0, [sp, #-8]!
  EXPECT_EQ(block_of({0xBC30}).lowest_stack, 0);                    // pop {r4, r5}
}

TEST(Costs, AreChangedByTheRequest) {
  EXPECT_EQ(costs_of("m4", nlohmann::json{{"taken_direct", 3}}).taken_direct, 3u);
  EXPECT_EQ(costs_of("m3", nullptr).multiply_accumulate, 2u);
  EXPECT_THROW(costs_of("m99", nullptr), SimError);
  EXPECT_THROW(costs_of("m4", nlohmann::json{{"taken_drect", 3}}), SimError);
  EXPECT_THROW(costs_of("m4", nlohmann::json{{"load", -1}}), SimError);
}

}  // namespace
}  // namespace whit::sims
