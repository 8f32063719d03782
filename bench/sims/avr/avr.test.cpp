// SPDX-License-Identifier: GPL-3.0-or-later
// Firmware in assembly, cycles by the ATmega328P's data sheet, and what can go wrong. Skips without the compiler.
#include "bench/sims/avr/avr.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <utility>

#include "bench/sims/protocol/cross_compile.hpp"
#include "bench/sims/protocol/server.hpp"

#ifdef __SANITIZE_ADDRESS__
// simavr itself leaks the interrupt lines of each device.
extern "C" const char *__lsan_default_suppressions() { return "leak:libsimavr"; }
#endif

namespace whit::sims {
namespace {

using nlohmann::json;

constexpr const char *frame = R"(
.macro function name
  .global \name
  .type \name, @function
  \name:
.endm
.text
function main
  rcall bench_wait
  rcall run
  rjmp main
function bench_wait
  ret
)";

class AvrTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_compiler("avr-gcc")) GTEST_SKIP() << "avr-gcc is not installed";
  }

  json request(const std::string &code, const std::string &device = "atmega328p") {
    const std::string elf = cross_compile(folder_, "avr-gcc", "-mmcu=" + device + " " + folder_.write("firmware.S", frame + code));
    EXPECT_FALSE(elf.empty());
    return {{"firmware", elf}, {"core", {{"emulator", device}}}, {"stop", "bench_wait"}, {"measure", {{"from", "run"}}}, {"instruction_limit", 100000}};
  }

  static json reply(const json &request) { return json::parse(answer(request.dump(), EM_AVR, make_avr)); }

  json counted(const json &request) {
    const json result = reply(request);
    EXPECT_TRUE(result.at("ok")) << result;
    return result.at("ok") ? result.at("counted").at(0) : json{{"instructions", 0}, {"cycles", 0}, {"board_cycles", 0}, {"stack", 0}};
  }

  std::string error_kind(const std::string &code) {
    const json result = reply(request(code));
    return result.at("ok") ? "none" : result.at("error").at("kind").get<std::string>();
  }

  TestFolder folder_;
};

