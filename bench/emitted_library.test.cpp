// SPDX-License-Identifier: Apache-2.0
// The emitted folder as its users meet it: every compiler takes it without a warning and without other flags than the
// core's, C programs call it, several models and instances live in one image, its self-test tells right from wrong.
#include <gtest/gtest.h>

#include <fstream>

#include "bench/process.hpp"
#include "bench/temporary_folder.hpp"
#include "compiler/driver/compile.hpp"
#include "compiler/ir/text.hpp"

namespace whit {
namespace {

namespace fs = std::filesystem;
using Command = std::vector<std::string>;

fs::path example(const std::string &name) { return fs::path(WHIT_SOURCE_DIR) / name; }

void compile_into(const fs::path &folder, const fs::path &model, const std::string &target, const std::string &name) {
  const Compilation compilation = compile_model(import_file(model), {.name = name, .target = load_target(target)});
  write_firmware(compilation.files, folder);
}

bool is_installed(const std::string &program) { return run_process({program, "--version"}).status == 0; }

void expect_success(const Command &command) {
  const ProcessResult result = run_process(command);
  EXPECT_EQ(result.status, 0) << fmt::format("{}", fmt::join(command, " ")) << "\n" << result.output;
}

struct Compiler {
  const char *target;
  Command command;
};

TEST(EmittedLibrary, compiles_without_a_warning_everywhere) {
  const Command arm = {"arm-none-eabi-g++", "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"};
  std::vector<Compiler> compilers = {{"arduino-uno", {"avr-g++", "-mmcu=atmega328p", "-std=gnu++11"}},
                                     {"arduino-uno", {"avr-g++", "-mmcu=atmega328p", "-std=gnu++11", "-Os"}},
                                     {"host", {"g++", "-std=c++20"}},
                                     {"host", {"clang++-14", "-std=c++11", "-O2"}},
                                     {"nucleo-g0b1re", {"arm-none-eabi-g++", "-mcpu=cortex-m0plus", "-mthumb", "-Os"}}};
  for (const char *flag : {"-O0", "-Os", "-O2", "-O3"})
    for (const char *standard : {"-std=c++11", "-std=c++20"}) {
      Command command = arm;
      command.insert(command.end(), {flag, standard});
      compilers.push_back({"nucleo-l4r5zi", command});
    }
  const TemporaryFolder folder;
  for (Compiler &compiler : compilers) {
    if (!is_installed(compiler.command[0])) continue;
    const fs::path library = folder.path() / compiler.target;
    if (!fs::exists(library)) compile_into(library, example("examples/digits/digits.tflite"), compiler.target, "digits");
    for (const char *source : {"digits.cpp", "digits_selftest.cpp"}) {
      Command command = compiler.command;
      command.insert(command.end(), {"-Wall", "-Wextra", "-Werror", "-c", (library / source).string(), "-o", "/dev/null"});
      expect_success(command);
    }
  }
}

// A C program with two models, one of them twice, interleaved; prints the self-tests' answers and compares instances.
constexpr const char *c_program = R"(
#include <stdio.h>
#include <string.h>
#include "digits.h"
#include "residual.h"
static digits_model first, second;
static residual_model other;
int main(void) {
  int failures = digits_selftest(&first) + residual_selftest(&other) + digits_selftest(&second);
  int8_t expected[DIGITS_OUTPUT_BYTES];
  memset(digits_input(&first), 5, DIGITS_INPUT_BYTES);
  digits_run(&first);
  memcpy(expected, digits_output(&first), DIGITS_OUTPUT_BYTES);
  memset(digits_input(&second), 5, DIGITS_INPUT_BYTES);
  memset(digits_input(&first), 90, DIGITS_INPUT_BYTES);
  digits_run(&first);
  residual_selftest(&other);
  digits_run(&second);
  failures += memcmp(expected, digits_output(&second), DIGITS_OUTPUT_BYTES) != 0;
  failures += digits_quantize_input(-1e30f) != -128;
  failures += digits_quantize_input(1e30f) != 127;
  return failures;
}
)";

TEST(EmittedLibrary, serves_c_programs_several_models_and_several_instances) {
  if (!is_installed("gcc")) GTEST_SKIP() << "no gcc";
  const TemporaryFolder folder;
  compile_into(folder.path() / "digits", example("examples/digits/digits.tflite"), "host", "digits");
  compile_into(folder.path() / "residual", example("tests/models/add_residual_int8.tflite"), "host", "residual");
  write_file(folder.path() / "main.c", std::string_view(c_program));
  Command compile_main = {"gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-c", (folder.path() / "main.c").string(),
                          "-o", (folder.path() / "main.o").string()};
  Command link = {"g++", (folder.path() / "main.o").string(), "-o", (folder.path() / "program").string()};
  for (const char *model : {"digits", "residual"}) {
    compile_main.insert(compile_main.end(), {"-I", (folder.path() / model).string()});
    for (const char *suffix : {".cpp", "_selftest.cpp"}) link.push_back((folder.path() / model / (std::string(model) + suffix)).string());
  }
  expect_success(compile_main);
  expect_success(link);
  EXPECT_EQ(run_process({(folder.path() / "program").string()}).status, 0);
}

// Sums what it was given, from 100 and -7 on, and doubles what a second variable holds.
const std::string remembering = R"(graph "g" {
  input %x: int32[2]
  variable %sum: int32[2] = [100, -7]
  variable %steps: int32[3] = fill -1
  %more: int32[2] = add(%x, %sum)
  %sum = copy(%more)
  %three: int32[3] = add(%steps, %steps)
  %steps = copy(%three)
  %y: int32[2] = copy(%more)
  output %y, %three
})";

