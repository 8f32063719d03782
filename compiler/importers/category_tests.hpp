// SPDX-License-Identifier: Apache-2.0
// Splits that ask whether a feature is one of a set of categories (whole numbers): each different question becomes a feature of its own, 1 where
// the answer is yes, so that trees need no copy of what follows for each category.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ops/tree_ensemble/tree_model.hpp"

namespace whit {

struct CategoryTest {
  int64_t feature = 0;
  std::vector<int64_t> categories{};  // rising; numbers lose their fraction before they are compared
  bool missing = false;               // the answer for not-a-number
  bool above_minus_one = false;       // whether numbers between -1 and 0 are category 0

  auto operator<=>(const CategoryTest &) const = default;
};

// A place from which on the answer to a test is yes, or no.
struct CategoryStep {
  double place = 0;
  bool yes = false;
};

// The answer to not-a-number and to all numbers below the categories, at the two places; then each run of categories as a step up and a step down, both
// so much `early`.
std::vector<CategoryStep> steps_of(const CategoryTest &test, double missing_at, double numbers_at, double early);

class CategoryTests {
 public:
  // Behind `features` that come in.
  explicit CategoryTests(int64_t features) : features_(features) {}

  bool empty() const { return numbers_.empty(); }
  // The features that come in and those that answer. UserError, beginning with `place`, where they are too many.
  int64_t columns(const std::string &place) const;
  // In the order of the features that answer.
  std::vector<const CategoryTest *> tests() const;
  // The features that answer take their places behind the others; a UserError, beginning with `place`, for a feature that is none of those.
  void place_answers(TreeModel &model, const std::string &place) const;
  // What stands for the feature that answers until there is a graph; it is tested against a threshold of a half. Categories are
  // 0 to 2^24. UserError, beginning with `place`, where all sets together hold more categories than any chip.
  int64_t feature_of(CategoryTest test, const std::string &place);
  // A graph of one input and the trees of the model, which tests those features too. UserError, places beginning with `place`, as of tree_model_graph.
  Graph graph(TreeModel model, const TreeModelOptions &options, const std::string &place) const;

 private:
  static constexpr int64_t first_answer = int64_t{1} << 32;  // beyond the numbers in files

  TensorId add_answers(Graph &graph, TensorId data, const std::string &place) const;

  int64_t features_;
  size_t categories_ = 0;  // of all tests
  std::map<CategoryTest, int64_t> numbers_{};
};

}  // namespace whit
