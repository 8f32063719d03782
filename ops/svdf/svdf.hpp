// SPDX-License-Identifier: Apache-2.0
// svdf: a fully connected layer whose weights are cut into features and time. Inputs data (batch x features), feature
// weights (filters x features), time weights (filters x memory), bias (units, optional), state (batch x filters * memory, a
// variable, also the last output); attributes "rank", the filters of a unit, and "activation", which integers ignore.
#pragma once

#include "ops/op_def.hpp"

namespace whit {

struct SvdfSize {
  int64_t batches = 0, features = 0, units = 0, rank = 0, memory = 0;

  int64_t filters() const { return units * rank; }
};

SvdfSize svdf_size(const NodeView &node);

// The factors from sums over features to the state's scale, and from sums over time to the output's. Scales are
// multiplied and divided in single precision, as in the reference.
QuantizedMultiplier svdf_feature_multiplier(const NodeView &node);
QuantizedMultiplier svdf_time_multiplier(const NodeView &node);

}  // namespace whit