// Each instance has a memory of its own, and forgets alone.
constexpr const char *two_instances = R"(
#include "sums.h"
static sums_model first, second;
static int32_t next(sums_model *model, int32_t x) {
  sums_input(model)[0] = x;
  sums_input(model)[1] = 1;
  sums_run(model);
  return sums_output_y(model)[0];
}
int main() {
  int failures = sums_selftest(&first);
  sums_reset(&first);
  sums_reset(&second);
  failures += next(&first, 1) != 101;
  failures += next(&second, 5) != 105;
  failures += next(&first, 2) != 103 || sums_output_y(&first)[1] != -5 || sums_output_three(&first)[2] != -4;
  sums_reset(&first);
  failures += next(&first, 3) != 103;
  failures += next(&second, 5) != 110;
  return failures;
}
)";

TEST(EmittedLibrary, keeps_the_memories_of_instances_apart) {
  if (!is_installed("g++")) GTEST_SKIP() << "no g++";
  const TemporaryFolder folder;
  const ImportedModel model{.path = "sums", .fingerprint = "0", .graph = parse_graph(remembering)};
  write_firmware(compile_model(model, {.name = "sums", .target = load_target("host")}).files, folder.path());
  write_file(folder.path() / "main.cpp", std::string_view(two_instances));
  expect_success({"g++", "-Wall", "-Wextra", "-Werror", "-I", folder.path().string(), (folder.path() / "main.cpp").string(),
                  (folder.path() / "sums.cpp").string(), (folder.path() / "sums_selftest.cpp").string(), "-o",
                  (folder.path() / "program").string()});
  EXPECT_EQ(run_process({(folder.path() / "program").string()}).status, 0);
}

// A scale and a zero point for each feature, products by a kernel of bytes.
const std::string of_features = R"(graph "g" {
  input %x: int16[1,3] scale [0.5, 0.001, 2] zero [0, -1000, 7] axis 1
  constant %weights: int16[2,3] = [300, -2000, 7, -5, 32000, 1]
  constant %bias: int32[2] = [-100000, 70000]
  %scores: int32[1,2] = linear(%x, %weights, %bias) {result = "scores"}
  output %scores
})";

constexpr const char *conversions = R"(
#include "rows.h"
static rows_model model;
int main(void) {
  int failures = rows_selftest(&model);
  failures += rows_quantize_input(0, 3.0f) != 6 || rows_quantize_input(1, 1.5f) != 500 || rows_quantize_input(2, -1e9f) != -32768;
  return failures;
}
)";

