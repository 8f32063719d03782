// SPDX-License-Identifier: Apache-2.0
// Hostile names become identifiers a compiler takes.
#include "compiler/base/identifier.hpp"

#include <gtest/gtest.h>

namespace whit {
namespace {

TEST(Identifier, names_become_c_identifiers) {
  EXPECT_EQ(identifier_of("ds-cnn v2.1"), "ds_cnn_v2_1");
  EXPECT_EQ(identifier_of("3d"), "model_3d");
  EXPECT_EQ(identifier_of("int"), "model_int");
  EXPECT_EQ(identifier_of(""), "model");
  EXPECT_EQ(identifier_of("\xff\n__"), "model");
  EXPECT_EQ(identifier_of("serving_default_input:0"), "serving_default_input_0");
  for (const char *name : {"a;b", "9", "while", " x "}) EXPECT_TRUE(is_identifier(identifier_of(name))) << name;
}

TEST(Identifier, foreign_text_cannot_leave_a_comment) {
  EXPECT_EQ(comment_text("a*/ int x; /*b"), "a* / int x; / *b");
  EXPECT_EQ(comment_text("a\n#error b\\"), "a_#error b_");
  EXPECT_EQ(comment_text("serving_default:0"), "serving_default:0");
}

TEST(Identifier, only_words_that_are_no_keywords_pass) {
  EXPECT_TRUE(is_identifier("_kws2"));
  for (const char *name : {"", "2x", "a-b", "class", "a b"}) EXPECT_FALSE(is_identifier(name)) << name;
}

}  // namespace
}  // namespace whit
