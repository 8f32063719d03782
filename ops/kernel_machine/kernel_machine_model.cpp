// SPDX-License-Identifier: Apache-2.0
// A machine in real numbers to the node's constants: floats as they are, or integers by docs/semantics.md, "kernel_machine".
#include <algorithm>
#include <cmath>

#include "ops/kernel_machine/kernel_machine.hpp"

namespace whit {

namespace {

constexpr double one = 32768, most_sum = 2147000000;

void check_numbers(const KernelMachine &machine, const std::string &place) {
  for (const auto *values : {&machine.vectors, &machine.coefficients, &machine.bias})
    for (double value : *values)
      if (!std::isfinite(value) || std::abs(value) > 1e30)
        throw UserError({place, fmt::format("a vector, coefficient or bias of {}", value), "finite numbers up to 1e30", "the model file may be damaged"});
}

double argument(const KernelMachine &machine, size_t first, size_t second) {
  const auto features = static_cast<size_t>(machine.features);
  double sum = 0;
  for (size_t index = 0; index < features; ++index) sum += machine.vectors[first * features + index] * machine.vectors[second * features + index];
  return machine.gamma * sum + machine.coef0;
}

// What an argument of samples, which are like the vectors, rarely exceeds: a few times what all but one in a hundred
// pairs of vectors reach, and not above the largest. A lone outlier would cost all others their fine steps.
double largest_argument(const KernelMachine &machine) {
  if (machine.largest > 0) return machine.largest;
  constexpr size_t most_products = 20'000'000;
  constexpr double room = 4;
  const auto count = static_cast<size_t>(machine.count());
  const size_t step = 1 + count * count / std::max<size_t>(1, most_products / static_cast<size_t>(machine.features));
  std::vector<double> arguments;
  for (size_t pair = 0; pair < count * count; pair += step) arguments.push_back(std::abs(argument(machine, pair / count, pair % count)));
  std::ranges::sort(arguments);
  return std::clamp(room * arguments[arguments.size() * 99 / 100], 1e-30, std::max(arguments.back(), 1e-30));
}

// Each sum (a row, or a pair of classes) with the coefficients that count for it.
struct Sum {
  std::vector<size_t> coefficients{};
  size_t bias = 0;
};

std::vector<Sum> sums_of(const KernelMachine &machine) {
  const auto rows = static_cast<size_t>(machine.rows()), count = static_cast<size_t>(machine.count());
  std::vector<Sum> sums;
  const auto add = [&](Sum &sum, size_t begin, size_t end, size_t row) {
    for (size_t vector = begin; vector < end; ++vector) sum.coefficients.push_back(vector * rows + row);
  };
  std::vector<size_t> begin{0};
  for (int64_t group : machine.counts) begin.push_back(begin.back() + static_cast<size_t>(group));
  for (size_t row = 0; machine.counts.empty() && row < rows; ++row) {
    Sum sum{.bias = row};
    add(sum, 0, count, row);
    sums.push_back(std::move(sum));
  }
  for (size_t first = 0; first < machine.counts.size(); ++first)
    for (size_t second = first + 1; second < machine.counts.size(); ++second) {
      Sum sum{.bias = sums.size()};
      add(sum, begin[first], begin[first + 1], second - 1);
      add(sum, begin[second], begin[second + 1], first);
      sums.push_back(std::move(sum));
    }
  return sums;
}

struct SumLimits {
  double total = 0, most = 0;  // of the coefficients' sizes (and the bias's), and of one
};

SumLimits limits_of(const KernelMachine &machine, const Sum &sum, double full) {
  SumLimits limits{.total = std::abs(machine.bias[sum.bias]) / full};
  for (size_t index : sum.coefficients) {
    limits.total += std::abs(machine.coefficients[index]);
    limits.most = std::max(limits.most, std::abs(machine.coefficients[index]));
  }
  return limits;
}

// What one step of the coefficients must be worth at least, so that they fit their type and sums 32 bits. A kernel value
// of 1 in the kernel's integers stands for `full`.
double least_unit(const KernelMachine &machine, const Sum &sum, double full, int weight_bits, bool rounded) {
  const auto [total, most] = limits_of(machine, sum, full);
  const double rounding = static_cast<double>(sum.coefficients.size()) / 2 * one + 1;
  const double levels = weight_bits == 8 ? 127 : 32767;
  if (rounded) return std::max(most / levels, 1e-30);  // products lose the bits that sums have no room for
  if (rounding >= most_sum) return most;
  return std::max({most / levels, total * one / (most_sum - rounding), 1e-30});
}

struct Integers {
  std::vector<int32_t> coefficients{}, bias{};
  double unit = 0;  // of a sum
  int sum_shift = 0;
};

// How many bits of the products sums of 32 bits have no room for.
int sum_shift_of(const KernelMachine &machine, const std::vector<Sum> &sums, const std::vector<double> &units, double full) {
  int shift = 0;
  for (size_t index = 0; index < sums.size(); ++index) {
    const auto count = static_cast<double>(sums[index].coefficients.size());
    const double total = limits_of(machine, sums[index], full).total / units[index] * one + (count / 2 + 1) * one;
    while (std::ldexp(total, -shift) + count + 1 > most_sum) ++shift;
  }
  return shift;
}

Integers integers_of(const KernelMachine &machine, double full, int weight_bits, bool rounded) {
  const std::vector<Sum> sums = sums_of(machine);
  Integers result{.coefficients = std::vector<int32_t>(machine.coefficients.size(), 0)};
  std::vector<double> units;
  for (const Sum &sum : sums) units.push_back(least_unit(machine, sum, full, weight_bits, rounded));
  const double common = *std::ranges::max_element(units);
  if (machine.result != "pairs") units.assign(units.size(), common);
  if (rounded) result.sum_shift = sum_shift_of(machine, sums, units, full);
  for (size_t index = 0; index < sums.size(); ++index) {
    for (size_t at : sums[index].coefficients) result.coefficients[at] = static_cast<int32_t>(std::llround(machine.coefficients[at] / units[index]));
    result.bias.push_back(static_cast<int32_t>(std::llround(std::ldexp(machine.bias[sums[index].bias] / (units[index] * full) * one, -result.sum_shift))));
  }
  result.unit = std::ldexp(common * full / one, result.sum_shift);
  return result;
}

Bytes narrowed(const std::vector<int32_t> &values, ElementType type) {
  if (type == ElementType::int8) return bytes_of(std::vector<int8_t>(values.begin(), values.end()));
  return bytes_of(std::vector<int16_t>(values.begin(), values.end()));
}

Bytes stored_vectors(const KernelMachine &machine, double unit, ElementType type) {
  const bool wide = type == ElementType::int16;
  const Interval range = wide ? Interval{-kernel_machine_limit(machine.features), kernel_machine_limit(machine.features)} : stored_range(type);
  std::vector<int32_t> stored;
  for (double value : machine.vectors)
    stored.push_back(static_cast<int32_t>(std::clamp(std::round(value / unit), static_cast<double>(range.low), static_cast<double>(range.high))));
  return wide ? narrowed(stored, type) : bytes_of(std::vector<uint8_t>(stored.begin(), stored.end()));
}

Bytes floats(const std::vector<double> &values) { return bytes_of(std::vector<float>(values.begin(), values.end())); }

}  // namespace

TensorId add_kernel_machine(Graph &graph, TensorId data, const KernelMachine &machine, const KernelMachineOptions &options, const std::string &place) {
  check_numbers(machine, place);
  const ElementType type = graph.tensor(data).type;
  const Shape shape = {machine.count(), machine.features}, coefficients = {shape[0], machine.rows()},
              bias = {static_cast<int64_t>(machine.bias.size())};
  Node node{.op = "kernel_machine", .inputs = {data}, .attributes = {{"kernel", machine.kernel}, {"result", machine.result},
            {"gamma", machine.gamma}, {"coef0", machine.coef0}, {"degree", machine.degree}}, .origin = place};
  if (!machine.counts.empty()) node.attributes.set("counts", machine.counts);
  double scale = 1;
  if (type == ElementType::float32) {
    node.inputs.push_back(graph.add_constant("vectors", type, shape, floats(machine.vectors)));
    node.inputs.push_back(graph.add_constant("coefficients", type, coefficients, floats(machine.coefficients)));
    node.inputs.push_back(graph.add_constant("bias", type, bias, floats(machine.bias)));
  } else {
    const bool poly = machine.kernel == "poly";
    const double largest = poly ? largest_argument(machine) : 1;
    const bool wide = type == ElementType::int16;
    const Integers integers = integers_of(machine, poly ? std::pow(largest, static_cast<double>(machine.degree)) : 1, options.weight_bits, wide);
    const ElementType weights = options.weight_bits == 8 ? ElementType::int8 : ElementType::int16;
    node.inputs.push_back(graph.add_constant("vectors", type, shape, stored_vectors(machine, options.unit, type)));
    node.inputs.push_back(graph.add_constant("coefficients", weights, coefficients, narrowed(integers.coefficients, weights)));
    node.inputs.push_back(graph.add_constant("bias", ElementType::int32, bias, bytes_of(integers.bias)));
    node.attributes.set("gamma", machine.gamma * options.unit * options.unit);
    if (poly) node.attributes.set("largest", largest);
    if (wide) node.attributes.set("limit", kernel_machine_limit(machine.features));
    if (integers.sum_shift > 0) node.attributes.set("sum_shift", int64_t{integers.sum_shift});
    scale = integers.unit;
  }
  if (machine.result == "reals") node.attributes.set("scale", scale);
  const TensorType inferred = operator_of(node).infer(NodeView(graph, node)).at(0);
  Tensor output{.name = machine.result, .type = inferred.type, .shape = inferred.shape};
  if (machine.result == "scores" && inferred.type == ElementType::int32) output.quantization = {.scales = {static_cast<float>(scale)}, .zero_points = {0}};
  node.outputs = {graph.add_tensor(std::move(output))};
  const TensorId result = node.outputs[0];
  graph.nodes.push_back(std::move(node));
  return result;
}

}  // namespace whit
