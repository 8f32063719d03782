// SPDX-License-Identifier: Apache-2.0
// gaussian: a constant less a sum of squares for each class: naive Bayes, discriminants, mixtures, distances from a centre.
//
// inputs:  0 data: float32, int8, uint8 or int16, one row of F features
//          1 weights, class by class, row by row: K x R (form "diagonal", R = F), K x F (F + 1) / 2 ("triangular", R = F: row r
//            reads the features up to r), K x R x F ("full"); int16, float32 for float32 data
//          2 offsets: K x R, what each sum begins with; int32, float32 for float32 data
//          3 shifts: K x R, int8, of integer sums
//          4 constants: K; int32, float32 for float32 data
// attributes: "form"; "result": "label" (the class with the largest score; of one class 1 where it is above 0), "scores",
//          "reals" (float32: the scores times "scale"); "square_shift": of each integer square.
#pragma once

#include <string>
#include <vector>

#include "ops/op_def.hpp"

namespace whit {

// In real numbers: score[k] = constants[k] - sum over r of (offsets[k][r] + sum over f of weights[k][r][f] x[f])^2.
struct Gaussian {
  int64_t features = 0, rows = 0;
  std::string form = "diagonal";
  std::vector<double> weights{};  // as many a row as the form has
  std::vector<double> offsets{};
  std::vector<double> constants{};
  double largest = 0;  // size of sums that integers are to hold; 0: 512
  std::string result = "label";

  size_t classes() const { return constants.size(); }
  // Which feature row `row` begins with, and behind which it ends.
  int64_t first(int64_t row) const { return form == "diagonal" ? row : 0; }
  int64_t last(int64_t row) const { return form == "full" ? features : row + 1; }
};

// Adds the constants and a node that reads `data` (its stored values); the node's output. UserError when numbers are none.
TensorId add_gaussian(Graph &graph, TensorId data, const Gaussian &model, const std::string &place);

}  // namespace whit
