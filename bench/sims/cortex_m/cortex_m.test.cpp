// SPDX-License-Identifier: GPL-2.0-or-later
// Firmware in assembly, cycles counted by hand, and everything that firmware can do wrong. Skips without the compiler.
#include "bench/sims/cortex_m/cortex_m.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <set>

#include "bench/sims/protocol/server.hpp"
#include "bench/sims/protocol/thumb_firmware.hpp"
#include "bench/sims/unicorn/peripherals.hpp"

namespace whit::sims {
namespace {

using nlohmann::json;

class CortexM : public ThumbSimulator {
 protected:
  void SetUp() override {
    if (!has_compiler("arm-none-eabi-gcc")) GTEST_SKIP() << "arm-none-eabi-gcc is not installed";
  }

  // A request for firmware with this code after the frame.
  json request(const std::string &code, const std::string &core = "cortex-m4") {
    const std::string fpu = core == "cortex-m4" ? " -mfpu=fpv4-sp-d16 -mfloat-abi=hard" : "";
    const std::string elf = thumb_firmware(folder_, code, "-mcpu=" + core + fpu, 0x08000000);
    EXPECT_FALSE(elf.empty());
    return {{"firmware", elf},
            {"core", core == "cortex-m4" ? m4f() : m0plus()},
            {"memory", {{{"name", "flash"}, {"kind", "flash"}, {"base", 0x08000000}, {"size", 65536}},
                        {{"name", "ram"}, {"kind", "ram"}, {"base", 0x20000000}, {"size", 16384}}}},
            {"stop", "bench_wait"},
            {"measure", {{"from", "run"}}},
            {"instruction_limit", 100000}};
  }

  static json m4f() { return {{"emulator", "cortex-m4"}, {"family", "m4"}, {"features", {"thumb2", "dsp", "fpu"}}}; }
  static json m0plus() { return {{"emulator", "cortex-m0"}, {"family", "m0plus"}, {"features", json::array()}}; }

  json reply(const json &request) const override { return json::parse(answer(request.dump(), EM_ARM, make_cortex_m)); }

