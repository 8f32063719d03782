// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Flash stalls, counted by hand.
#include "bench/sims/timing/flash.hpp"

#include <gtest/gtest.h>

namespace whit::sims {
namespace {

Region flash_region() {
  Region region;
  region.kind = RegionKind::flash;
  region.base = 0x08000000;
  region.size = 4096;
  region.wait_states = 5;
  region.granule = 8;
  region.instruction_lines = 2;
  region.data_lines = 1;
  return region;
}

TEST(Flash, ChargesEachGranuleOnceWhileItIsHeld) {
  Flash flash(flash_region());
  EXPECT_EQ(flash.fetch(0x08000000, 0x08000010), 10u);  // two granules
  EXPECT_EQ(flash.fetch(0x08000000, 0x08000010), 0u);
  EXPECT_EQ(flash.fetch(0x08000006, 0x0800000A), 0u);
}

TEST(Flash, ForgetsTheOldestGranule) {
  Flash flash(flash_region());
  flash.fetch(0x08000000, 0x08000010);
  EXPECT_EQ(flash.fetch(0x08000010, 0x08000018), 5u);  // pushes out the first
  EXPECT_EQ(flash.fetch(0x08000008, 0x08000010), 0u);
  EXPECT_EQ(flash.fetch(0x08000000, 0x08000008), 5u);
}

TEST(Flash, PrefetchHidesOnlyTheNextGranuleInSequence) {
  Region region = flash_region();
  region.prefetch = true;
  Flash flash(region);
  EXPECT_EQ(flash.fetch(0x08000000, 0x08000020), 5u);
  EXPECT_EQ(flash.fetch(0x08000040, 0x08000048), 5u);
  EXPECT_EQ(flash.fetch(0x08000048, 0x0800004A), 0u);
}

TEST(Flash, DataSideIsSeparateAndChargesBothHalvesOfAStraddlingLoad) {
  Flash flash(flash_region());
  flash.fetch(0x08000000, 0x08000008);
  EXPECT_EQ(flash.load(0x08000000, 4), 5u);
  EXPECT_EQ(flash.load(0x08000004, 4), 0u);
  EXPECT_EQ(flash.load(0x08000006, 4), 5u);
}

TEST(Flash, HoldsTheLastGranuleOfTheRegion) {
  Flash flash(flash_region());
  EXPECT_EQ(flash.load(0x08000FFF, 1), 5u);
  EXPECT_EQ(flash.fetch(0x08000FF8, 0x08001000), 5u);
}

}  // namespace
}  // namespace whit::sims
