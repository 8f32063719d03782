// SPDX-License-Identifier: Apache-2.0
// Verification finds agreement where there is one and names layer and element where there is none; accuracy counts ties
// for the lowest index; a model that is too large says by how much.
#include "bench/verify.hpp"

#include <gtest/gtest.h>

#include <iostream>

#include "bench/measurement.hpp"
#include "bench/missing_tool.hpp"
#include "bench/process.hpp"
#include "bench/report.hpp"
#include "bench/temporary_folder.hpp"
#include "compiler/ir/text.hpp"

namespace whit {
namespace {

std::filesystem::path digits() { return std::filesystem::path(WHIT_SOURCE_DIR) / "examples/digits/digits.tflite"; }

bool has_compiler(const Target &target) { return run_process({target.core.toolchain.compiler, "--version"}).status == 0; }

TEST(Verify, the_digits_example_agrees_on_every_target) {
  const ImportedModel model = import_file(digits());
  for (const std::string &name : target_names()) {
    try {
      const Verification result = verify(model, {.target = load_target(name)}, pseudo_random_samples(model.graph, 5));
      EXPECT_EQ(result.differing_bytes, 0U) << name;
      EXPECT_EQ(result.output_bytes, 50U) << name;
    } catch (const MissingTool &missing) {
      std::cout << missing.what() << '\n';
    }
  }
}

// GCC 5 for AVR makes one of a constant in program memory and an equal one in data memory, and reads it in one way.
TEST(Verify, equal_constants_in_two_memories_stay_two) {
  const Target target = load_target("arduino-uno");
  if (!has_compiler(target)) GTEST_SKIP() << "no " << target.core.toolchain.compiler;
  const ImportedModel model{.path = "sevens", .fingerprint = "0", .graph = parse_graph(R"(graph "sevens" {
    input %flag: boolean[1]
    constant %read_as_data: int32[1] = fill 7
    %sum: int32[1] = if(%flag, %read_as_data)
      graph "then" {
        input %a: int32[1]
        constant %in_program_memory: int32[1] = fill 7
        %b: int32[1] = add(%a, %in_program_memory)
        output %b
      }
      graph "else" {
        input %a: int32[1]
        %b: int32[1] = mul(%a, %a)
        output %b
      }
    output %sum
  })")};
  EXPECT_EQ(verify(model, {.target = target}, {.count = 2, .inputs = {{0, 1}}}).differing_bytes, 0U);
}

// Nothing to compute: an output that is the input, and a branch that hands on what it was given.
TEST(Verify, graphs_without_layers_run) {
  for (const char *text : {R"(graph "main" {
    input %x: int8[4]
    output %x
  })", R"(graph "main" {
    input %flag: boolean[1]
    input %x: int8[1, 4]
    %y: int8[1, 4] = if(%flag, %x)
      graph "then" {
        input %a: int8[1, 4]
        output %a
      }
      graph "else" {
        input %a: int8[1, 4]
        %b: int8[1, 4] = relu(%a)
        output %b
      }
    output %y
  })"}) {
    const ImportedModel model{.path = "nothing", .fingerprint = "0", .graph = parse_graph(text)};
    for (const char *name : {"host", "arduino-uno"}) {
      const Target target = load_target(name);
      if (!has_compiler(target)) continue;
      const Verification result = verify(model, {.target = target}, pseudo_random_samples(model.graph, 5));
      EXPECT_EQ(result.output_bytes, 20U) << name;
      EXPECT_EQ(result.differing_bytes, 0U) << name;
    }
  }
}

TEST(Verify, a_difference_names_layer_and_element) {
  const Target target = load_target("nucleo-l4r5zi");
  if (!has_compiler(target)) GTEST_SKIP() << "no " << target.core.toolchain.compiler;
  ImportedModel model = import_file(digits());
  Compilation compilation = compile_model(model, {.target = target});
  for (EmittedFile &file : compilation.files)
    if (file.path == "digits_constants.hpp") {
      std::string text(file.content.begin(), file.content.end());
      const size_t list = text.find('{', text.find("Layer 2"));
      const size_t values = text.find('{', text.find("rows", list));
      ASSERT_NE(values, std::string::npos);
      text.insert(text.find_first_of("123456789", values), "7");
      file.content.assign(text.begin(), text.end());
    }
  const TemporaryFolder folder;
  const Image image = build_image(compilation, folder.path());
  const Verification result = verify_image(model, compilation, image, pseudo_random_samples(model.graph, 3));
  ASSERT_TRUE(result.divergence.has_value());
  EXPECT_NE(result.divergence->layer.find("digits_layer_2"), std::string::npos) << result.divergence->layer;
  EXPECT_NE(result.divergence->layer.find("element"), std::string::npos);
}

TEST(Verify, planar_bytes_come_back_channel_last) {
  Tensor tensor{.type = ElementType::int8, .shape = {1, 1, 3, 2}};
  EXPECT_EQ(in_channel_last(tensor, {1, 2, 3, 4, 5, 6}), (Bytes{1, 2, 3, 4, 5, 6}));
  tensor.layout = Layout::planar;
  EXPECT_EQ(in_channel_last(tensor, {1, 2, 3, 4, 5, 6}), (Bytes{1, 4, 2, 5, 3, 6}));
}

TEST(Measurement, ties_go_to_the_lowest_index) {
  Graph graph;
  graph.outputs = {graph.add_tensor({.name = "out", .type = ElementType::int8, .shape = {1, 3}})};
  const std::vector<Bytes> outputs = {{5, 5, 1, 0, 0x80, 9}};
  EXPECT_DOUBLE_EQ(accuracy_of(graph, outputs, {0, 2}), 1.0);
  EXPECT_DOUBLE_EQ(accuracy_of(graph, outputs, {1, 2}), 0.5);
}

TEST(Measurement, a_model_that_does_not_fit_says_by_how_much) {
  const std::string board = R"({"summary": "tiny", "core": "cortex-m0plus", "memories_source": "test", "memories": [
      {"name": "flash", "kind": "flash", "base": 0, "size": 4096}, {"name": "ram", "kind": "ram", "base": 536870912, "size": 4096}]})";
  const ImportedModel model = import_file(digits());
  const MeasureOptions options{.compile = {.target = parse_target(board, "tiny", "tiny.json")},
                               .samples = pseudo_random_samples(model.graph, 1)};
  if (!has_compiler(options.compile.target)) GTEST_SKIP() << "no cross compiler";
  const Measurement result = measure(model, options, evaluate_samples(model.graph, options.samples));
  ASSERT_TRUE(result.misfit.has_value());
  EXPECT_NE(result.misfit->find("more than"), std::string::npos) << *result.misfit;
  EXPECT_NE(report_table({result}).find("does not fit"), std::string::npos);
  EXPECT_NE(report_json({result}).find("\"bit_exact\": null"), std::string::npos);
}