// Every cost of the data sheet's instruction set summary, but for those of SLEEP, BREAK and SPM.
TEST_F(AvrTest, CountsByTheDataSheet) {
  struct Case {
    const char *code;
    int instructions;
    int cycles;
  };
  const Case cases[] = {
      {"nop", 1, 1},
      {"add r0, r1\n adc r2, r3\n cpc r2, r3\n com r4\n swap r16\n asr r17\n bst r0, 1\n bld r2, 3\n clh\n wdr", 10, 10},
      {"in r16, 0x3F\n out 0x3F, r16", 2, 2},
      {"mul r16, r17\n muls r16, r17\n mulsu r16, r17", 3, 6},
      {"fmul r16, r17\n fmuls r16, r17\n fmulsu r16, r17", 3, 6},
      {"adiw r24, 1\n sbiw r24, 1", 2, 4},
      {"sbi 0x1E, 0\n cbi 0x1E, 0", 2, 4},
      {"lds r16, 0x0100", 1, 2},
      {"sts 0x0100, r16", 1, 2},
      {"ldi r30, 0\n ldi r31, 1\n ld r16, Z+\n ldd r17, Z+3\n st Z, r16", 5, 8},
      {"ldi r26, 8\n ldi r27, 1\n ld r16, X\n ld r16, X+\n ld r16, -X\n st X+, r16\n st -X, r16", 7, 2 + 5 * 2},
      {"ldi r28, 8\n ldi r29, 1\n ld r16, -Y\n ldd r16, Y+63\n std Y+63, r16\n st Y+, r16", 6, 2 + 4 * 2},
      {"ldi r30, 0\n ldi r31, 0\n lpm r16, Z+\n lpm\n lpm r16, Z", 5, 11},
      {"push r16\n pop r16", 2, 4},
      {"adiw r24, 1\n movw r22, r24", 2, 3},
      {"ldi r16, 3\n1: dec r16\n brne 1b", 7, 1 + 3 + 2 + 2 + 1},
      {"clz\n brne 1f\n nop\n1: nop", 3, 4},
      {"sez\n brne 1f\n nop\n1: nop", 4, 4},
      {"clr r16\n sbrs r16, 0\n nop\n nop", 4, 4},
      {"clr r16\n sbrc r16, 0\n nop\n nop", 3, 4},
      {"clr r16\n sbrc r16, 0\n lds r17, 0x0100\n nop", 3, 5},
      {"ldi r16, 1\n ldi r17, 2\n cpse r16, r17\n nop", 4, 4},
      {"cpse r16, r16\n nop\n nop", 2, 3},
      {"cpse r16, r16\n sts 0x0100, r16\n nop", 2, 4},
      {"cbi 0x1E, 0\n sbis 0x1E, 0\n nop\n nop", 4, 5},
      {"cbi 0x1E, 0\n sbic 0x1E, 0\n nop\n nop", 3, 5},
      {"cbi 0x1E, 0\n sbic 0x1E, 0\n jmp 1f\n1: nop", 3, 6},
      {"ldi r30, lo8(gs(1f))\n ldi r31, hi8(gs(1f))\n ijmp\n nop\n1: nop", 4, 2 + 2 + 1},
      {"ldi r30, lo8(gs(1f))\n ldi r31, hi8(gs(1f))\n icall\n rjmp 2f\n1: ret\n2: nop", 6, 2 + 3 + 4 + 2 + 1},
      {"rcall 1f\n rjmp 2f\n1: ret\n2: nop", 4, 3 + 4 + 2 + 1},
      {"rcall 1f\n rjmp 2f\n1: reti\n2: nop", 4, 3 + 4 + 2 + 1},
      {"call 1f\n jmp 2f\n1: ret\n2: nop", 4, 4 + 4 + 3 + 1},
  };
  for (const Case &test : cases) {
    const json counts = counted(request("function run\n " + std::string(test.code) + "\n ret\n"));
    EXPECT_EQ(counts.at("instructions"), test.instructions + 1) << test.code;
    EXPECT_EQ(counts.at("cycles"), test.cycles + 4) << test.code;
    EXPECT_EQ(counts.at("board_cycles"), counts.at("cycles")) << test.code;
  }
}

TEST_F(AvrTest, AttributesCountsToMarkersAndMeasuresTheStack) {
  json asked = request("function run\n push r16\n rcall layer\n pop r16\n ret\nfunction layer\n push r16\n push r17\n pop r17\n pop r16\n ret\n");
  asked["markers"] = {"layer"};
  const json counts = counted(asked);
  EXPECT_EQ(counts.at("unmarked").at("cycles"), 2 + 3);
  EXPECT_EQ(counts.at("markers").at(0).at("cycles"), 4 * 2 + 4 + 2 + 4);
  EXPECT_EQ(counts.at("stack"), 1 + 2 + 2);
}

TEST_F(AvrTest, HasThreeByteReturnAddressesOnTheLargeChip) {
  const json counts = counted(request("function run\n rcall 1f\n ret\n1: ret\n", "atmega2560"));
  EXPECT_EQ(counts.at("cycles"), 4 + 5 + 5);
  EXPECT_EQ(counts.at("stack"), 3);
}

// ATmega2560's data sheet: calls and returns take one cycle more than on the smaller chips, ELPM three.
TEST_F(AvrTest, CountsByTheDataSheetOfTheLargeChip) {
  const std::pair<const char *, int> cases[] = {
      {"rcall 1f\n rjmp 2f\n1: ret\n2: nop", 4 + 5 + 2 + 1},
      {"call 1f\n jmp 2f\n1: ret\n2: nop", 5 + 5 + 3 + 1},
      {"ldi r30, lo8(gs(1f))\n ldi r31, hi8(gs(1f))\n ldi r16, 0\n out 0x3C, r16\n eijmp\n nop\n1: nop", 4 + 2 + 1},
      {"elpm r16, Z\n elpm r16, Z+", 6},
  };
  for (const auto &[code, cycles] : cases)
    EXPECT_EQ(counted(request("function run\n " + std::string(code) + "\n ret\n", "atmega2560")).at("cycles"), cycles + 5) << code;
}

