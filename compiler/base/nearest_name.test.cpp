// SPDX-License-Identifier: Apache-2.0
// Near names are named, far ones are not.
#include "compiler/base/nearest_name.hpp"

#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace whit {
namespace {

TEST(NearestName, the_nearest_of_the_near_is_meant) {
  const std::string names[] = {"nucleo-l476rg", "nucleo-l4r5zi", "conv2d", "compile"};
  for (const auto &[word, name] : {std::pair{"nucleo-l4r5z", "nucleo-l4r5zi"}, {"Conv_2D", "conv2d"}, {"complie", "compile"}, {"compile", "compile"}})
    EXPECT_EQ(name_hint(word, names, "look"), fmt::format("did you mean {}?", name));
}

TEST(NearestName, nothing_is_guessed_where_no_name_is_near) {
  const std::string names[] = {"host", "-t"};
  for (const char *word : {"", "nope", "-x", "arduino-uno"}) EXPECT_EQ(name_hint(word, names, "look"), "look") << word;
}

}  // namespace
}  // namespace whit
