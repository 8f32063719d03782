// SPDX-License-Identifier: Apache-2.0
// map_features: each output is a function of one feature: steps, or lines between knots.
//
// inputs:  0 data: float32, int8, uint8 or int16, one row of F features
//          1 sources: O, int16: the feature of each output
//          2 ends: O, int32: behind the last knot of each output; it has at least one
//          3 places: of all knots, rising within an output; int32, float32 for float32 data
//          4 values: of all knots; int16, float32 for float32 data
// attributes: "lines": 1 for lines between knots, 0 (the default) for steps.
#pragma once

#include "ops/op_def.hpp"

namespace whit {

// In the tensors' own numbers: places as they are stored in the data, values as they are to be stored.
struct FeatureMap {
  bool lines = false;
  std::vector<int16_t> sources{};
  std::vector<int32_t> ends{};
  std::vector<double> places{}, values{};
};

// Adds the constants and a node that reads `data`; the node's output (int16, or float32 for float32 data).
TensorId add_map_features(Graph &graph, TensorId data, const FeatureMap &map, const std::string &place);

}  // namespace whit
