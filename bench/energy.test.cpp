// SPDX-License-Identifier: Apache-2.0
// Average power by hand; periods and batteries as people write them; what is not known stays unknown.
#include "bench/energy.hpp"

#include <gtest/gtest.h>

#include "compiler/base/error.hpp"

namespace whit {
namespace {

Target board(std::optional<double> active, std::optional<double> sleep) {
  Target target;
  target.supply_volts = 3;
  target.active_milliwatts = active;
  target.sleep_milliwatts = sleep;
  return target;
}

TEST(Energy, averages_run_and_sleep_over_the_period) {
  // 10 ms of 30 mW and 990 ms of 0.003 mW: 0.3 mW + 0.00297 mW
  const DutyCycle cycle = duty_cycle(10, board(30, 0.003), {1, Battery{220, 3}});
  EXPECT_DOUBLE_EQ(cycle.active_fraction, 0.01);
  EXPECT_NEAR(*cycle.average_milliwatts, 0.30297, 1e-12);
  EXPECT_NEAR(*cycle.average_microamperes, 100.99, 1e-9);
  EXPECT_NEAR(*cycle.battery_days, 220 * 3 / 0.30297 / 24, 1e-9);
}

TEST(Energy, carries_the_error_of_the_active_power_onto_the_averages) {
  // of 0.303 mW 0.3 mW are active: 20 % of it are 0.06 mW, 19.8 % of all
  Target target = board(30, 0.003 / 0.99);
  target.active_power_error_percent = 20;
  const DutyCycle cycle = duty_cycle(10, target, {1, Battery{220, 3}});
  EXPECT_NEAR(*cycle.average_error_percent, 6 / 0.303, 1e-9);
  EXPECT_NEAR(*cycle.battery_days_least, 220 * 3 / 0.363 / 24, 1e-9);
  EXPECT_NEAR(*cycle.battery_days_most, 220 * 3 / 0.243 / 24, 1e-9);
  EXPECT_EQ(battery_band(cycle), " (75.8 to 113.2)");
  target.active_power_error_percent = 200;
  const DutyCycle wide = duty_cycle(10, target, {1, Battery{220, 3}});
  EXPECT_FALSE(wide.battery_days_most);
  EXPECT_EQ(battery_band(wide), " (at least 30.5)");
  const DutyCycle unknown = duty_cycle(10, board(30, 0.003), {1, Battery{220, 3}});
  EXPECT_FALSE(unknown.average_error_percent || unknown.battery_days_least);
  EXPECT_EQ(battery_band(unknown), "");
}

TEST(Energy, of_the_sleep_between_two_runs) {
  EXPECT_NEAR(*duty_cycle(10, board(30, 0.003), {1, std::nullopt}).sleep_microjoules, 2.97, 1e-12);  // 990 ms of 3 uW
  EXPECT_NEAR(*duty_cycle(10, board(std::nullopt, 0.003), {1, std::nullopt}).sleep_microjoules, 2.97, 1e-12);
  EXPECT_FALSE(duty_cycle(10, board(30, std::nullopt), {1, std::nullopt}).sleep_microjoules);
  EXPECT_EQ(duty_cycle(10, board(30, std::nullopt), {std::nullopt, Battery{220, 3}}).sleep_microjoules, 0);  // never asleep
  EXPECT_FALSE(duty_cycle(1500, board(30, 0.003), {1, std::nullopt}).sleep_microjoules);
}

TEST(Energy, leaves_out_what_the_board_file_lacks) {
  EXPECT_FALSE(duty_cycle(10, board(30, std::nullopt), {1, Battery{220, 3}}).average_milliwatts);
  EXPECT_FALSE(duty_cycle(10, board(std::nullopt, 1), {1, Battery{220, 3}}).battery_days);
  EXPECT_DOUBLE_EQ(*duty_cycle(1000, board(30, std::nullopt), {1, std::nullopt}).average_milliwatts, 30);  // never asleep
  Target unknown_supply = board(30, 0.003);
  unknown_supply.supply_volts.reset();
  EXPECT_FALSE(duty_cycle(10, unknown_supply, {1, std::nullopt}).average_microamperes);
}

TEST(Energy, a_chip_that_is_too_slow_has_no_average) {
  const DutyCycle cycle = duty_cycle(1500, board(30, 0.003), {1, Battery{220, 3}});
  EXPECT_DOUBLE_EQ(cycle.active_fraction, 1.5);
  EXPECT_FALSE(cycle.average_milliwatts || cycle.battery_days);
}

TEST(Energy, without_a_period_the_chip_never_sleeps) {
  const DutyCycle cycle = duty_cycle(20, board(30, std::nullopt), {std::nullopt, Battery{240, 3}});
  EXPECT_DOUBLE_EQ(cycle.period_seconds, 0.02);
  EXPECT_DOUBLE_EQ(*cycle.battery_days, 1);
}

TEST(Energy, reads_periods_and_batteries) {
  EXPECT_DOUBLE_EQ(parse_period("1s"), 1);
  EXPECT_DOUBLE_EQ(parse_period("250ms"), 0.25);
  EXPECT_DOUBLE_EQ(parse_period("1.5min"), 90);
  EXPECT_DOUBLE_EQ(parse_period("2h"), 7200);
  for (const char *wrong : {"", "s", "1", "-1s", "0s", "1 s", "nans", "infs", "1s1", "1e300h"}) EXPECT_THROW(parse_period(wrong), UserError) << wrong;
  EXPECT_DOUBLE_EQ(parse_battery("220mAh@3V").milliampere_hours, 220);
  EXPECT_DOUBLE_EQ(parse_battery("2.6Ah@3.6V").milliampere_hours, 2600);
  EXPECT_DOUBLE_EQ(parse_battery("2.6Ah@3.6V").volts, 3.6);
  for (const char *wrong : {"", "@", "220mAh", "220mAh@", "@3V", "220@3V", "220mAh@3", "220mAh@-3V"})
    EXPECT_THROW(parse_battery(wrong), UserError) << wrong;
}

}  // namespace
}  // namespace whit
