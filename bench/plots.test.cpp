// SPDX-License-Identifier: Apache-2.0
// Scales put decades where they belong; pictures show what is known, say what is not, and carry no foreign markup.
#include "bench/plots.hpp"

#include <gtest/gtest.h>

#include "bench/report.hpp"

namespace whit {
namespace {

Measurement measured(const std::string &model, const std::string &target, double milliseconds) {
  Measurement m{.model = model, .target = target};
  m.total = Counts{100, 1000, 2000};
  m.milliseconds = milliseconds;
  m.microjoules = milliseconds * 30;
  m.library = ImageSize{.code = 1024, .constants = 1024};
  m.macs = 500;
  m.layers = {{.name = "layer_0", .op = "conv2d", .macs = 200, .bytes = 50, .counts = Counts{40, 400, 800}},
              {.name = "layer_1", .op = "fully_connected", .macs = 100, .bytes = 100, .counts = Counts{20, 200, 400}},
              {.name = "layer_2", .op = "softmax", .macs = 0, .bytes = 100, .counts = Counts{0, 0, 0}},
              {.name = "layer_3", .op = "conv2d", .macs = 200, .bytes = 50, .counts = Counts{40, 400, 800}}};
  return m;
}

TEST(LogScale, goes_by_decades) {
  const LogScale scale = LogScale::around({3, 40, 700}, 0, 300);
  EXPECT_EQ(scale.decades(), (std::vector<double>{1, 10, 100, 1000}));
  EXPECT_DOUBLE_EQ(scale.at(1), 0);
  EXPECT_DOUBLE_EQ(scale.at(10), 100);
  EXPECT_DOUBLE_EQ(scale.at(1000), 300);
  EXPECT_EQ(LogScale::around({10}, 0, 1).decades(), (std::vector<double>{10, 100}));
  EXPECT_EQ(LogScale::around({}, 0, 1).decades(), (std::vector<double>{1, 10}));
}

TEST(Plots, put_the_quickest_chip_first_and_say_what_is_not_known) {
  Measurement quick = measured("a<b", "quick", 1);
  quick.microjoules.reset();
  const std::string svg = chips_svg({measured("a<b", "slow", 100), quick});
  EXPECT_LT(svg.find("quick"), svg.find("slow"));
  EXPECT_NE(svg.find("not known"), std::string::npos);
  EXPECT_NE(svg.find("a&lt;b"), std::string::npos);
  EXPECT_EQ(svg.find("a<b"), std::string::npos);
  EXPECT_EQ(chips_svg({Measurement{}}), "");
}

TEST(Plots, show_layers_with_work_under_their_best_rates) {
  const std::string svg = roofline_svg(measured("a", "chip", 1));
  EXPECT_NE(svg.find("layers 0 3: conv2d, 80.0 % of the board cycles"), std::string::npos);
  EXPECT_NE(svg.find("0.25 MACs a board cycle"), std::string::npos);
  EXPECT_EQ(svg.find("softmax"), std::string::npos);
  EXPECT_EQ(roofline_svg(Measurement{}), "");
}

TEST(Report, normalises_per_mac_and_per_megahertz) {
  const Normalised figures = normalised(measured("a", "chip", 1));
  EXPECT_DOUBLE_EQ(*figures.cycles_per_mac, 2);
  EXPECT_DOUBLE_EQ(*figures.board_cycles_per_mac, 4);
  EXPECT_DOUBLE_EQ(*figures.nanojoules_per_mac, 60);
  EXPECT_DOUBLE_EQ(*figures.runs_per_second_per_megahertz, 500);
  EXPECT_FALSE(normalised(Measurement{}).cycles_per_mac);
  EXPECT_EQ(three_digits(1234.5), "1234");
  EXPECT_EQ(three_digits(12.345), "12.3");
  EXPECT_EQ(three_digits(0.0012345), "0.00123");
}

TEST(Report, shares_count_everything_that_the_library_needs_of_the_chip) {
  Measurement m = measured("a", "chip", 1234.5);
  EXPECT_FALSE(shares_of(m).flash || shares_of(m).ram);
  m.flash_size = 8192;
  m.ram_size = 1000;
  m.arena = 100;
  m.scratch = 40;
  m.stack = 60;
  EXPECT_DOUBLE_EQ(*shares_of(m).flash, 0.25);
  EXPECT_DOUBLE_EQ(*shares_of(m).ram, 0.2);
  const std::string table = report_table({m});
  EXPECT_NE(table.find("25.0 %"), std::string::npos) << table;
  EXPECT_NE(table.find("20.0 %"), std::string::npos) << table;
  EXPECT_NE(table.find("1,234.500  37,035.0"), std::string::npos) << table;
  EXPECT_NE(report_html({m}).find("zero-wait cycles per MAC"), std::string::npos);
  EXPECT_NE(report_html({m}).find("board cycles per MAC"), std::string::npos);
  EXPECT_NE(report_html({m}).find("<td>25.0&nbsp;%<td>20.0&nbsp;%"), std::string::npos);
  EXPECT_NE(report_json({m}).find("\"share\": 0.25"), std::string::npos);
}

TEST(Report, the_sleep_and_the_error_of_the_averages_stand_in_all_three_forms) {
  Measurement m = measured("a", "chip", 10);
  m.duty = DutyCycle{.period_seconds = 1, .active_fraction = 0.01, .average_milliwatts = 0.3, .average_error_percent = 19.8, .average_microamperes = 101,
                     .sleep_microjoules = 2.97, .battery_days = 90.8, .battery_days_least = 75.8, .battery_days_most = 113.2};
  const std::string table = report_table({m});
  EXPECT_NE(table.find("3.0  101.0 +-19.8%  90.8 (75.8 to 113.2)"), std::string::npos) << table;
  const std::string page = report_html({m});
  EXPECT_NE(page.find("3.0 &micro;J asleep"), std::string::npos);
  EXPECT_NE(page.find("101.0 &micro;A &plusmn;19.8&nbsp;%; the battery lasts 90.8 days (75.8 to 113.2)"), std::string::npos) << page;
  const std::string json = report_json({m});
  for (const char *field : {"\"sleep_microjoules\": 2.97", "\"average_error_percent\": 19.8", "\"battery_days_least\": 75.8", "\"battery_days_most\": 113.2"})
    EXPECT_NE(json.find(field), std::string::npos) << field;
}

TEST(Report, the_page_holds_plots_tables_and_misfits) {
  Measurement misfit{.model = "b", .target = "small"};
  misfit.misfit = "too large";
  Measurement firmware{.model = "other", .target = "chip"};
  firmware.total = Counts{10, 20, 30};
  firmware.functions = {{"dot<product>", {10, 20, 30}}};
  const std::string page = report_html({measured("a", "chip", 1), misfit, firmware});
  for (const char *part : {"<svg", "time of a run", "multiply-accumulates a board cycle", "does not fit: too large", "dot&lt;product&gt;"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace whit
