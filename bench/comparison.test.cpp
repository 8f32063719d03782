// SPDX-License-Identifier: Apache-2.0
// Reports round-trip through their file form; what got worse is found, what was lost is named, hostile files are refused.
#include "bench/comparison.hpp"

#include <gtest/gtest.h>

#include "bench/report.hpp"
#include "compiler/base/error.hpp"

namespace whit {
namespace {

std::vector<SavedMeasurement> report(const std::string &entries) { return parse_report("[" + entries + "]", "report.json"); }

const std::string kws = R"({"model": "kws", "target": "uno", "bit_exact": true, "accuracy": 0.9, "cycles": 1000,
                            "flash": {"code": 200, "constants": 50}, "ram": {"arena": 0, "stack": null}})";

TEST(SavedReport, reads_what_bench_writes) {
  Measurement measured{.model = "kws", .target = "uno", .compiler = "g++ 12"};
  measured.bit_exact = true;
  measured.total = Counts{10, 20, 30};
  measured.library = ImageSize{.code = 100, .constants = 200, .data = 3};
  measured.arena = 400;
  Measurement misfit{.model = "vww", .target = "uno"};
  misfit.misfit = "too large";
  const auto read = parse_report(report_json({measured, misfit}), "x");
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].pair(), "kws on uno");
  EXPECT_EQ(read[0].compiler, "g++ 12");
  const std::vector<std::optional<double>> figures{20, 30, 10, 100, 200, 400, std::nullopt, std::nullopt, 3, std::nullopt, std::nullopt};
  EXPECT_EQ(read[0].figures, figures);
  EXPECT_TRUE(read[1].does_not_fit);
  EXPECT_FALSE(read[1].figures[0].has_value());
}

TEST(SavedReport, refuses_hostile_files) {
  const std::string deep(100000, '[');
  for (const std::string &text : {std::string(), std::string("{}"), std::string("[3]"), std::string("[{}]"), deep,
                                  std::string(R"([{"model": "a", "target": 3}])"), std::string(R"([{"model": "a\u001b[2J", "target": "b"}])"),
                                  std::string(R"([{"model": "a", "target": "b", "cycles": -1}])"),
                                  std::string(R"([{"model": "a", "target": "b", "cycles": "1"}])"),
                                  std::string(R"([{"model": "a", "target": "b", "cycles": 1e300}])"),
                                  std::string(R"([{"model": "a", "target": "b", "flash": 7}])"),
                                  std::string(R"([{"model": "a", "target": "b", "bit_exact": 1}])"),
                                  std::string(R"([{"model": "a", "target": "b"}, {"model": "a", "target": "b"}])")})
    EXPECT_THROW(parse_report(text, "report.json"), UserError) << text.substr(0, 80);
}

TEST(Comparison, a_report_holds_against_itself) {
  const Comparison same = compare(report(kws), report(kws), 0);
  EXPECT_TRUE(same.holds());
  ASSERT_EQ(same.pairs.size(), 1U);
  EXPECT_EQ(same.pairs[0].ratios[0], 1.0);
  EXPECT_EQ(same.pairs[0].ratios[5], 1.0);  // nothing before, nothing after
}

TEST(Comparison, worse_is_flagged_beyond_the_tolerance_only) {
  const auto slower = report(R"({"model": "kws", "target": "uno", "bit_exact": true, "accuracy": 0.9, "cycles": 1010, "flash": {"code": 100, "constants": 50},
                                 "ram": {"arena": 0}})");
  EXPECT_TRUE(compare(report(kws), slower, 0.01).holds());
  const Comparison strict = compare(report(kws), slower, 0.0099);
  EXPECT_EQ(strict.regressions, std::vector<std::string>{"kws on uno: cycles 1,000 -> 1,010 (+1.00 %)"});
  EXPECT_TRUE(strict.pairs[0].worse[0]);
  EXPECT_EQ(strict.pairs[0].ratios[3], 0.5);
  EXPECT_NE(comparison_table(strict).find("1.010 !"), std::string::npos);
}

TEST(Comparison, accuracy_wrong_answers_and_lost_figures_are_worse) {
  const auto wrong = report(R"({"model": "kws", "target": "uno", "bit_exact": false, "accuracy": 0.8, "cycles": 1000,
                                "flash": {"code": 200}, "ram": {"arena": 8}})");
  const Comparison comparison = compare(report(kws), wrong, 0.05);
  const std::vector<std::string> expected{"kws on uno: constants 50, now unknown", "kws on uno: arena 0 -> 8 (+inf %)",
                                          "kws on uno: accuracy 90.00 % -> 80.00 % (-11.11 %)",
                                          "kws on uno: its answers differ from the host's"};
  EXPECT_EQ(comparison.regressions, expected);
}

TEST(Comparison, answers_that_nobody_compared_are_worse) {
  const auto before = report(R"({"model": "kws", "target": "uno", "bit_exact": true})");
  const auto unknown = report(R"({"model": "kws", "target": "uno"})");
  EXPECT_EQ(compare(before, unknown, 0).regressions,
            std::vector<std::string>{"kws on uno: its answers were not compared with the host's"});
  EXPECT_TRUE(compare(unknown, before, 0).holds());
}

TEST(Comparison, lost_pairs_fail_and_new_ones_are_named) {
  const auto other = report(R"({"model": "vww", "target": "uno"})");
  const Comparison comparison = compare(report(kws), other, 0);
  EXPECT_FALSE(comparison.holds());
  EXPECT_EQ(comparison.missing, std::vector<std::string>{"kws on uno"});
  EXPECT_EQ(comparison.added, std::vector<std::string>{"vww on uno"});
  EXPECT_TRUE(compare({}, other, 0).holds());
  const Comparison misfit = compare(report(kws), report(R"({"model": "kws", "target": "uno", "does_not_fit": "too large"})"), 0);
  EXPECT_EQ(misfit.regressions, std::vector<std::string>{"kws on uno: no longer fits"});
  const Comparison missing = compare(report(kws), report(R"({"model": "kws", "target": "uno", "not_measured": "no compiler"})"), 0);
  EXPECT_EQ(missing.regressions, std::vector<std::string>{"kws on uno: was not measured"});
}

}  // namespace
}  // namespace whit
