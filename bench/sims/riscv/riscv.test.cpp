// SPDX-License-Identifier: GPL-2.0-or-later
// RISC-V firmware in assembly: cycles by hand from the Ibex and SiFive E31 manuals, instructions that a core lacks.
// Skips without the compiler.
#include "bench/sims/riscv/riscv.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <utility>

#include "bench/sims/protocol/cross_compile.hpp"
#include "bench/sims/protocol/server.hpp"

namespace whit::sims {
namespace {

using nlohmann::json;

constexpr const char *frame = R"(
.option norelax
.macro function name
  .balign 4
  .global \name
  .type \name, @function
  \name:
.endm
.text
function reset
  li sp, 0x20002000
1:
  call bench_wait
  call run
  j 1b
function bench_wait
  ret
)";

class Riscv : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_compiler("riscv64-unknown-elf-gcc")) GTEST_SKIP() << "riscv64-unknown-elf-gcc is not installed";
    folder_.write("link.ld", "ENTRY(reset) SECTIONS { .text 0x08000000 : { *(.text*) } }");
  }

  json request(const std::string &code, const std::string &family = "ibex") {
    const std::string source = folder_.write("firmware.s", frame + code);
    const std::string elf = cross_compile(folder_, "riscv64-unknown-elf-gcc",
                                          "-march=rv32imac -mabi=ilp32 -nostdlib -T " + folder_.file("link.ld") + " " + source);
    EXPECT_FALSE(elf.empty());
    return {{"firmware", elf},
            {"core", {{"family", family}, {"features", {"multiply", "compressed"}}}},
            {"memory", {{{"name", "flash"}, {"kind", "flash"}, {"base", 0x08000000}, {"size", 65536}},
                        {{"name", "ram"}, {"kind", "ram"}, {"base", 0x20000000}, {"size", 16384}}}},
            {"stop", "bench_wait"},
            {"measure", {{"from", "run"}}},
            {"instruction_limit", 100000}};
  }

  static json reply(const json &request) { return json::parse(answer(request.dump(), EM_RISCV, make_riscv)); }

  json counted(const json &request) {
    const json result = reply(request);
    EXPECT_TRUE(result.at("ok")) << result;
    return result.at("ok") ? result.at("counted").at(0) : json{{"instructions", 0}, {"cycles", 0}, {"stack", 0}};
  }

  std::string error_kind(const json &request) {
    const json result = reply(request);
    return result.at("ok") ? "none" : result.at("error").at("kind").get<std::string>();
  }

  TestFolder folder_;
};

TEST_F(Riscv, CountsByTheManuals) {
  struct Case {
    const char *code;
    int instructions;
    int ibex;  // without the return
    int e31;
  };
  const Case cases[] = {
      {"add a0, a1, a2\n sub a3, a4, a5", 2, 2, 2},
      {"lw a0, 0(sp)\n add a1, a2, a3", 2, 3, 2},
      {"lw a0, 0(sp)\n add a1, a0, a3", 2, 3, 3},         // E31: a word after 2 cycles
      {"lb a0, 0(sp)\n add a1, a0, a3", 2, 3, 4},         // E31: a byte after 3
      {"sw a0, 0(sp)\n sb a0, 4(sp)", 2, 4, 2},
      {"mul a0, a1, a2\n add a3, a4, a5", 2, 2, 2},
      {"mul a0, a1, a2\n add a3, a0, a5", 2, 2, 6},       // E31: a product after 5
      {"mul a0, a1, a2\n mul a3, a4, a5", 2, 2, 6},       // E31: one product at a time
      {"mul a0, a1, a2\n add t0, a4, a5\n mul a3, a4, a5", 3, 3, 6},
      {"mulh a0, a1, a2", 1, 2, 1},
      {"div a0, a1, a2", 1, 37, 17},
      {"j 1f\n nop\n1: nop", 2, 2 + 1, 1 + 3 + 1},        // E31: unexpected the first time
      {"li t0, 1\n beqz t0, 1f\n1: nop", 3, 3, 3},
      {"beqz zero, 1f\n nop\n1: nop", 2, 3 + 1, 1 + 3 + 1},
  };
  for (const Case &test : cases) {
    const std::string code = "function run\n " + std::string(test.code) + "\n ret\n";
    const json ibex = counted(request(code));
    EXPECT_EQ(ibex.at("instructions"), test.instructions + 1) << test.code;
    EXPECT_EQ(ibex.at("cycles"), test.ibex + 2) << test.code;
    EXPECT_EQ(counted(request(code, "e31")).at("cycles"), test.e31 + 1) << test.code;
  }
}

TEST_F(Riscv, CountsALoopWithItsPredictedBranch) {
  const char *loop = "function run\n li t0, 10\n1:\n addi t0, t0, -1\n bnez t0, 1b\n ret\n";
  EXPECT_EQ(counted(request(loop)).at("cycles"), 1 + 20 + 9 * 2 + 2);
  EXPECT_EQ(counted(request(loop, "e31")).at("cycles"), 1 + 20 + 3 + 3 + 1);  // surprises: taken first, not taken at last
}

