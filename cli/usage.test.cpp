// SPDX-License-Identifier: Apache-2.0
// What a mistaken command line is answered: `whit:`, what is wrong, where to read on, exit code 1. And what is the same in
// all commands: files that cannot be written, numbers of layers, words of the help.
#include "cli/command_line.hpp"

namespace whit::test {
namespace {

using Usage = CommandLine;

TEST_F(Usage, errors_name_what_is_wrong_and_begin_alike) {
  const std::pair<std::vector<std::string>, std::string> mistakes[] = {
      {{}, "whit: no command given\n  supported: inspect, compile"},
      {{"--foo"}, "whit: no option is called \"--foo\"\n  supported: --help, --version, inspect"},
      {{"compil"}, "whit: no command is called \"compil\"\n  supported: inspect, compile"},
      {{"bench", digits()}, "whit: --target is required\n  hint: see `whit bench --help`"},
      {{"compile", digits(), "--target", "host", "-o", "x", "--optimise", "size"}, "whit: no option of this command is called \"--optimise\""},
      {{"compile", digits(), "--taget", "host", "-o", "x"}, "whit: no option of this command is called \"--taget\""},
      {{"compile", digits(), "--taget=host", "-o", "x"}, "whit: no option of this command is called \"--taget\""},
      {{"compile", digits(), "one", "two", "--target", "host", "-o", "x"}, "whit: \"one\" is one argument too many"},
      {{"compile", digits(), "--target", "host", "-o", "x", "--optimize", "best"}, "whit: --optimize"},
      {{"verify", digits(), "--target", "nope"}, "whit: --target: no target is called \"nope\""}};
  for (const auto &[arguments, expected] : mistakes) {
    const ProcessResult result = whit(arguments);
    EXPECT_EQ(result.status, 1) << expected;
    EXPECT_TRUE(result.output.starts_with("whit: ")) << result.output;
    EXPECT_TRUE(holds(result, expected));
    EXPECT_TRUE(holds(result, "hint: "));
  }
}

TEST_F(Usage, a_misspelt_name_is_answered_with_the_nearest) {
  const std::pair<std::vector<std::string>, std::string> mistakes[] = {
      {{"complie"}, "compile"},
      {{"--verson"}, "--version"},
      {{"compile", digits(), "--taget", "host", "-o", "x"}, "--target"},
      {{"compile", digits(), "--target", "host", "-o", "x", "--optimize", "sped"}, "speed"},
      {{"targets", "nucleo-l4r5z"}, "nucleo-l4r5zi"},
      {{"ops", "Conv_2D"}, "conv2d"}};
  for (const auto &[arguments, meant] : mistakes) {
    const ProcessResult result = whit(arguments);
    EXPECT_EQ(result.status, 1) << meant;
    EXPECT_TRUE(holds(result, "\n  hint: did you mean " + meant + "?\n"));
  }
}

TEST_F(Usage, output_that_cannot_be_written_ends_alike_everywhere) {
  const std::string nowhere = path("missing/file.json").string(), a_file = path("file").string();
  write_file(a_file, std::string_view("x"));
  const std::string samples = (std::filesystem::path(WHIT_SOURCE_DIR) / "examples/digits/samples.npy").string();
  for (const std::vector<std::string> &arguments : std::vector<std::vector<std::string>>{
           {"run", digits(), "--input", samples, "--output", path("missing/answers.npy").string()},
           {"bench", digits(), "--target", "host", "--save", nowhere},
           {"bench", digits(), "--target", "host", "--html", nowhere},
           {"compile", digits(), "--target", "host", "-o", a_file}}) {
    const ProcessResult result = whit(arguments);
    EXPECT_EQ(result.status, 1) << result.output;
  }
  EXPECT_TRUE(holds(whit({"--help"}), "1 usage or an output that cannot be written"));
}

TEST_F(Usage, bad_inputs_are_met_before_the_work_and_end_alike) {
  write_file(path("samples.foo"), std::string_view("1"));
  for (const std::string &file : {path("missing.npy").string(), path("samples.foo").string(), path("missing.foo").string()})
    for (const std::vector<std::string> &arguments : std::vector<std::vector<std::string>>{
             {"verify", digits(), "--target", "host", "--input", file},
             {"bench", digits(), "--target", "host", "--input", file},
             {"run", digits(), "--input", file, "--output", path("answers.npy").string()}}) {
      const ProcessResult result = whit(arguments);
      EXPECT_EQ(result.status, 2) << result.output;
      EXPECT_TRUE(result.output.starts_with("whit: " + file)) << result.output;
    }
}

TEST_F(Usage, outputs_that_cannot_be_written_are_met_before_the_work) {
  for (const auto &[file, found] : {std::pair{path("answers.png").string(), "results in a file of suffix '.png'"}, {path("none/answers.npy").string(), "there is no folder"},
                                    {path("").string() + ".npy/", "results in a file of suffix ''"}}) {
    const ProcessResult result = whit({"run", digits(), "--input", path("missing.npy").string(), "--output", file});
    EXPECT_EQ(result.status, 1) << result.output;
    EXPECT_TRUE(holds(result, found)) << result.output;
  }
}

TEST_F(Usage, layers_have_one_number_everywhere) {
  ASSERT_EQ(whit({"compile", digits(), "--target", "host", "-o", path("firmware").string()}).status, 0);
  const std::string source = text_of(path("firmware/digits.cpp"));
  const ProcessResult inspected = whit({"inspect", digits(), "--target", "host", "--optimized"});
  const ProcessResult measured = whit({"bench", digits(), "--target", "host", "--json"});
  const size_t last = source.rfind("// Layer ");
  const std::string number = source.substr(last + 9, source.find(':', last) - last - 9), op = "softmax";
  EXPECT_NE(source.find("// Layer " + number + ": " + op), std::string::npos);
  EXPECT_NE(text_of(path("firmware/README.md")).find("| " + number + " | " + op), std::string::npos);
  EXPECT_TRUE(holds(inspected, "-      reshape")) << "the model has a view, which has no number";
  EXPECT_TRUE(holds(inspected, "\n" + number + "      " + op));
  EXPECT_TRUE(holds(inspected, "    " + number + " "));
  EXPECT_TRUE(holds(inspected, number + " " + op));
  EXPECT_TRUE(holds(measured, "\"digits_layer_" + number + "\",\n        \"op\": \"" + op + "\""));
}

TEST_F(Usage, help_names_every_model_format_and_the_skipped_header) {
  for (const char *command : {"inspect", "compile", "run", "verify", "bench"}) {
    const ProcessResult help = whit({command, "--help"});
    for (const char *format : {"TensorFlow Lite (.tflite)", "whit estimator (.json)", "XGBoost (.json, .ubj)", "LightGBM (.txt)", "ONNX (.onnx)"}) EXPECT_TRUE(holds(help, format)) << command;
    EXPECT_TRUE(holds(help, "Examples:"));
  }
  EXPECT_TRUE(holds(whit({"run", "--help"}), "one line of column names are skipped"));
}

TEST_F(Usage, a_model_may_follow_any_option) {
  const std::string samples = (std::filesystem::path(WHIT_SOURCE_DIR) / "examples/digits/samples.npy").string(), answers = path("answers.npy").string();
  EXPECT_TRUE(holds(whit({"run", "--output", answers, "--input", samples, digits()}), "450 samples"));
  EXPECT_TRUE(holds(whit({"verify", "--target", "host", "--random", "1", "--input", samples, digits()}), "given: 450 samples, 0 of"));
}

TEST_F(Usage, one_sample_is_one_sample) {
  EXPECT_TRUE(holds(whit({"verify", digits(), "--target", "host", "--random", "1"}), "random: 1 sample, 0 of"));
}

}  // namespace
}  // namespace whit::test
