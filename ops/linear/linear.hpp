// SPDX-License-Identifier: Apache-2.0
// linear: sums of weighted features: logistic and linear regression, linear support vector machines, discriminants.
//
// inputs:  0 data: float32, int8, uint8 or int16, one row of F features
//          1 weights: K x F; int8 or int16, float32 for float32 data
//          2 bias: K; int32, float32 for float32 data
// attributes: "result": "label" (the default: the class with the largest sum, ties to the lowest; with one row 1 if the
//          sum is above 0, else 0), "pairs" (a row for each pair of classes votes for one of them; the class with most
//          votes), "scores" (the sums), "reals" (float32: the sums times "scale"), "integers" (int16:
//          the sums shifted right by "shift", limited to the type). "activation": "relu" makes negative scores and integers 0.
#pragma once

#include <vector>

#include "ops/op_def.hpp"

namespace whit {

// A linear model in real numbers, and how it becomes integers.
struct LinearModel {
  int64_t features = 0;
  std::vector<double> weights{};  // K x F
  std::vector<double> bias{};     // K
  std::string result = "label";
  double largest = 0;  // size of sums that "integers" are to hold; 0: all there can be
  bool relu = false;   // of scores and integers

  size_t rows() const { return bias.size(); }
};

struct LinearOptions {
  ElementType type = ElementType::float32;
  std::vector<double> scales{};  // of integers: real = scale * stored; one a feature, one for all, or none for 1
  int weight_bits = 16;          // 8 or 16
};

// Adds the constants and a node that reads `data`; the node's output. The integers are as fine as 32-bit sums allow for
// every value of the type; each row of "pairs" has its own unit. UserError when weights are not finite.
TensorId add_linear(Graph &graph, TensorId data, const LinearModel &model, const LinearOptions &options, const std::string &place);

}  // namespace whit