TEST(Measurement, a_missing_compiler_is_an_error_or_if_wished_a_listed_row) {
  const ImportedModel model = import_file(digits());
  MeasureOptions options{.compile = {.target = load_target("nucleo-l4r5zi")}, .samples = pseudo_random_samples(model.graph, 1)};
  options.compile.target.core.toolchain.compiler = "no-such-compiler";
  const std::vector<Bytes> answers = evaluate_samples(model.graph, options.samples);
  EXPECT_THROW(measure(model, options, answers), MissingTool);
  options.list_missing_tools = true;
  const Measurement result = measure(model, options, answers);
  EXPECT_EQ(result.missing, "the compiler no-such-compiler is not installed (apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi "
                            "libstdc++-arm-none-eabi-newlib, or `make build`)");
  EXPECT_NE(report_table({result}).find("not measured:\n  digits on nucleo-l4r5zi: the compiler"), std::string::npos);
  EXPECT_NE(report_json({result}).find("\"not_measured\": \"the compiler"), std::string::npos);
  EXPECT_NE(report_html({result}).find("not measured: the compiler"), std::string::npos);
}

TEST(Measurement, a_missing_simulator_is_listed_too) {
  const ImportedModel model = import_file(digits());
  MeasureOptions options{.compile = {.target = load_target("nucleo-l4r5zi")}, .samples = pseudo_random_samples(model.graph, 1)};
  if (!has_compiler(options.compile.target)) GTEST_SKIP() << "no cross compiler";
  options.compile.target.core.simulator["program"] = "whit-sim-nowhere";
  options.list_missing_tools = true;
  EXPECT_EQ(measure(model, options, evaluate_samples(model.graph, options.samples)).missing,
            "the simulator is not beside whit (run `make build`, which builds it there)");
}

TEST(Measurement, constants_beyond_the_reach_of_pointers_do_not_fit) {
  const ImportedModel model = import_file(digits());
  MeasureOptions options{.compile = {.target = load_target("arduino-mega-2560")}, .samples = pseudo_random_samples(model.graph, 1)};
  options.compile.target.core.constants_reach = 2048;
  const Measurement result = measure(model, options, evaluate_samples(model.graph, options.samples));
  ASSERT_TRUE(result.misfit.has_value());
  EXPECT_NE(result.misfit->find("16-bit pointers reach only the first 2048 bytes"), std::string::npos) << *result.misfit;
}

}  // namespace
}  // namespace whit
