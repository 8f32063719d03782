// SPDX-License-Identifier: Apache-2.0
// cast where values do not fit, against values worked out by hand.
#include <gtest/gtest.h>

#include <limits>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;

const std::vector<float> reals = {-1e20F, -129.5F, -0.9F, 127.9F, 300.0F, 3e9F, std::numeric_limits<float>::quiet_NaN()};

SingleNode cast(const char *type) {
  SingleNode node("cast", {{"type", std::string(type)}});
  node.input(float32, {7}, reals);
  return node;
}

TEST(Cast, reals_end_at_the_limits) {
  EXPECT_EQ(cast("int8").run<int8_t>(), (std::vector<int8_t>{-128, -128, 0, 127, 127, 127, 0}));
  EXPECT_EQ(cast("uint8").run<uint8_t>(), (std::vector<uint8_t>{0, 0, 0, 127, 255, 255, 0}));
  EXPECT_EQ(cast("int32").run<int32_t>(), (std::vector<int32_t>{INT32_MIN, -129, 0, 127, 300, INT32_MAX, 0}));
  EXPECT_EQ(cast("int64").run<int64_t>(), (std::vector<int64_t>{INT64_MIN, -129, 0, 127, 300, 3000000000, 0}));
}

TEST(Cast, takes_stored_values) {
  SingleNode from_int8("cast", {{"type", std::string("float32")}});
  from_int8.input(int8, {1}, std::vector<int8_t>{-5}, {.scales = {0.5F}, .zero_points = {3}});
  EXPECT_EQ(from_int8.run<float>(), std::vector<float>{-5});
  EXPECT_EQ(cast("boolean").run<uint8_t>(), std::vector<uint8_t>(7, 1));
  EXPECT_THROW(cast("nonsense").run<float>(), UserError);
}

TEST(Cast, numbers_without_sign_are_reals_above_0) {
  SingleNode to_real("cast", {{"type", std::string("float32")}, {"unsigned", int64_t{1}}});
  to_real.input(int32, {2}, std::vector<int32_t>{5, -1});
  EXPECT_EQ(to_real.run<float>(), (std::vector<float>{5, 4294967296.0F}));
  SingleNode from_real("cast", {{"type", std::string("int32")}, {"unsigned", int64_t{1}}});
  from_real.input(float32, {3}, std::vector<float>{-2, 3e9F, 5e9F});
  EXPECT_EQ(from_real.run<uint32_t>(), (std::vector<uint32_t>{0, 3000000000U, UINT32_MAX}));
}

TEST(Cast, integers_keep_their_low_bits) {
  SingleNode node("cast", {{"type", std::string("int8")}});
  node.input(int32, {2}, std::vector<int32_t>{300, -129});
  EXPECT_EQ(node.run<int8_t>(), (std::vector<int8_t>{44, 127}));
}

}  // namespace
}  // namespace whit
