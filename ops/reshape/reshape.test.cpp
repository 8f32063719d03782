// SPDX-License-Identifier: Apache-2.0
// reshape keeps the elements and refuses shapes that hold another number of them.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;

SingleNode reshape_of_six(Shape shape) {
  SingleNode node("reshape", {{"shape", std::move(shape)}});
  node.input(int8, {2, 3}, std::vector<int8_t>{1, 2, 3, 4, 5, 6});
  return node;
}

TEST(Reshape, keeps_the_order) {
  SingleNode node = reshape_of_six({3, 1, 2});
  EXPECT_EQ(node.run<int8_t>(), (std::vector<int8_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(node.output_shape(), (Shape{3, 1, 2}));
}

TEST(Reshape, refuses_another_number_of_elements) {
  for (const Shape &shape : {Shape{5}, Shape{0, 6}, Shape{-6, -1}, Shape{}, Shape{int64_t{1} << 62, 4, 6}})
    EXPECT_THROW(reshape_of_six(shape).run<int8_t>(), UserError) << text_of(shape);
}

}  // namespace
}  // namespace whit
