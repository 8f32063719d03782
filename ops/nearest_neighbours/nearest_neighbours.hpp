// SPDX-License-Identifier: Apache-2.0
// nearest_neighbours: what the vectors nearest to the sample say: their class, the mean of their values, whether it lies
// among them (local outlier factor).
//
// inputs:  0 data: float32, int8, uint8 or (not for "inlier") int16, one row of F features
//          1 vectors: N x F, of the data's type
//          2 values: N x V; uint8 or int16 classes (or float32 for float32 data) with V = 1, int16 or float32 numbers, int32 or
//            float32 pairs of reach and density for "inlier"
// attributes: "neighbours"; "result": "label", "reals" (the mean times "scale"), "inlier" (1 or 0); "classes"; "metric":
//          "euclidean" (the default) or "manhattan"; "weights": "uniform" (the default) or, for float32 data, "distance"; of
//          "inlier": "limit" of the sum of reaches times the sum of densities, "distance_shift" (even): reaches are whole numbers of 2^(-shift / 2).
#pragma once

#include <string>
#include <vector>

#include "ops/op_def.hpp"

namespace whit {

struct NearestNeighbours {
  int64_t features = 0, neighbours = 1, classes = 0;
  std::string metric = "euclidean", weights = "uniform", result = "label";
  std::vector<double> vectors{};  // N x F
  std::vector<double> values{};   // N x V: classes, numbers, or reach and density
  double limit = 0;               // of the mean density times the mean reach

  int64_t count() const { return static_cast<int64_t>(vectors.size()) / features; }
};

// How far apart two 16-bit features may lie for their squares to fit 32 bits; farther ones count as that far.
int64_t farthest_neighbour(int64_t features);

// Adds the constants and a node that reads `data`: real features, or integers that stand for `unit` times what is stored.
TensorId add_nearest_neighbours(Graph &graph, TensorId data, const NearestNeighbours &model, double unit, const std::string &place);

}  // namespace whit
