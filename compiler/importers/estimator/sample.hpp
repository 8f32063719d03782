// SPDX-License-Identifier: Apache-2.0
// A sample between two steps: a tensor of stored values, and the real numbers they stand for. A scaler changes only
// what they stand for; the step that reads them takes it into its own numbers, or has it computed.
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/graph.hpp"

namespace whit {

inline constexpr int64_t most_features = 32767;

struct Sample {
  TensorId tensor = no_tensor;
  ElementType type = ElementType::float32;
  int64_t count = 0;
  // real = scale * stored + offset; none (1 and 0), one for all, or one a feature.
  std::vector<double> scales{}, offsets{};

  double scale(size_t feature) const { return of(scales, feature, 1); }
  double offset(size_t feature) const { return of(offsets, feature, 0); }
  bool integers() const { return type != ElementType::float32; }
  // Whether all stand for the same multiple of what is stored.
  bool one_scale() const;
  bool no_offset() const;

 private:
  static double of(const std::vector<double> &values, size_t feature, double otherwise) {
    if (values.empty()) return otherwise;
    return values[values.size() == 1 ? 0 : feature];
  }
};

// The real numbers themselves, as float32.
Sample real_sample(Graph &graph, const Sample &sample, const std::string &place);

// Integers of `type` that stand for unit * stored + centre, with a centre for each feature.
Sample scaled_sample(Graph &graph, const Sample &sample, ElementType type, double unit, const std::vector<double> &centre, const std::string &place);

}  // namespace whit
