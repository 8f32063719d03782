// SPDX-License-Identifier: Apache-2.0
// Firmware that whit did not make: the harness's example engine costs what its hand count says, on each kind of core;
// raw images count like their ELF files; hostile files and lost firmware end in a message.
#include "bench/firmware.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "bench/link_script.hpp"
#include "bench/process.hpp"
#include "bench/temporary_folder.hpp"
#include "compiler/base/error.hpp"

namespace whit {
namespace {

namespace fs = std::filesystem;

constexpr int64_t elements = 100;  // of engine.c

fs::path harness(const std::string &file) { return fs::path(WHIT_SOURCE_DIR) / "bench/harness" / file; }

class Firmware : public testing::Test {
 protected:
  // Builds the example as bench/harness/README.md tells. Empty where the compiler is missing.
  fs::path build(const std::string &target_name) {
    const Target target = load_target(target_name);
    const std::string &startup = target.core.toolchain.startup;
    const std::string gcc = startup == "cortex_m" ? "arm-none-eabi-gcc" : startup == "riscv" ? "riscv64-unknown-elf-gcc" : "avr-gcc";
    if (run_process({gcc, "--version"}).status != 0) return {};
    std::vector<std::string> command{gcc};
    command.insert(command.end(), target.core.compiler_flags.begin(), target.core.compiler_flags.end());
    for (const char *source : {"main.c", "engine.c", "dot_product.S"}) command.push_back(harness("other_engine") / source);
    const fs::path elf = folder_.path() / (target_name + ".elf");
    if (startup != "avr") {
      write_file(folder_.path() / "board.ld", link_script(target));
      command.insert(command.end(), {harness("startup_" + startup + ".cpp"), "-ffreestanding", "-fno-exceptions", "-nostartfiles",
                                     startup == "riscv" ? "--specs=picolibc.specs" : "--specs=nano.specs", "-T", folder_.path() / "board.ld"});
    }
    command.insert(command.end(), {"-O2", "-o", elf});
    const ProcessResult result = run_process(command);
    EXPECT_EQ(result.status, 0) << result.output;
    return elf;
  }

  static FirmwareOptions options(const fs::path &file, const std::string &target) {
    return {.target = load_target(target), .file = file, .from = "dot_product", .to = "dot_product_done"};
  }

  static std::string complaint(const FirmwareOptions &wrong) {
    try {
      measure_firmware(wrong);
    } catch (const UserError &error) {
      return error.what();
    }
    return "no error";
  }

