// SPDX-License-Identifier: Apache-2.0
#include "compiler/base/table.hpp"

#include <gtest/gtest.h>

namespace whit {
namespace {

TEST(Table, columns_are_as_wide_as_their_widest_cell) {
  Table table({"name", "bytes"}, 1);
  table.add({"kws", "24,368"});
  table.add({"a longer name"});
  EXPECT_EQ(table.text(),
            "name            bytes\n"
            "---------------------\n"
            "kws            24,368\n"
            "a longer name\n");
}

TEST(Table, separators_stand_every_three_digits) {
  EXPECT_EQ(with_separators(0), "0");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(-1234567), "-1,234,567");
}

TEST(Table, real_numbers_and_counts_read_as_people_write_them) {
  EXPECT_EQ(with_separators(1234567.25, 1), "1,234,567.2");
  EXPECT_EQ(with_separators(-1234.0, 0), "-1,234");
  EXPECT_EQ(with_separators(999.99, 2), "999.99");
  EXPECT_EQ(with_separators(100.0, 0), "100");
  EXPECT_EQ(count_of(1, "sample"), "1 sample");
  EXPECT_EQ(count_of(0, "sample"), "0 samples");
  EXPECT_EQ(count_of(1000, "sample"), "1,000 samples");
}

}  // namespace
}  // namespace whit