TEST(EmittedLibrary, of_a_chip_of_bytes_runs_here_too_and_keeps_its_tables_out_of_ram) {
  if (!is_installed("g++")) GTEST_SKIP() << "no g++";
  const TemporaryFolder folder;
  const ImportedModel model{.path = "rows", .fingerprint = "0", .graph = parse_graph(of_features)};
  write_firmware(compile_model(model, {.name = "rows", .target = load_target("arduino-uno")}).files, folder.path());
  const std::string main = (folder.path() / "main.c").string(), object = (folder.path() / "main.o").string();
  write_file(main, std::string_view(conversions));
  expect_success({"gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-c", main, "-o", object});
  expect_success({"g++", "-std=c++11", "-Wall", "-Wextra", "-Werror", object, (folder.path() / "rows.cpp").string(), (folder.path() / "rows_selftest.cpp").string(),
                  "-o", (folder.path() / "program").string()});
  EXPECT_EQ(run_process({(folder.path() / "program").string()}).status, 0);
  if (!is_installed("avr-gcc")) return;
  expect_success({"avr-gcc", "-mmcu=atmega328p", "-std=gnu99", "-Os", "-Wall", "-Wextra", "-Werror", "-c", main, "-o", object});
  const ProcessResult sections = run_process({"avr-objdump", "-h", object});
  EXPECT_NE(sections.output.find(".progmem.data"), std::string::npos) << sections.output;
  EXPECT_EQ(sections.output.find(".rodata"), std::string::npos) << sections.output;
}

TEST(EmittedLibrary, its_selftest_finds_a_changed_weight) {
  if (!is_installed("g++")) GTEST_SKIP() << "no g++";
  const TemporaryFolder folder;
  compile_into(folder.path(), example("examples/digits/digits.tflite"), "host", "digits");
  const Bytes original = read_file(folder.path() / "digits_constants.hpp");
  std::string text(original.begin(), original.end());
  const size_t bias = text.find("layer_0_bias");
  ASSERT_NE(bias, std::string::npos);
  const size_t digit = text.find_first_of("123456789", text.find('{', bias));
  text.insert(digit, "9");
  write_file(folder.path() / "digits_constants.hpp", std::string_view(text));
  write_file(folder.path() / "main.cpp", std::string_view("#include \"digits.h\"\nstatic digits_model model;\n"
                                                          "int main() { return digits_selftest(&model); }\n"));
  expect_success({"g++", "-I", folder.path().string(), (folder.path() / "main.cpp").string(), (folder.path() / "digits.cpp").string(),
                  (folder.path() / "digits_selftest.cpp").string(), "-o", (folder.path() / "program").string()});
  EXPECT_EQ(run_process({(folder.path() / "program").string()}).status, 1);
}

TEST(EmittedLibrary, same_input_gives_the_same_bytes) {
  const ImportedModel model = import_file(example("examples/digits/digits.tflite"));
  for (const std::string &target : target_names()) {
    const auto first = compile_model(model, {.target = load_target(target)}).files;
    const auto second = compile_model(model, {.target = load_target(target)}).files;
    ASSERT_EQ(first.size(), second.size());
    for (size_t index = 0; index < first.size(); ++index) EXPECT_EQ(first[index].content, second[index].content) << first[index].path;
  }
}

TEST(EmittedLibrary, uses_no_heap_no_stdio_and_no_libm) {
  if (!is_installed("arm-none-eabi-g++")) GTEST_SKIP() << "no arm-none-eabi-g++";
  const TemporaryFolder folder;
  for (const char *model : {"examples/digits/digits.tflite", "tests/models/softmax_float32.tflite", "tests/models/tanh_float32.tflite"}) {
    compile_into(folder.path(), example(model), "nucleo-g0b1re", "model");
    const std::string object = (folder.path() / "model.o").string();
    expect_success({"arm-none-eabi-g++", "-mcpu=cortex-m0plus", "-mthumb", "-Os", "-c", (folder.path() / "model.cpp").string(), "-o", object});
    const ProcessResult symbols = run_process({"arm-none-eabi-nm", "-u", object});
    EXPECT_EQ(symbols.status, 0);
    for (const char *word : {"malloc", "free", "printf", "_Zn", "_Zd", "exp", "tanh", "pow", "__cxa", "throw"})
      EXPECT_EQ(symbols.output.find(word), std::string::npos) << model << " needs " << word << ":\n" << symbols.output;
  }
}

}  // namespace
}  // namespace whit