TEST_F(AvrTest, RunsManySamplesThroughItsDataMemory) {
  json asked = request(".comm model, 2\nfunction run\n lds r16, model\n add r16, r16\n sts model, r16\n ret\n");
  asked["inputs"] = {{{"address", "model"}, {"bytes", 1}, {"file", folder_.write("in", "\1\2\3")}}};
  asked["outputs"] = {{{"address", "model"}, {"bytes", 1}, {"file", folder_.file("out")}}};
  asked["dumps"] = {{{"at", "end"}, {"sample", 2}, {"address", "model"}, {"bytes", 1}}};
  asked["samples"] = 3;
  asked["count_samples"] = 2;
  const json result = reply(asked);
  ASSERT_TRUE(result.at("ok")) << result;
  EXPECT_EQ(folder_.read("out"), "\2\4\6");
  EXPECT_EQ(result.at("dumps"), json({"06"}));
  EXPECT_EQ(result.at("counted").size(), 2u);
}

TEST_F(AvrTest, CatchesFirmwareThatGoesAstray) {
  EXPECT_EQ(error_kind("function run\n .word 0x0001\n ret\n"), "illegal_instruction");
  EXPECT_EQ(error_kind("function run\n lds r16, 0x0900\n ret\n"), "unmapped_access");
  EXPECT_EQ(error_kind("function run\n sts 0xFFFF, r16\n ret\n"), "unmapped_access");
  EXPECT_EQ(error_kind("function run\n jmp 0x7000\n"), "unmapped_access");
  EXPECT_EQ(error_kind("function run\n rjmp run\n"), "instruction_limit");
  EXPECT_EQ(error_kind("function run\n sleep\n ret\n"), "exception");
  EXPECT_EQ(error_kind("function run\n ldi r30, 0xFF\n ldi r31, 0xFF\n lpm r16, Z\n ret\n"), "none");  // reads beyond the flash: nothing there
}

// Instructions of larger or newer AVRs, which the ATmega328P's data sheet does not list: encoded here, since the assembler
// rejects them for this chip.
TEST_F(AvrTest, CatchesWhatTheCoreLacks) {
  const std::pair<const char *, const char *> cases[] = {{"0x95D8", "elpm"},       {"0x9106", "elpm r16, Z"}, {"0x9107", "elpm r16, Z+"},
                                                         {"0x9419", "eijmp"},      {"0x9519", "eicall"},      {"0x940B", "des 0"},
                                                         {"0x9204", "xch Z, r0"},  {"0x9205", "las Z, r0"}};
  for (const auto &[word, name] : cases)
    EXPECT_EQ(error_kind(std::string("function run\n .word ") + word + "\n ret\n"), "illegal_instruction") << name;
}

TEST_F(AvrTest, CatchesAStackThatLeavesItsRegion) {
  json asked = request("function run\n push r16\n push r16\n pop r16\n pop r16\n ret\n");
  asked["stack"] = {{"base", 0x8008FF - 5}, {"size", 6}};  // two return addresses of two bytes, two bytes pushed
  EXPECT_TRUE(reply(asked).at("ok")) << reply(asked);
  asked["stack"] = {{"base", 0x8008FF - 4}, {"size", 5}};
  EXPECT_EQ(reply(asked).at("error").at("kind"), "stack_overflow");
}

TEST_F(AvrTest, RejectsWhatItCannotRun) {
  json asked = request("function run\n ret\n");
  asked["core"]["emulator"] = "z80";
  EXPECT_EQ(reply(asked).at("error").at("kind"), "bad_request");
  asked["core"]["emulator"] = "attiny13";
  EXPECT_TRUE(reply(asked).contains("ok"));
  asked = request("function run\n ret\n .space 40000\n", "atmega2560");
  asked["core"]["emulator"] = "atmega328p";
  EXPECT_EQ(reply(asked).at("error").at("kind"), "bad_firmware");
  asked = request("function run\n ret\n");
  asked["outputs"] = {{{"address", 0x8008FF}, {"bytes", 2}, {"file", folder_.file("out")}}};
  EXPECT_EQ(reply(asked).at("error").at("kind"), "bad_address");
}

}  // namespace
}  // namespace whit::sims
