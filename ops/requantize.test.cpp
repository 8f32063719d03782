// SPDX-License-Identifier: Apache-2.0
// The two ways to the high half of a product agree, at the edges and on random values.
#include "device/core/requantize.hpp"

#include <gtest/gtest.h>

#include <random>

namespace whit {
namespace {

// floor((2 a b + 2^31) / 2^32), the sum halved so that it fits.
int32_t by_definition(int32_t a, int32_t b) {
  return static_cast<int32_t>((static_cast<int64_t>(a) * b + (int64_t{1} << 30)) >> 31);
}

TEST(Requantize, products_by_halves_equal_the_wide_product) {
  std::vector<int32_t> values = {0, 1, -1, 2, 32767, 32768, -32768, 65535, 65536, -65536, INT32_MAX, INT32_MIN + 1, 1 << 30};
  std::mt19937 random(7);
  for (int count = 0; count < 2000; ++count) values.push_back(static_cast<int32_t>(random() >> (random() % 31)));
  for (int32_t a : values)
    for (int32_t b : values) {
      ASSERT_EQ(doubling_high_multiply_by_halves(a, b), by_definition(a, b)) << a << " x " << b;
      ASSERT_EQ(doubling_high_multiply(a, b), by_definition(a, b)) << a << " x " << b;
      ASSERT_EQ(doubling_high_multiply_by_halves(-a, b), by_definition(-a, b)) << -a << " x " << b;
    }
}

}  // namespace
}  // namespace whit
