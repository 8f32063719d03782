// SPDX-License-Identifier: Apache-2.0
#include "compiler/ir/scale_text.hpp"

#include <gtest/gtest.h>

namespace whit {
namespace {

TEST(ScaleText, reads_as_a_formula) {
  EXPECT_EQ(scale_text({}), "");
  EXPECT_EQ(scale_text({.scales = {0.5F}, .zero_points = {-128}}), ", real = 0.5 x (stored + 128)");
  EXPECT_EQ(scale_text({.scales = {0.25F}, .zero_points = {3}}), ", real = 0.25 x (stored - 3)");
  EXPECT_EQ(scale_text({.scales = {0.25F}, .zero_points = {0}}), ", real = 0.25 x stored");
  EXPECT_EQ(scale_text({.scales = {0.25F, 1}, .zero_points = {0, 9}, .axis = 1}), ", real = scale x (stored - zero point), of each slice along axis 1");
}

}  // namespace
}  // namespace whit
