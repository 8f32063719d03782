// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// For tests: the firmware in Thumb assembly that the Cortex-M simulators' tests put their code into, and what those tests share.
// It calls `bench_wait` and `run` by turns; the test's code defines `run` with the macro `function`.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include <nlohmann/json.hpp>

#include "bench/sims/protocol/cross_compile.hpp"

namespace whit::sims {

constexpr const char *thumb_frame = R"(
.syntax unified
.thumb
.section .vectors, "a"
.word 0x20002000
.word reset
.text
.macro function name
  .balign 4
  .global \name
  .thumb_func
  .type \name, %function
  \name:
.endm
function reset
1:
  bl bench_wait
  bl run
  b 1b
function bench_wait
  bx lr
)";

// The path of the firmware with this code, its flash at that address, or "".
inline std::string thumb_firmware(const TestFolder &folder, const std::string &code, const std::string &flags, uint32_t flash) {
  const std::string script = folder.write("link.ld", fmt::format("SECTIONS {{ .text {:#x} : {{ KEEP(*(.vectors)) *(.text*) *(.rodata*) }} "
                                                                 ".data 0x20000000 : {{ *(.data*) *(.bss*) }} }}", flash));
  return cross_compile(folder, "arm-none-eabi-gcc",
                       "-mthumb " + flags + " -nostdlib -T " + script + " " + folder.write("firmware.s", thumb_frame + code));
}

class ThumbSimulator : public testing::Test {
 protected:
  using json = nlohmann::json;

  virtual json reply(const json &request) const = 0;

  json counted(const json &request) const {
    const json result = reply(request);
    EXPECT_TRUE(result.at("ok")) << result;
    return result.at("ok") ? result.at("counted").at(0) : json{{"instructions", 0}, {"cycles", 0}, {"board_cycles", 0}, {"stack", 0}};
  }

  // For firmware that calls `double` twice, which doubles the word at 0x20000100: the same outputs, dumps and counts however
  // many of the samples are counted.
  void expect_samples_run_counted_or_not(json asked) const {
    asked["markers"] = {"double"};
    asked["inputs"] = {{{"address", "0x20000100"}, {"bytes", 4}, {"file", folder_.write("in", std::string("\1\0\0\0\2\0\0\0\3\0\0\0", 12))}}};
    asked["outputs"] = {{{"address", "0x20000100"}, {"bytes", 1}, {"file", folder_.file("out")}}};
    asked["samples"] = 3;
    for (const int count : {0, 1, 3}) {
      asked["count_samples"] = count;
      asked["dumps"] = {{{"at", 0}, {"sample", 2}, {"address", "0x20000100"}, {"bytes", 2}},
                        {{"at", "end"}, {"sample", 1}, {"address", "0x20000100"}, {"bytes", 2}}};
      const json result = reply(asked);
      ASSERT_TRUE(result.at("ok")) << result;
      EXPECT_EQ(folder_.read("out"), "\x04\x08\x0c");
      EXPECT_EQ(result.at("dumps"), json({"0300", "0800"}));
      ASSERT_EQ(result.at("counted").size(), static_cast<size_t>(count));
      for (const json &sample : result.at("counted")) EXPECT_EQ(sample, result.at("counted")[0]);
    }
  }

  TestFolder folder_;
};

}  // namespace whit::sims
