// SPDX-License-Identifier: GPL-2.0-or-later
// Firmware in assembly, run by QEMU with the plugin: counts by hand, counts against the other simulator's, and what firmware
// can do wrong. Skips without the compiler or QEMU.
#include <elf.h>
#include <gtest/gtest.h>

#include "bench/sims/cortex_m/cortex_m.hpp"
#include "bench/sims/cortex_m55/bootstrap.hpp"
#include "bench/sims/cortex_m55/launch.hpp"
#include "bench/sims/protocol/server.hpp"
#include "bench/sims/protocol/thumb_firmware.hpp"

namespace whit::sims {
namespace {

using nlohmann::json;

class CortexM55 : public ThumbSimulator {
 protected:
  void SetUp() override {
    if (!has_compiler("arm-none-eabi-gcc")) GTEST_SKIP() << "arm-none-eabi-gcc is not installed";
    if (!has_compiler("qemu-system-arm")) GTEST_SKIP() << "qemu-system-arm is not installed";
  }

  // A request for firmware with this code after the frame.
  json request(const std::string &code, const std::string &core = "cortex-m55") {
    const std::string elf = thumb_firmware(folder_, code, "-mfloat-abi=hard -mcpu=" + core, 0);
    EXPECT_FALSE(elf.empty());
    return {{"firmware", elf},
            {"core", {{"family", "m55"}}},
            {"memory", {{{"name", "flash"}, {"kind", "flash"}, {"base", 0}, {"size", 65536}},
                        {{"name", "ram"}, {"kind", "ram"}, {"base", 0x20000000}, {"size", 16384}}}},
            {"stop", "bench_wait"},
            {"measure", {{"from", "run"}}},
            {"instruction_limit", 1000000}};
  }

  json reply(const json &request) const override { return json::parse(ask_qemu(request.dump(), WHIT_QEMU_PLUGIN)); }

