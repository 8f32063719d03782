// SPDX-License-Identifier: Apache-2.0
// feature_products: each output is a product of features: polynomial features.
//
// inputs:  0 data: float32 or int16, one row of F features
//          1 ends: O, int32: behind the last factor of each output
//          2 factors: the features that are multiplied, int16; one more at the end, which is not read, so that there is one
#pragma once

#include <vector>

#include "ops/op_def.hpp"

namespace whit {

// Adds the constants and a node; its output is of the data's type. An empty term is 1. Integers are taken for 32768ths of their
// unit, and so are products: one of n features has as its unit the product of theirs (an empty one: 1 / 32767).
TensorId add_feature_products(Graph &graph, TensorId data, const std::vector<std::vector<int64_t>> &terms, const std::string &place);

}  // namespace whit