TEST_F(Riscv, CountsHazard3ByItsDocumentation) {
  const std::pair<const char *, int> cases[] = {
      {"lw a0, 0(sp)\n add a1, a2, a3", 2}, {"lw a0, 0(sp)\n add a1, a0, a3", 3}, {"mul a0, a1, a2\n add a3, a0, a5", 2},
      {"div a0, a1, a2", 18},               {"j 1f\n nop\n1: nop", 2 + 1},        {"beqz zero, 1f\n nop\n1: nop", 2 + 1},
  };
  for (const auto &[code, cycles] : cases)
    EXPECT_EQ(counted(request("function run\n " + std::string(code) + "\n ret\n", "hazard3")).at("cycles"), cycles + 2) << code;
  // Ten turns: the first jump back and the last turn are not expected. A target off a word costs one each turn.
  EXPECT_EQ(counted(request("function run\n li t0, 10\n1:\n addi t0, t0, -1\n bnez t0, 1b\n ret\n", "hazard3")).at("cycles"), 1 + 20 + 2 + 2);
  EXPECT_EQ(counted(request("function run\n li t0, 10\n1:\n addi t0, t0, -100\n addi t0, t0, 99\n bnez t0, 1b\n ret\n", "hazard3")).at("cycles"),
            1 + 30 + 2 + 9 + 2);
  // Of two loops in turns, the outer one is forgotten: each of its jumps back is a surprise.
  EXPECT_EQ(counted(request("function run\n li t1, 3\n2:\n li t0, 4\n1:\n addi t0, t0, -1\n bnez t0, 1b\n addi t1, t1, -1\n bnez t1, 2b\n ret\n", "hazard3"))
                .at("cycles"), 1 + 3 * (1 + 8 + 2 + 2) + 2 + 2);
}

TEST_F(Riscv, CountsAnEmbeddedCoreWithoutProducts) {
  const auto embedded = [&](const std::string &code) {
    json asked = request("function run\n " + code + "\n ret\n", "qingke_v2");
    asked["core"]["features"] = {"compressed", "embedded"};
    return asked;
  };
  EXPECT_EQ(counted(embedded("lw a0, 0(sp)\n add a1, a0, a3\n sw a1, 4(sp)")).at("cycles"), 2 + 1 + 2 + 3);
  EXPECT_EQ(counted(embedded("li t0, 10\n1:\n addi t0, t0, -1\n bnez t0, 1b")).at("cycles"), 1 + 20 + 9 * 2 + 3);
  EXPECT_EQ(error_kind(embedded("mul a0, a1, a2")), "illegal_instruction");
  EXPECT_EQ(error_kind(embedded("add a0, a1, s2")), "illegal_instruction");
}

TEST_F(Riscv, MeasuresTheStackAndMarkers) {
  json asked = request(R"(
function run
  addi sp, sp, -32
  sw ra, 28(sp)
  call layer
  lw ra, 28(sp)
  addi sp, sp, 32
  ret
function layer
  addi sp, sp, -512
  addi sp, sp, 512
  ret
)");
  asked["markers"] = {"layer"};
  const json counts = counted(asked);
  EXPECT_EQ(counts.at("stack"), 32 + 512);
  EXPECT_EQ(counts.at("unmarked").at("instructions"), 2 + 2);  // call is auipc and jalr
  EXPECT_EQ(counts.at("markers").at(0).at("instructions"), 3 + 3);
}

TEST_F(Riscv, CatchesWhatTheCoreLacks) {
  json asked = request("function run\n mul a0, a1, a2\n ret\n");
  EXPECT_EQ(error_kind(asked), "none");
  asked["core"]["features"] = {"compressed"};
  EXPECT_EQ(error_kind(asked), "illegal_instruction");  // no M
  asked["core"]["features"] = {"multiply"};
  EXPECT_EQ(error_kind(asked), "illegal_instruction");  // no C
  asked = request("function run\n mv a0, s2\n ret\n");
  asked["core"]["features"] = {"compressed", "embedded"};
  EXPECT_EQ(error_kind(asked), "illegal_instruction");  // x18 on an E core
  EXPECT_EQ(error_kind(request("function run\n amoadd.w a0, a1, (sp)\n ret\n")), "illegal_instruction");
  EXPECT_EQ(error_kind(request("function run\n .word 0\n ret\n")), "illegal_instruction");
}

TEST_F(Riscv, CatchesFirmwareThatGoesAstray) {
  EXPECT_EQ(error_kind(request("function run\n lw a0, 1(sp)\n ret\n")), "misaligned_access");
  EXPECT_EQ(error_kind(request("function run\n sh a0, 1(sp)\n ret\n")), "misaligned_access");
  EXPECT_EQ(error_kind(request("function run\n lui a0, 0x30000\n lw a0, 0(a0)\n ret\n")), "unmapped_access");
  EXPECT_EQ(error_kind(request("function run\n lui a0, 0x08000\n sw a0, 0(a0)\n ret\n")), "write_to_flash");
  EXPECT_EQ(error_kind(request("function run\n j .\n")), "instruction_limit");
  json small = request("function run\n lui a0, 0x20002\n lw a0, 0(a0)\n ret\n");  // within the last page of memory
  EXPECT_EQ(error_kind(small), "none");
  small["memory"][1]["size"] = 0x2000;
  EXPECT_EQ(error_kind(small), "unmapped_access");
  small["memory"][1]["size"] = 0x2000 + 16;
  EXPECT_EQ(error_kind(small), "none");
  small = request("function run\n lui a0, 0x20002\n lw a0, 16(a0)\n ret\n");
  small["memory"][1]["size"] = 0x2000 + 16;
  EXPECT_EQ(error_kind(small), "unmapped_access");
  EXPECT_EQ(error_kind(request("function run\n ecall\n ret\n")), "exception");
}

TEST_F(Riscv, RejectsCoresThatItDoesNotKnow) {
  json asked = request("function run\n ret\n");
  asked["core"]["family"] = "z80";
  EXPECT_EQ(error_kind(asked), "bad_request");
  asked["core"] = {{"family", "ibex"}, {"features", {"vector"}}};
  EXPECT_EQ(error_kind(asked), "bad_request");
}

}  // namespace
}  // namespace whit::sims
