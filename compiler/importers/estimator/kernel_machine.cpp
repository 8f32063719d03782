// SPDX-License-Identifier: Apache-2.0
// The step "kernel_machine": kept vectors, their coefficients and a kernel; features become integers of one unit, of 8 or 16 bits.
#include "ops/kernel_machine/kernel_machine.hpp"

#include <cmath>

#include "compiler/importers/estimator/eight_bits.hpp"
#include "compiler/importers/estimator/steps.hpp"

namespace whit {

namespace {

KernelMachine read_machine(const JsonValue &step, const Sample &sample) {
  constexpr int64_t most_degree = 15, most_vectors = 32767;
  KernelMachine machine{.features = sample.count, .kernel = step.member("kernel").text(), .gamma = step.member("gamma").real()};
  if (machine.kernel != "rbf" && machine.kernel != "poly" && machine.kernel != "sigmoid") step.member("kernel").refuse("rbf, poly, sigmoid", see_the_format);
  if (step.has("coef0")) machine.coef0 = step.member("coef0").real();
  if (step.has("degree")) machine.degree = step.member("degree").integer(1, most_degree);
  if (step.has("largest")) machine.largest = step.member("largest").real();
  if (!std::isfinite(machine.gamma) || !std::isfinite(machine.coef0) || !std::isfinite(machine.largest)) step.refuse("finite gamma, coef0, largest");
  const JsonValue vectors = step.member("vectors"), coefficients = step.member("coefficients");
  if (vectors.size() == 0) vectors.refuse("one vector or more");
  machine.vectors = read_matrix(vectors, static_cast<size_t>(sample.count), "values, one a feature");
  if (coefficients.size() != vectors.size()) coefficients.refuse(fmt::format("{} rows, one for each vector", vectors.size()));
  const size_t rows = coefficients.element(0).size();
  if (rows == 0) coefficients.refuse("one sum or more");
  machine.coefficients = read_matrix(coefficients, rows, "coefficients, one a sum");
  machine.bias = step.member("bias").reals();
  if (step.has("counts")) machine.counts = step.member("counts").integers(0, most_vectors);
  return machine;
}

void check_machine(const JsonValue &step, const KernelMachine &machine) {
  const auto classes = static_cast<int64_t>(machine.counts.size());
  int64_t sum = 0;
  for (int64_t count : machine.counts) sum += count;
  if (classes > 0 && (classes < 2 || sum != machine.count() || machine.rows() != classes - 1))
    step.member("counts").refuse(fmt::format("the {} vectors of two classes or more, with a coefficient for each other class", machine.count()));
  const int64_t sums = classes > 0 ? classes * (classes - 1) / 2 : machine.rows();
  if (static_cast<int64_t>(machine.bias.size()) != sums) step.member("bias").refuse(fmt::format("{} values", sums));
}

// Labels stand a coarser unit than values do.
bool are_wide(const JsonValue &step, const std::string &result) {
  if (!step.has("vector_bits")) return result == "reals" || result == "scores";
  const int64_t bits = step.member("vector_bits").integer(8, 16);
  if (bits != 8 && bits != 16) step.member("vector_bits").refuse("8 or 16", see_the_format);
  return bits == 16;
}

Sample stored_sample(Graph &graph, const Sample &sample, KernelMachine &machine, bool wide, const std::string &place) {
  const bool movable = machine.kernel == "rbf";
  if (!wide) return eight_bit_sample(graph, sample, machine.vectors, movable, place);
  constexpr double share = 0.8;  // the vectors': other samples reach a little farther
  return narrow_sample(graph, sample, machine.vectors, movable, ElementType::int16, share * static_cast<double>(kernel_machine_limit(machine.features)), place);
}

}  // namespace

TensorId import_kernel_machine(Graph &graph, const JsonValue &step, const Sample &sample, const std::string &result) {
  KernelMachine machine = read_machine(step, sample);
  check_machine(step, machine);
  machine.result = result == "label" && !machine.counts.empty() ? "pairs" : result;
  if (machine.result == "label" && machine.rows() != 1) step.member("coefficients").refuse("one sum for a label, or counts of classes", see_the_format);
  KernelMachineOptions options;
  if (step.has("weight_bits")) options.weight_bits = static_cast<int>(step.member("weight_bits").integer(8, 16));
  if (options.weight_bits != 8 && options.weight_bits != 16) step.member("weight_bits").refuse("8 or 16", see_the_format);
  if (!sample.integers()) return add_kernel_machine(graph, real_sample(graph, sample, step.place()).tensor, machine, options, step.place());
  const Sample stored = stored_sample(graph, sample, machine, are_wide(step, result), step.place());
  options.unit = stored.scale(0);
  return add_kernel_machine(graph, stored.tensor, machine, options, step.place());
}

}  // namespace whit
