// SPDX-License-Identifier: Apache-2.0
// Support vector machines: votes of pairs of classes (also where the file holds Platt's curves: these only give probabilities), values, inliers.
#include <algorithm>
#include <cmath>

#include "compiler/importers/onnx/operators.hpp"
#include "ops/kernel_machine/kernel_machine.hpp"
#include "ops/linear/linear.hpp"

namespace whit::onnx_operators {

namespace {

constexpr int64_t most_vectors = 32767, most_degree = 15;

struct Kernel {
  std::string_view name, own;
};

constexpr Kernel kernels[] = {{"LINEAR", "linear"}, {"POLY", "poly"}, {"RBF", "rbf"}, {"SIGMOID", "sigmoid"}};

void read_kernel(const OnnxNode &node, KernelMachine &machine) {
  const std::string type = node.text("kernel_type", "LINEAR");
  for (const Kernel &kernel : kernels)
    if (type == kernel.name) machine.kernel = kernel.own;
  if (std::ranges::none_of(kernels, [&](const Kernel &kernel) { return type == kernel.name; })) node.fail("kernel_type " + type, "LINEAR, POLY, RBF, SIGMOID");
  const std::vector<double> parameters = node.reals("kernel_params");
  if (machine.kernel == "linear") return;
  if (parameters.size() != 3) node.fail(fmt::format("{} kernel_params", parameters.size()), "three: gamma, coef0, degree");
  machine.gamma = parameters[0];
  machine.coef0 = parameters[1];
  if (machine.kernel != "poly") return;
  if (!(parameters[2] >= 1 && parameters[2] <= most_degree) || parameters[2] != std::floor(parameters[2]))
    node.fail(fmt::format("a degree of {}", parameters[2]), fmt::format("a whole number from 1 to {}", most_degree));
  machine.degree = static_cast<int64_t>(parameters[2]);
}

// Vectors with `rows` coefficients each; the file has them row by row.
KernelMachine read_machine(const OnnxReader &reader, const OnnxNode &node, int64_t rows) {
  KernelMachine machine{.features = reader.features(node).count, .vectors = node.reals("support_vectors"), .bias = node.reals("rho")};
  read_kernel(node, machine);
  const std::vector<double> coefficients = node.reals("coefficients");
  const auto values = static_cast<int64_t>(machine.vectors.size());
  if (values == 0 || values % machine.features != 0 || values / machine.features > most_vectors)
    node.fail(fmt::format("{} values of support vectors", values), fmt::format("rows of {}, one a feature", machine.features), "export linear machines without vectors as LinearClassifier");
  const auto count = static_cast<size_t>(machine.count());
  if (coefficients.size() != count * static_cast<size_t>(rows)) node.fail(fmt::format("{} coefficients", coefficients.size()), fmt::format("{} rows of {}", rows, count));
  for (size_t vector = 0; vector < count; ++vector)
    for (size_t row = 0; row < static_cast<size_t>(rows); ++row) machine.coefficients.push_back(coefficients[row * count + vector]);
  return machine;
}

void check_bias(const OnnxNode &node, const KernelMachine &machine, int64_t sums) {
  if (static_cast<int64_t>(machine.bias.size()) != sums) node.fail(fmt::format("{} values of rho", machine.bias.size()), fmt::format("{}, one a sum", sums));
}

// Adds to each weight of `row` the vectors from `begin` to `end` by their coefficient of that number.
void add_vectors(LinearModel &model, int64_t row, const KernelMachine &machine, int64_t begin, int64_t end, int64_t coefficient) {
  for (int64_t vector = begin; vector < end; ++vector)
    for (int64_t feature = 0; feature < machine.features; ++feature)
      model.weights[static_cast<size_t>(row * machine.features + feature)] +=
          machine.coefficients[static_cast<size_t>(vector * machine.rows() + coefficient)] * machine.vectors[static_cast<size_t>(vector * machine.features + feature)];
}

// A linear kernel's vectors as weights: one row a sum.
LinearModel weights_of(const KernelMachine &machine) {
  const auto classes = static_cast<int64_t>(machine.counts.size());
  LinearModel model{.features = machine.features, .bias = machine.bias, .result = machine.result};
  model.weights.resize(machine.bias.size() * static_cast<size_t>(machine.features), 0);
  if (classes == 0) add_vectors(model, 0, machine, 0, machine.count(), 0);
  std::vector<int64_t> begins(1, 0);
  for (int64_t count : machine.counts) begins.push_back(begins.back() + count);
  for (int64_t row = 0, first = 0; first < classes; ++first)
    for (int64_t second = first + 1; second < classes; ++second, ++row) {
      add_vectors(model, row, machine, begins[static_cast<size_t>(first)], begins[static_cast<size_t>(first + 1)], second - 1);
      add_vectors(model, row, machine, begins[static_cast<size_t>(second)], begins[static_cast<size_t>(second + 1)], first);
    }
  return model;
}

TensorId add_machine(OnnxReader &reader, const OnnxNode &node, const KernelMachine &machine) {
  const TensorId data = reader.real(node);
  return machine.kernel == "linear" ? add_linear(reader.graph(), data, weights_of(machine), {}, node.place()) : add_kernel_machine(reader.graph(), data, machine, {}, node.place());
}

}  // namespace

void svm_classifier(OnnxReader &reader, const OnnxNode &node) {
  refuse_scores(reader, node);
  const int64_t classes = class_count(node);
  KernelMachine machine = read_machine(reader, node, classes - 1);
  machine.counts = node.integers("vectors_per_class");
  int64_t vectors = 0;
  for (int64_t count : machine.counts) {
    if (count < 0 || count > most_vectors) node.fail(fmt::format("{} vectors of a class", count), fmt::format("0 to {}", most_vectors));
    vectors += count;
  }
  if (static_cast<int64_t>(machine.counts.size()) != classes || vectors != machine.count())
    node.fail(fmt::format("{} vectors in {} classes", vectors, machine.counts.size()), fmt::format("the {} vectors of {} classes", machine.count(), classes));
  check_bias(node, machine, classes * (classes - 1) / 2);
  machine.result = "pairs";
  reader.set(node, 0, {.tensor = add_machine(reader, node, machine), .count = 1, .label = true});
}

void svm_regressor(OnnxReader &reader, const OnnxNode &node) {
  const std::string transform = node.text("post_transform", "NONE");
  if (transform != "NONE") node.fail("post_transform " + transform, "NONE");
  KernelMachine machine = read_machine(reader, node, 1);
  check_bias(node, machine, 1);
  machine.result = "reals";
  const TensorId sum = add_machine(reader, node, machine);
  if (node.integer("one_class", 0) == 0) return reader.set(node, 0, reader.row(sum));
  const TensorId inside = reader.emit(node, "cast", {reader.emit(node, "greater", {sum, reader.add_constant({0}, {1})})}, {{"type", "float32"}});
  const TensorId doubled = reader.emit(node, "mul", {inside, reader.add_constant({2}, {1})});
  reader.set(node, 0, reader.row(reader.emit(node, "sub", {doubled, reader.add_constant({1}, {1})})));
}

}  // namespace whit::onnx_operators
