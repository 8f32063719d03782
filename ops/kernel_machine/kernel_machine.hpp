// SPDX-License-Identifier: Apache-2.0
// kernel_machine: support vector machines with a kernel, for classes, values and outliers.
//
// inputs:  0 data: float32, int8, uint8 or int16, one row of F features
//          1 vectors: N x F, of the data's type
//          2 coefficients: N x R; int8 or int16, float32 for float32 data
//          3 bias: R, or one a pair; int32, float32 for float32 data
// attributes: "kernel": "rbf", "poly", "sigmoid"; "gamma", "coef0", "degree" of it, for the stored values; "counts": how
//          many vectors each class has, where pairs of K classes are compared: then R = K - 1 and there are K (K - 1) / 2 biases;
//          "limit": for int16, the largest size of a vector's element, beyond which samples are limited; "sum_shift": by how many bits
//          products of kernel values and coefficients are rounded off.
//          "largest": for integers, the largest size of gamma x . v + coef0 that "poly" is to hold.
//          "result": "label" (one sum: 1 where above 0), "pairs" (the class with the most votes), "scores" (the sums),
//          "reals" (float32: the sums times "scale").
#pragma once

#include <string>
#include <vector>

#include "ops/op_def.hpp"

namespace whit {

// A machine in real numbers.
struct KernelMachine {
  int64_t features = 0;
  std::string kernel = "rbf";
  double gamma = 1, coef0 = 0;
  int64_t degree = 3;
  std::vector<double> vectors{};       // N x F
  std::vector<double> coefficients{};  // N x R
  std::vector<double> bias{};
  std::vector<int64_t> counts{};  // of each class, for pairs; else empty
  double largest = 0;             // of gamma x . v + coef0; 0: as far as the vectors among themselves tell
  std::string result = "label";

  int64_t count() const { return static_cast<int64_t>(vectors.size()) / features; }
  int64_t rows() const { return static_cast<int64_t>(coefficients.size()) / count(); }
};

struct KernelMachineOptions {
  double unit = 1;        // of integers: real = unit * stored, the same for all features
  int weight_bits = 16;   // 8 or 16, of the coefficients
};

// How large 16-bit values of so many features may be: distances then fit 32 bits.
int64_t kernel_machine_limit(int64_t features);

// Adds the constants and a node that reads `data`, which holds real features (float32) or integers of `unit`; the node's
// output. UserError when the numbers are none.
TensorId add_kernel_machine(Graph &graph, TensorId data, const KernelMachine &machine, const KernelMachineOptions &options, const std::string &place);

}  // namespace whit