  TemporaryFolder folder_;
};

TEST_F(Firmware, costs_what_the_hand_count_of_its_loop_says) {
  const std::pair<const char *, int64_t> hand_counts[] = {{"arduino-uno", 11 * elements + 3},
                                                          {"nucleo-g0b1re", 11 * elements + 4},
                                                          {"nucleo-l4r5zi", 11 * elements + 3},
                                                          {"esp32-c3", 11 * elements - 1}};
  for (const auto &[target, cycles] : hand_counts) {
    const fs::path elf = build(target);
    if (elf.empty()) GTEST_SKIP() << "no compiler for " << target;
    const Measurement measured = measure_firmware(options(elf, target));
    EXPECT_EQ(measured.total->cycles, cycles) << target;
    EXPECT_GE(measured.total->board_cycles, cycles) << target;
    ASSERT_EQ(measured.functions.size(), 1U) << target;
    EXPECT_EQ(measured.functions[0].name, "dot_product");
    EXPECT_EQ(measured.functions[0].counts.cycles, cycles);
    EXPECT_EQ(measured.stack, std::string(target).starts_with("nucleo") ? 12 : 0);
    EXPECT_GT(measured.milliseconds, 0.0);
  }
}

TEST_F(Firmware, is_attributed_to_its_functions_and_sized_by_its_sections) {
  const fs::path elf = build("nucleo-g0b1re");
  if (elf.empty()) GTEST_SKIP() << "no arm-none-eabi-gcc";
  FirmwareOptions whole = options(elf, "nucleo-g0b1re");
  whole.from = "main";
  whole.to = "engine_run";
  whole.name = "setup";
  const Measurement setup = measure_firmware(whole);
  EXPECT_EQ(setup.model, "setup");
  EXPECT_EQ(setup.functions.at(0).name, "engine_setup");
  whole.from = "engine_run";
  whole.to.clear();
  const Measurement run = measure_firmware(whole);
  ASSERT_EQ(run.functions.size(), 2U);
  EXPECT_EQ(run.functions[0].name, "dot_product");
  EXPECT_EQ(run.functions[1].name, "engine_run");
  EXPECT_EQ(run.functions[0].counts.cycles + run.functions[1].counts.cycles, run.total->cycles);
  EXPECT_EQ(run.functions[0].counts.board_cycles + run.functions[1].counts.board_cycles, run.total->board_cycles);
  EXPECT_GE(run.library->data, 2 * elements + 2);
  EXPECT_GT(run.library->code, 100);
  EXPECT_LT(run.library->code, 2000);
  EXPECT_FALSE(run.arena.has_value());
}

TEST_F(Firmware, as_a_raw_image_counts_like_its_elf_file) {
  const fs::path elf = build("nucleo-l4r5zi");
  if (elf.empty()) GTEST_SKIP() << "no arm-none-eabi-gcc";
  const fs::path raw = folder_.path() / "image.bin";
  ASSERT_EQ(run_process({"arm-none-eabi-objcopy", "-O", "binary", elf, raw}).status, 0);
  const ProcessResult symbols = run_process({"arm-none-eabi-nm", elf});
  const size_t line = symbols.output.find(" T dot_product");
  ASSERT_NE(line, std::string::npos);
  FirmwareOptions image = options(raw, "nucleo-l4r5zi");
  image.base = "0x08000000";
  image.from = "0x" + symbols.output.substr(line - 8, 8);
  image.to.clear();
  const Measurement measured = measure_firmware(image);
  FirmwareOptions same = options(elf, "nucleo-l4r5zi");
  same.to.clear();
  EXPECT_EQ(measured.total->cycles, measure_firmware(same).total->cycles);
  EXPECT_EQ(measured.library->code, static_cast<int64_t>(fs::file_size(raw)));
  EXPECT_EQ(measured.functions.at(0).name, "(no symbol)");
  image.base = "0xFFFFFFF0";
  EXPECT_NE(complaint(image).find("bad_firmware"), std::string::npos);
  EXPECT_NE(complaint(image).find("--base"), std::string::npos);
}

TEST_F(Firmware, that_cannot_be_measured_ends_in_a_message) {
  const fs::path elf = build("nucleo-g0b1re");
  if (elf.empty()) GTEST_SKIP() << "no arm-none-eabi-gcc";
  FirmwareOptions wrong = options(elf, "nucleo-g0b1re");
  wrong.from = "nowhere";
  EXPECT_NE(complaint(wrong).find("unknown_symbol"), std::string::npos);
  wrong.from = wrong.to = "dot_product";
  EXPECT_NE(complaint(wrong).find("must differ"), std::string::npos);
  wrong = options(elf, "arduino-uno");
  EXPECT_NE(complaint(wrong).find("bad_firmware"), std::string::npos);
  std::ofstream(folder_.path() / "plain.elf") << "no ELF file, but longer than the head of one would be";
  EXPECT_NE(complaint(options(folder_.path() / "plain.elf", "nucleo-g0b1re")).find("it must be an ELF file"), std::string::npos);
  wrong = options(folder_.path() / "missing.elf", "nucleo-g0b1re");
  EXPECT_NE(complaint(wrong).find("no such file"), std::string::npos);
  wrong = options(elf, "host");
  EXPECT_NE(complaint(wrong).find("no emulator"), std::string::npos);
}

TEST_F(Firmware, of_hostile_bytes_is_refused_or_runs) {
  const fs::path elf = build("nucleo-g0b1re");
  if (elf.empty()) GTEST_SKIP() << "no arm-none-eabi-gcc";
  const Bytes sound = read_file(elf);
  const fs::path broken = folder_.path() / "broken.elf";
  size_t refused = 0;
  for (size_t at = 16; at < 52 + 32; at += 3) {  // the ELF header and the first program header
    Bytes bytes = sound;
    bytes[at] ^= 0xFF;
    write_file(broken, std::span<const uint8_t>(bytes));
    refused += complaint(options(broken, "nucleo-g0b1re")) == "no error" ? 0 : 1;
  }
  EXPECT_GT(refused, 5U);
  for (const size_t kept : {size_t{0}, size_t{10}, size_t{52}, size_t{100}, sound.size() / 2, sound.size() - 40}) {
    write_file(broken, std::span<const uint8_t>(sound).first(kept));
    EXPECT_NE(complaint(options(broken, "nucleo-g0b1re")), "no error") << kept;
  }
}

}  // namespace
}  // namespace whit