  void expect_error(const std::string &code, const std::string &kind, const std::string &core = "cortex-m4") {
    const json result = reply(request(code, core));
    ASSERT_FALSE(result.at("ok")) << code << result;
    EXPECT_EQ(result.at("error").at("kind"), kind) << code << result;
  }
};

constexpr const char *loop = R"(
function run
  push {r4, lr}       // 1 + 2
  movs r3, #10        // 1
1:
  subs r3, #1         // 10
  bne 1b              // 10, taken 9 times
  bl layer            // 1, taken
  pop {r4, pc}        // 1 + 2, taken
function layer
  nop                 // 1
  bx lr               // 1, taken
)";

TEST_F(CortexM, CountsLoopsCallsAndReturns) {
  const json m4 = counted(request(loop));
  EXPECT_EQ(m4.at("instructions"), 26);
  EXPECT_EQ(m4.at("cycles"), 3 + 1 + 20 + 1 + 2 + 3 + 2 * (9 + 1 + 1 + 1));
  EXPECT_EQ(m4.at("board_cycles"), m4.at("cycles"));
  EXPECT_EQ(m4.at("stack"), 8);

  const json small = counted(request(loop, "cortex-m0plus"));
  EXPECT_EQ(small.at("instructions"), 26);
  EXPECT_EQ(small.at("cycles"), 3 + 1 + 20 + 2 + 2 + 3 + 1 + (9 + 1 + 1 + 1));  // BL 1 more, POP {pc} 1 more
}

TEST_F(CortexM, PredictsBranchesOnM7) {
  json asked = request("function run\n movs r3, #10\n1:\n subs r3, #1\n bne 1b\n bx lr\n");
  asked["core"] = {{"emulator", "cortex-m7"}, {"family", "m7"}, {"features", {"thumb2"}}};
  // movs alone, ten pairs, bx; the loop's branch surprises when it is taken first, and when it is not taken at last.
  EXPECT_EQ(counted(asked).at("cycles"), 1 + 10 + 1 + 7 * 2);
}

TEST_F(CortexM, AttributesCountsToTheMarkerPassedLast) {
  json asked = request(loop);
  asked["markers"] = {"layer", "run"};
  const json counts = counted(asked);
  EXPECT_EQ(counts.at("unmarked").at("instructions"), 0);
  EXPECT_EQ(counts.at("markers").at(1).at("instructions"), 23);
  EXPECT_EQ(counts.at("markers").at(0).at("instructions"), 3);             // nop, bx, pop
  EXPECT_EQ(counts.at("markers").at(0).at("cycles"), 2 + 1 + 1 + 2 + 3 + 2);  // arriving, nop, bx, returning, pop, returning
}

TEST_F(CortexM, ChargesA32BitTargetThatIsNotWordAligned) {
  const char *aligned = "function run\n b 1f\n .balign 4\n1: mov.w r0, r1\n bx lr\n";
  const char *unaligned = "function run\n b 1f\n .balign 4\n nop\n1: mov.w r0, r1\n bx lr\n";
  EXPECT_EQ(counted(request(aligned)).at("cycles"), 7);
  EXPECT_EQ(counted(request(unaligned)).at("cycles"), 8);
}

TEST_F(CortexM, CountsFlashStallsOnTheBoardOnly) {
  json asked = request(R"(
.balign 8
function run          // 10 bytes: two granules of instructions
  ldr r0, =table      // the literal: one granule of data
  ldr r1, [r0]        // one more
  ldr r1, [r0, #4]    // the same
  ldr r1, [r0, #8]    // one more
  bx lr
.ltorg
.balign 64
table: .word 1, 2, 3, 4
)");
  asked["memory"][0].update({{"wait_states", 5}, {"granule", 8}, {"instruction_lines", 16}, {"data_lines", 4}});
  const json counts = counted(asked);
  EXPECT_EQ(counts.at("cycles"), 3 + 2 + 1 + 1 + 3);
  EXPECT_EQ(counts.at("board_cycles").get<int>() - counts.at("cycles").get<int>(), 5 * (2 + 3));
}

TEST_F(CortexM, ChargesUnalignedDataOnTheBoardOnly) {
  const json counts = counted(request(R"(
function run
  ldr r0, =0x20000100
  ldr.w r1, [r0, #1]   // three accesses instead of one
  ldrh.w r1, [r0, #1]  // two
  ldr.w r1, [r0, #2]   // two
  bx lr
)"));
  EXPECT_EQ(counts.at("board_cycles").get<int>() - counts.at("cycles").get<int>(), 2 + 1 + 1);
}

TEST_F(CortexM, RunsManySamplesCountedOrNot) {
  expect_samples_run_counted_or_not(request(R"(
function run
  push {lr}
  bl double
  bl double
  pop {pc}
function double
  ldr r0, =0x20000100
  ldr r1, [r0]
  adds r1, r1
  str r1, [r0]
  bx lr
)"));
}

TEST_F(CortexM, KeepsFloatingPointAndStatusAcrossTheEdgesOfMeasuring) {
  json asked = request(R"(
function run
  vmov s16, r4
  vadd.f32 s16, s16, s16
  ldr r0, =0x20000100
  vstr s16, [r0]
  bx lr
)");
  asked["outputs"] = {{{"address", "0x20000100"}, {"bytes", 4}, {"file", folder_.file("out")}}};
  EXPECT_TRUE(reply(asked).at("ok"));
  EXPECT_EQ(folder_.read("out"), std::string(4, '\0'));
}

TEST_F(CortexM, MeasuresTheStackInsideABlockToo) {
  EXPECT_EQ(counted(request("function run\n sub sp, #64\n add sp, #64\n bx lr\n")).at("stack"), 64);
  EXPECT_EQ(counted(request("function run\n push {r4-r7, lr}\n bl inner\n pop {r4-r7, pc}\nfunction inner\n push {r0-r3}\n pop {r0-r3}\n bx lr\n"))
                .at("stack"), 20 + 16);
  EXPECT_EQ(counted(request("function run\n mov r0, sp\n subs r0, #100\n mov r1, sp\n mov sp, r0\n b 1f\n1: mov sp, r1\n bx lr\n")).at("stack"), 100);
}

TEST_F(CortexM, CatchesAStackThatLeavesItsRegion) {
  json asked = request("function run\n sub sp, #64\n add sp, #64\n bx lr\n");
  asked["stack"] = {{"base", 0x20002000 - 64}, {"size", 64}};
  EXPECT_TRUE(reply(asked).at("ok"));
  asked["stack"] = {{"base", 0x20002000 - 60}, {"size", 60}};
  EXPECT_EQ(reply(asked).at("error").at("kind"), "stack_overflow");
}

TEST_F(CortexM, CatchesMisalignedAccess) {
  const std::string at_2 = "function run\n ldr r1, =0x20000102\n ldr r0, [r1]\n strh r0, [r1, #1]\n";
  for (const char *code : {"ldrd r2, r3, [r1]", "strd r2, r3, [r1]", "ldm r1, {r2, r3}", "stm r1, {r2, r3}", "vldr s0, [r1]", "vstr d0, [r1]",
                           "vldm r1, {s0-s3}", "ldrex r0, [r1]", "mov sp, r1\n push {r0}"})
    expect_error(at_2 + code + "\n bx lr\n", "misaligned_access");
  EXPECT_TRUE(reply(request("function run\n ldr r1, =0x20000104\n vldr d0, [r1]\n ldrd r2, r3, [r1]\n bx lr\n")).at("ok"));
  const std::string small = "function run\n ldr r1, =0x20000101\n";
  for (const char *code : {"ldr r0, [r1]", "strh r0, [r1]"}) expect_error(small + code + "\n bx lr\n", "misaligned_access", "cortex-m0plus");
}

TEST_F(CortexM, NamesTheInstructionToBlame) {
  const json error = reply(request("function run\n ldr r1, =0x20000102\n nop\n ldrd r2, r3, [r1]\n bx lr\n .size run, .-run\n")).at("error");
  EXPECT_EQ(error.at("symbol"), "run+0x4");
}

TEST_F(CortexM, CatchesWhatTheCoreLacks) {
  json asked = request("function run\n smlad r0, r1, r2, r3\n bx lr\n");
  EXPECT_TRUE(reply(asked).at("ok"));
  asked["core"] = {{"emulator", "cortex-m3"}, {"family", "m3"}, {"features", {"thumb2"}}};
  EXPECT_EQ(reply(asked).at("error").at("kind"), "illegal_instruction");  // which Unicorn's Cortex-M3 executes
  asked = request("function run\n mov.w r0, r1\n bx lr\n");
  asked["core"] = m0plus();
  EXPECT_EQ(reply(asked).at("error").at("kind"), "illegal_instruction");
  expect_error("function run\n udf #0\n bx lr\n", "illegal_instruction");
}

// Each core with what its file in compiler/targets/cores gives it, and instructions of its larger siblings; the emulator's model
// executes some of them.
TEST_F(CortexM, CatchesOnEachCoreWhatItsSiblingsHave) {
  struct Core {
    json core;
    std::vector<const char *> lacks, has;
  };
  const char *thumb2 = "mov.w r0, r1", *divide = "udiv r0, r0, r1", *dsp = "smlad r0, r1, r2, r3", *fpu = "vadd.f32 s0, s1, s2",
             *fpu5 = "vmaxnm.f32 s0, s1, s2", *fpu_double = "vadd.f64 d0, d1, d2", *armv8m = "lda r0, [r1]",
             *vector = "vadd.i32 q0, q1, q2", *vector_load = "vldrb.8 q0, [r1]", *vector_sum = "vmladava.s8 r2, q0, q0",
             *low_overhead_loop = "dls lr, r3";
  const std::vector<const char *> vectors = {vector, vector_load, vector_sum, low_overhead_loop};
  const std::vector<Core> cores = {
      {{{"emulator", "cortex-m0"}, {"family", "m0"}, {"features", json::array()}}, {thumb2, divide, dsp, fpu, vector}, {"muls r0, r1"}},
      {{{"emulator", "cortex-m0"}, {"family", "m0plus"}, {"features", json::array()}}, {thumb2, divide, dsp, fpu, vector}, {"muls r0, r1"}},
      {{{"emulator", "cortex-m3"}, {"family", "m3"}, {"features", {"thumb2"}}}, {dsp, fpu, armv8m, vector}, {thumb2, divide}},
      {{{"emulator", "cortex-m4"}, {"family", "m4"}, {"features", {"thumb2", "dsp"}}}, {fpu, fpu_double, armv8m, vector}, {thumb2, dsp}},
      {m4f(), {fpu5, fpu_double, armv8m, vector, low_overhead_loop}, {dsp, fpu}},
      {{{"emulator", "cortex-m7"}, {"family", "m7"}, {"features", {"thumb2", "dsp", "fpu", "fpu5"}}}, {fpu_double, armv8m, vector}, {dsp, fpu, fpu5}},
      {{{"emulator", "cortex-m33"}, {"family", "m33"}, {"features", {"thumb2", "armv8m", "dsp", "fpu", "fpu5"}}}, vectors, {dsp, fpu, fpu5, "lda r0, [sp]"}}};
  for (const Core &core : cores) {
    const auto reply_to = [&](const char *code) {
      json asked = request(std::string(".arch_extension mve.fp\n.arch_extension fp.dp\nfunction run\n mov r12, lr\n ") + code + "\n bx r12\n", "cortex-m55");
      asked["core"] = core.core;
      return reply(asked);
    };
    for (const char *code : core.lacks) {
      const json result = reply_to(code);
      ASSERT_FALSE(result.at("ok")) << code << core.core;
      EXPECT_EQ(result.at("error").at("kind"), "illegal_instruction") << code << core.core << result;
    }
    for (const char *code : core.has) EXPECT_TRUE(reply_to(code).at("ok")) << code << core.core << reply_to(code);
  }
}

TEST_F(CortexM, CatchesFirmwareThatGoesAstray) {
  expect_error("function run\n ldr r0, =0x30000000\n ldr r0, [r0]\n bx lr\n", "unmapped_access");
  expect_error("function run\n ldr r0, =0x30000000\n str r0, [r0]\n bx lr\n", "unmapped_access");
  expect_error("function run\n ldr r0, =0x30000001\n bx r0\n", "unmapped_access");
  expect_error("function run\n ldr r0, =0x08000100\n str r0, [r0]\n bx lr\n", "write_to_flash");
  expect_error("function run\n b .\n", "instruction_limit");
  expect_error("function run\n svc #0\n bx lr\n", "exception");
  expect_error("function run\n bkpt #0\n bx lr\n", "exception");
  expect_error("function run\n wfi\n bx lr\n", "exception");
}

TEST_F(CortexM, CatchesMistakesInUncountedCodeToo) {
  json asked = request("function run\n bx lr\nfunction hang\n b .\n");
  asked["measure"]["from"] = "hang";  // never called: the firmware circles until the limit
  EXPECT_EQ(reply(asked).at("error").at("kind"), "instruction_limit");
  for (const char *code : {"ldr r0, =0x30000000\n ldr r0, [r0]", "udf #0", "b ."}) {
    asked = request(std::string("function run\n ") + code + "\n bx lr\n");
    asked["count_samples"] = 0;
    EXPECT_FALSE(reply(asked).at("ok")) << code;
  }
}

TEST_F(CortexM, RejectsCoresThatItDoesNotKnow) {
  const json asked = request("function run\n bx lr\n");
  const json cores = {json::object(),
                      {{"emulator", "cortex-a9"}, {"family", "m4"}, {"features", json::array()}},
                      {{"emulator", "cortex-m4"}, {"family", "m9"}, {"features", json::array()}},
                      {{"emulator", "cortex-m4"}, {"family", "m4"}, {"features", {"mve"}}},
                      {{"emulator", "cortex-m4"}, {"family", "m4"}, {"features", json::array()}, {"costs", 3}}};
  for (const json &core : cores) {
    json wrong = asked;
    wrong["core"] = core;
    EXPECT_EQ(reply(wrong).at("error").at("kind"), "bad_request") << core;
  }
}

TEST_F(CortexM, AnswersForPeripheralsIfAsked) {
  const char *waits = R"(
function run
  ldr r0, =0x40021000
  movs r1, #5
  str r1, [r0]        // switch something on
  strb r1, [r0, #2]
1:
  ldr r2, [r0, #4]    // wait for its ready bit
  lsls r2, #30
  bpl 1b
2:
  ldr r2, [r0, #4]    // and for that bit to go
  lsls r2, #30
  bmi 2b
  ldr r2, [r0]        // the first register keeps what was written
  ldr r0, =0x20000100
  str r2, [r0]
  bx lr
)";
  for (const char *core : {"cortex-m4", "cortex-m0"}) {
    json asked = request(waits, core);
    EXPECT_EQ(reply(asked).at("error").at("kind"), "unmapped_access") << core;
    asked["peripherals"] = true;
    asked["outputs"] = {{{"address", "0x20000100"}, {"bytes", 4}, {"file", folder_.file("out")}}};
    asked["samples"] = 2;
    EXPECT_TRUE(reply(asked).at("ok")) << reply(asked);
    EXPECT_EQ(folder_.read("out"), std::string("\5\0\5\0\5\0\5\0", 8)) << core;
  }
}

TEST(Peripherals, KeepWhatIsWrittenAndEndWaits) {
  Peripherals peripherals;
  peripherals.write(0x104, 4, 0x11223344);
  peripherals.write(0x106, 1, 0xAA);
  EXPECT_EQ(peripherals.read(0x104, 4), 0x11AA3344u);
  EXPECT_EQ(peripherals.read(0x106, 2), 0x11AAu);
  EXPECT_EQ(peripherals.read(0x200, 4), 0u);
  std::set<uint32_t> answers;
  for (int i = 0; i < 30; ++i) answers.insert(peripherals.read(0x104, 4));
  EXPECT_EQ(answers, (std::set<uint32_t>{0, 0x11AA3344, UINT32_MAX}));
  EXPECT_EQ(peripherals.read(0x200, 4), 0u);
  EXPECT_EQ(peripherals.read(0x104, 4), 0x11AA3344u);
  for (uint32_t address = 0; address < 0x1000000; address += 64) peripherals.write(address, 4, 1);  // hostile: too many
  EXPECT_EQ(peripherals.read(0xFFFFC0, 4), 0u);
}

TEST_F(CortexM, NeedsFlashWithAResetVector) {
  json asked = request("function run\n bx lr\n");
  asked["memory"][0]["kind"] = "ram";
  EXPECT_EQ(reply(asked).at("error").at("kind"), "bad_request");
  asked = request("function run\n bx lr\n");
  const json empty = {{"name", "empty"}, {"kind", "flash"}, {"base", 0}, {"size", 4096}};
  asked["memory"].insert(asked["memory"].begin(), empty);
  EXPECT_EQ(reply(asked).at("error").at("kind"), "bad_firmware");
}

}  // namespace
}  // namespace whit::sims