  void expect_error(const std::string &code, const std::string &kind) {
    const json result = reply(request(code));
    ASSERT_FALSE(result.at("ok")) << code << result;
    EXPECT_EQ(result.at("error").at("kind"), kind) << code << result;
  }
};

// Long enough to cross QEMU's pages of 1 KB with 32-bit instructions that do not lie on words; with conditions, division,
// tables and calls.
constexpr const char *plain_code = R"(
function run
  push {r4-r7, lr}
  movs r4, #37
  movs r5, #0
1:
  add.w r5, r5, r4, lsl #2
  tst r4, #3
  ittee eq
  addeq.w r5, r5, #5
  subeq r5, #1
  eorne.w r5, r5, #0x55
  lslne r5, r5, #1
  udiv r6, r5, r4
  smlad r5, r6, r4, r5
  ldr r7, =0x20000100
  str r5, [r7]
  ldrh r6, [r7, #2]
  and r0, r4, #3
  bl choose
  subs r4, #1
  bne 1b
  pop {r4-r7, pc}
function choose
  tbb [pc, r0]
2: .byte (3f-2b)/2, (4f-2b)/2, (5f-2b)/2, (4f-2b)/2
3: adds r5, #1
4: adds r5, #2
5:
  nop
  .rept 300
  add.w r5, r5, r6, ror #3
  .endr
  adds r5, #3
  bx lr
)";

TEST_F(CortexM55, CountsWhatTheOtherSimulatorCounts) {
  json asked = request(plain_code, "cortex-m33");
  asked["markers"] = {"choose"};
  asked["profile"] = true;
  asked["outputs"] = {{{"address", "0x20000100"}, {"bytes", 4}, {"file", folder_.file("out")}}};
  const json here = reply(asked);
  const std::string result = folder_.read("out");
  asked["core"] = {{"emulator", "cortex-m33"}, {"family", "m33"}, {"features", {"thumb2", "dsp", "armv8m"}}};
  const json there = json::parse(answer(asked.dump(), EM_ARM, make_cortex_m));
  ASSERT_TRUE(here.at("ok") && there.at("ok")) << here << there;
  EXPECT_EQ(folder_.read("out"), result);
  const json &ours = here.at("counted").at(0), &theirs = there.at("counted").at(0);
  EXPECT_GT(ours.at("instructions"), 37 * 300);
  EXPECT_EQ(ours.at("instructions"), theirs.at("instructions"));
  EXPECT_EQ(ours.at("markers").at(0).at("instructions"), theirs.at("markers").at(0).at("instructions"));
  EXPECT_EQ(ours.at("stack"), theirs.at("stack"));
  EXPECT_EQ(ours.at("functions").at(0).at("name"), "choose");
  EXPECT_EQ(ours.at("functions").at(0).at("instructions"), theirs.at("functions").at(0).at("instructions"));
}

// A round of the loop takes two cycles, since load and product overlap, from one round to the next, too; its end takes none.
TEST_F(CortexM55, CountsVectorLoops) {
  const auto loop_of = [&](int rounds) {
    return counted(request(".balign 4\nfunction run\n mov r4, lr\n mov.w r3, #" + std::to_string(rounds) + R"(
  ldr r1, =0x20000100
  mov.w r2, #0
  dls lr, r3
1:
  vldrb.8 q0, [r1]
  vmladava.s8 r2, q0, q0
  le lr, 1b
  bx r4
)"));
  };
  const json ten = loop_of(10), hundred = loop_of(100);
  EXPECT_EQ(ten.at("instructions"), 5 + 30 + 1);
  EXPECT_EQ(hundred.at("instructions"), 5 + 300 + 1);
  EXPECT_EQ(hundred.at("cycles").get<int>() - ten.at("cycles").get<int>(), 90 * 2);
}

TEST_F(CortexM55, RunsManySamplesCountedOrNot) {
  expect_samples_run_counted_or_not(request(R"(
function run
  push {lr}
  bl double
  bl double
  pop {pc}
function double
  ldr r0, =0x20000100
  vldrw.32 q0, [r0]
  vadd.i32 q0, q0, q0
  vstrw.32 q0, [r0]
  bx lr
)"));
}

TEST_F(CortexM55, MeasuresTheStack) {
  EXPECT_EQ(counted(request("function run\n sub sp, #64\n add sp, #64\n bx lr\n")).at("stack"), 64);
  EXPECT_EQ(counted(request("function run\n mov r0, sp\n subs r0, #100\n mov r1, sp\n mov sp, r0\n b 1f\n1: mov sp, r1\n bx lr\n")).at("stack"), 100);
  json asked = request("function run\n sub sp, #64\n add sp, #64\n bx lr\n");
  asked["stack"] = {{"base", 0x20002000 - 60}, {"size", 60}};
  EXPECT_EQ(reply(asked).at("error").at("kind"), "stack_overflow");
}

TEST_F(CortexM55, CountsFlashStallsOnTheBoardOnly) {
  json asked = request("function run\n ldr r0, =table\n ldr r1, [r0]\n ldr r1, [r0, #4]\n ldr r1, [r0, #8]\n bx lr\n.ltorg\n.balign 64\ntable: .word 1, 2, 3, 4\n");
  const json without = counted(asked);
  asked["memory"][0].update({{"wait_states", 5}, {"granule", 8}, {"instruction_lines", 16}, {"data_lines", 4}});
  const json with = counted(asked);
  EXPECT_EQ(without.at("board_cycles"), without.at("cycles"));
  EXPECT_EQ(with.at("cycles"), without.at("cycles"));
  EXPECT_GE(with.at("board_cycles").get<int>() - with.at("cycles").get<int>(), 5 * (2 + 3));
}

TEST_F(CortexM55, CatchesFirmwareThatGoesAstray) {
  expect_error("function run\n udf #0\n bx lr\n", "illegal_instruction");
  expect_error("function run\n ldr r0, =0x30000000\n ldr r0, [r0]\n bx lr\n", "unmapped_access");
  expect_error("function run\n ldr r0, =0x21000000\n str r0, [r0]\n bx lr\n", "unmapped_access");  // the board's, not the request's
  expect_error("function run\n ldr r0, =0x30000001\n bx r0\n", "unmapped_access");
  expect_error("function run\n ldr r0, =0x100\n str r0, [r0]\n bx lr\n", "write_to_flash");
  expect_error("function run\n ldr r0, =0x20000102\n ldrd r2, r3, [r0]\n bx lr\n", "misaligned_access");
  expect_error("function run\n ldr r0, =0x20000102\n vldrw.32 q0, [r0]\n bx lr\n", "misaligned_access");
  expect_error("function run\n b .\n", "instruction_limit");
  expect_error("function run\n svc #0\n bx lr\n", "exception");
  expect_error("function run\n bkpt #0\n bx lr\n", "exception");
  expect_error("function run\n wfi\n bx lr\n", "exception");
}

TEST_F(CortexM55, NamesTheInstructionToBlame) {
  const json error = reply(request("function run\n ldr r1, =0x20000102\n nop\n ldrd r2, r3, [r1]\n bx lr\n .size run, .-run\n")).at("error");
  EXPECT_EQ(error.at("symbol"), "run+0x4") << error;
}

TEST_F(CortexM55, SaysWhatItCannotDo) {
  json asked = request("function run\n bx lr\n");
  asked["id"] = 7;
  asked["memory"][1]["base"] = 0xF0000000;
  EXPECT_EQ(reply(asked).at("error").at("kind"), "bad_request");
  asked["core"] = {{"family", "m9"}};
  EXPECT_EQ(reply(asked).at("error").at("kind"), "bad_request");
  EXPECT_EQ(reply(asked).at("id"), 7);
}

TEST(AskQemu, NamesThePackageWhenTheEmulatorIsMissing) {
  const json error = json::parse(ask_qemu("{\"id\": 3}", WHIT_QEMU_PLUGIN, "no-such-emulator"));
  EXPECT_EQ(error.at("error").at("kind"), "emulator_missing");
  EXPECT_NE(error.at("error").at("message").get<std::string>().find("`qemu-system-arm`"), std::string::npos);
  EXPECT_EQ(error.at("id"), 3);
}

// The bootstrap's code as its comment has it.
TEST_F(CortexM55, StartsFromTheCodeThatItsCommentShows) {
  const std::string source = folder_.write("bootstrap.s", R"(
.syntax unified
.thumb
b.n start
.org 0x80
.rept 16
.word 0x213ff0c1
.endr
trap: ldr r0, status
ldr r1, [r0]
ldr r2, [r0, #12]
ldr r3, [r0, #16]
mov r4, sp
b.n report
status: .word 0xE000ED28
report: b.n report
.balign 4
start: adr r0, list
1: ldr r1, [r0]
ldr r2, [r0, #4]
adds r0, #8
cbz r1, 2f
str r2, [r1]
b.n 1b
2: dsb
isb
ldr r1, [r0]
mov sp, r1
movs r1, #0
mvns r3, r1
mov lr, r3
ldr r3, [r0, #4]
movs r0, #0
movs r2, #0
bx r3
.balign 4
list:
)");
  const std::string elf = cross_compile(folder_, "arm-none-eabi-gcc", "-mthumb -mcpu=cortex-m55 -nostdlib -Wl,-Ttext=0,-e0 " + source);
  const ElfImage image = read_elf(elf);
  ASSERT_EQ(image.segments.size(), 1u);
  const std::string code(image.segments[0].bytes.begin(), image.segments[0].bytes.end());
  const std::vector<uint32_t> page = bootstrap_page({}, 0, 0);
  ASSERT_GE(code.size(), 0xFCu);
  EXPECT_EQ(code.substr(0, 0xFC), std::string(reinterpret_cast<const char *>(page.data()), 0xFC));
}

}  // namespace
}  // namespace whit::sims
