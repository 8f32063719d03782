// SPDX-License-Identifier: Apache-2.0
// scale_features: each feature times a factor plus an offset: scalers, and stored integers in other steps.
//
// inputs:  0 data: float32, int8, uint8 or int16, one row of F features
//          1 factors: F or 1; int16 for integers, float32 for a float32 result
//          2 offsets: F or 1; int32 for integers, float32 for a float32 result
// attributes: "shift": integers are shifted right by it, rounded down (a half stands in the offset); "type": of integer
//          results, "int8" (the default) or "int16"; "least", "most": limits of real results.
#pragma once

#include <vector>

#include "ops/op_def.hpp"

namespace whit {

// result = factor * stored + offset for each feature; one of each, or one a feature.
struct FeatureScaling {
  std::vector<double> factors{};
  std::vector<double> offsets{};
  double least = -3.4e38, most = 3.4e38;
};

// Adds the constants and a node that reads `data`: a float32 result, or stored integers (int8, int16) rounded to nearest
// and limited to the type. UserError where a factor is no finite number.
TensorId add_scale_features(Graph &graph, TensorId data, ElementType result, const FeatureScaling &scaling, const std::string &place);

}  // namespace whit
