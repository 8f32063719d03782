// SPDX-License-Identifier: GPL-2.0-or-later
// What firmware sees of the chip around it.
#include "bench/sims/silicon/board_peripherals.hpp"

#include <gtest/gtest.h>

namespace whit::sims {
namespace {

constexpr uint32_t control = 0x40021000, clocks = 0x40021008, uart = 0x40008000, other_uart = 0x40004800, unknown = 0x50001000;

ChipPeripherals chip() {
  return {.uart = uart, .uart_vector = 86, .other_uarts = {other_uart},
          .followers = {{control, control, 1u << 24, 1}, {clocks, clocks, 3, 2}, {clocks, control, 1u << 16, -4}}};
}

TEST(BoardPeripherals, RememberWhatWasWritten) {
  BoardPeripherals peripherals(chip());
  EXPECT_EQ(peripherals.read(unknown), 0u);
  peripherals.write(unknown, 0x1234);
  EXPECT_EQ(peripherals.read(unknown), 0x1234u);
}

TEST(BoardPeripherals, FollowersShowWhatTheirSourceWasSetTo) {
  BoardPeripherals peripherals(chip());
  peripherals.write(control, 1u << 24 | 1u << 16);
  EXPECT_EQ(peripherals.read(control), 1u << 24 | 1u << 25 | 1u << 16);
  peripherals.write(clocks, 3);
  EXPECT_EQ(peripherals.read(clocks), 3u | 3u << 2 | 1u << 12);
  peripherals.write(control, 0);
  EXPECT_EQ(peripherals.read(control), 0u);
}

TEST(BoardPeripherals, TheUartHandsOutBytesAndKeepsWhatIsSent) {
  BoardPeripherals peripherals(chip());
  EXPECT_EQ(peripherals.read(uart + 0x1C), 0x006000C0u);
  peripherals.receive('x');
  EXPECT_EQ(peripherals.read(uart + 0x1C), 0x006000E0u);
  EXPECT_EQ(peripherals.read(uart + 0x24), static_cast<uint32_t>('x'));
  EXPECT_FALSE(peripherals.has_received());
  for (const char c : {'o', 'k'}) peripherals.write(uart + 0x28, static_cast<uint32_t>(c));
  EXPECT_EQ(peripherals.take_sent(), "ok");
  EXPECT_EQ(peripherals.take_sent(), "");
  EXPECT_EQ(peripherals.read(other_uart + 0x1C), 0x006000C0u);
}

TEST(BoardPeripherals, TellOfEachReadOfATimer) {
  BoardPeripherals peripherals(chip());
  int reads = 0;
  peripherals.on_timer_read = [&] { ++reads; };
  const uint32_t first = peripherals.read(0x40000024);
  EXPECT_GT(peripherals.read(0x40000C24), first);
  EXPECT_EQ(reads, 2);
}

TEST(BoardPeripherals, GiveInToWhoAsksForEver) {
  BoardPeripherals peripherals(chip());
  uint32_t seen = 0;
  for (int i = 0; i < 100; ++i) seen |= peripherals.read(unknown);
  EXPECT_EQ(seen, UINT32_MAX);
  EXPECT_EQ(peripherals.last_address(), unknown);
}

}  // namespace
}  // namespace whit::sims
