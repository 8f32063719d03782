// SPDX-License-Identifier: Apache-2.0
// The kernel_machine operator: inference, kernels, random instances.
#define WHIT_HOST
#include "ops/kernel_machine/kernel_machine.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "ops/kernel_machine/kernel_machine.kernel.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

constexpr int64_t most_features = 32767, most_vectors = 32767, most_rows = 32767, most_scratch = 3000, most_degree = 15;
constexpr int32_t one = 32768;  // a kernel value of 1

[[noreturn]] void refuse(const NodeView &node, std::string found, std::string supported) {
  throw UserError({node.place(), std::move(found), std::move(supported), "the model file may be damaged"});
}

bool in_floats(const NodeView &node) { return node.input(0).type == ElementType::float32; }
std::string result_of(const NodeView &node) { return node.attributes().text("result", "label"); }
std::string kernel_of(const NodeView &node) { return node.attributes().text("kernel", "rbf"); }

int8_t kind_of(const NodeView &node) {
  if (kernel_of(node) == "poly") return kernel_polynomial;
  return kernel_of(node) == "sigmoid" ? kernel_sigmoid : kernel_rbf;
}

int64_t vectors_of(const NodeView &node) { return node.input(1).shape[0]; }
int64_t features_of(const NodeView &node) { return node.input(0).elements(); }
int64_t rows_of(const NodeView &node) { return node.input(2).shape[1]; }

// How many vectors each group has.
std::vector<int64_t> counts_of(const NodeView &node) {
  std::vector<int64_t> counts = node.attributes().integers("counts");
  if (counts.empty()) counts = {vectors_of(node)};
  return counts;
}

int64_t groups_of(const NodeView &node) { return static_cast<int64_t>(counts_of(node).size()); }
int64_t sums_of(const NodeView &node) { return groups_of(node) == 1 ? rows_of(node) : groups_of(node) * (groups_of(node) - 1) / 2; }

int64_t scratch(const NodeView &node) {
  const int64_t votes = result_of(node) == "pairs" ? 2 * groups_of(node) : 0;
  const int64_t copy = node.input(0).type == ElementType::int16 ? 2 * features_of(node) : 0;
  return 4 * groups_of(node) * rows_of(node) + votes + copy;
}

bool legal_types(const NodeView &node) {
  const ElementType data = node.input(0).type, coefficients = node.input(2).type, bias = node.input(3).type;
  if (node.input(1).type != data) return false;
  if (data == ElementType::float32) return coefficients == data && bias == data;
  return (data == ElementType::int8 || data == ElementType::uint8 || data == ElementType::int16) &&
         (coefficients == ElementType::int8 || coefficients == ElementType::int16) && bias == ElementType::int32;
}

void check_shapes(const NodeView &node) {
  const Shape &vectors = node.input(1).shape, &coefficients = node.input(2).shape;
  const std::string found = fmt::format("data {}, vectors {}, coefficients {}, bias {}", text_of(node.input(0).shape), text_of(vectors),
                                        text_of(coefficients), text_of(node.input(3).shape));
  if (vectors.size() != 2 || coefficients.size() != 2 || vectors[0] < 1 || vectors[1] != features_of(node) || coefficients[0] != vectors[0] ||
      vectors[0] > most_vectors || features_of(node) > most_features || coefficients[1] < 1 || coefficients[1] > most_rows)
    refuse(node, found, "F features, vectors N x F, coefficients N x R");
  int64_t sum = 0;
  for (int64_t count : counts_of(node)) {
    if (count < 0 || count > most_vectors) refuse(node, fmt::format("a class of {} vectors", count), "0 to 32767");
    sum += count;
  }
  if (sum != vectors[0]) refuse(node, fmt::format("classes of {} vectors in all", sum), fmt::format("{}", vectors[0]));
  if (groups_of(node) > 1 && coefficients[1] != groups_of(node) - 1) refuse(node, found, "R one less than there are classes");
  if (node.input(3).elements() != sums_of(node)) refuse(node, found, fmt::format("a bias of {}", sums_of(node)));
}

void check_attributes(const NodeView &node) {
  const std::string result = result_of(node), kernel = kernel_of(node);
  if (kernel != "rbf" && kernel != "poly" && kernel != "sigmoid") refuse(node, fmt::format("kernel '{}'", kernel), "rbf, poly, sigmoid");
  if (result != "label" && result != "pairs" && result != "scores" && result != "reals")
    refuse(node, fmt::format("result '{}'", result), "label, pairs, scores, reals");
  if ((result == "pairs" && groups_of(node) < 2) || (result == "label" && (groups_of(node) != 1 || rows_of(node) != 1)))
    refuse(node, fmt::format("result '{}' of {} groups with {} sums", result, groups_of(node), rows_of(node)), "a label of one sum, pairs of several classes");
  const int64_t degree = node.attributes().integer("degree", 3);
  if (degree < 1 || degree > most_degree) refuse(node, fmt::format("a degree of {}", degree), "1 to 15");
  for (const char *name : {"gamma", "coef0", "largest"})
    if (!(std::abs(node.attributes().real(name, 0)) < 1e30)) refuse(node, fmt::format("{} {}", name, node.attributes().real(name, 0)), "a finite number");
  if (scratch(node) > most_scratch)
    throw UserError({node.place(), fmt::format("{} classes and {} features, which take {} bytes of scratch", groups_of(node), features_of(node), scratch(node)),
                     fmt::format("up to {} bytes", most_scratch), "use fewer classes, vectors of 8 bits, or trees"});
}

std::vector<int64_t> integers_of(const Tensor &tensor) {
  std::vector<int64_t> result;
  const auto take = [&]<typename T>(T) {
    for (T value : values_of<T>(*tensor.constant)) result.push_back(value);
  };
  if (tensor.type == ElementType::int8) take(int8_t{});
  else if (tensor.type == ElementType::uint8) take(uint8_t{});
  else if (tensor.type == ElementType::int16) take(int16_t{});
  else take(int32_t{});
  return result;
}

int64_t limit_of(const NodeView &node) { return node.attributes().integer("limit", 0); }
int64_t sum_shift_of(const NodeView &node) { return node.attributes().integer("sum_shift", 0); }

// 16-bit samples and vectors keep to a limit with which distances fit 32 bits.
void check_limit(const NodeView &node) {
  constexpr int64_t most_shift = 24;
  if (sum_shift_of(node) < 0 || sum_shift_of(node) > most_shift) refuse(node, fmt::format("a sum_shift of {}", sum_shift_of(node)), "0 to 24");
  if (node.input(0).type != ElementType::int16) return;
  if (limit_of(node) < 1 || limit_of(node) > kernel_machine_limit(features_of(node)))
    refuse(node, fmt::format("a limit of {}", limit_of(node)), fmt::format("1 to {}", kernel_machine_limit(features_of(node))));
  for (int64_t value : integers_of(node.input(1)))
    if (std::abs(value) > limit_of(node)) refuse(node, fmt::format("a vector with {}", value), fmt::format("-{0} to {0}", limit_of(node)));
}

// Sums of the largest magnitudes must fit, whatever the features are.
void check_sums(const NodeView &node) {
  const auto rows = static_cast<size_t>(rows_of(node)), groups = static_cast<size_t>(groups_of(node));
  const std::vector<int64_t> coefficients = integers_of(node.input(2)), bias = integers_of(node.input(3));
  std::vector<int64_t> sums;
  size_t at = 0;
  for (int64_t count : counts_of(node)) {
    std::vector<int64_t> group(rows, 0);
    for (int64_t vector = 0; vector < count; ++vector)
      for (int64_t &sum : group) sum += (one * std::abs(coefficients[at++]) >> sum_shift_of(node)) + (sum_shift_of(node) > 0 ? 1 : 0);
    sums.insert(sums.end(), group.begin(), group.end());
  }
  const auto check = [&](int64_t sum) {
    if (sum > INT32_MAX) refuse(node, fmt::format("sums up to {}", sum), "sums that fit 32 bits");
  };
  if (groups == 1)
    for (size_t row = 0; row < rows; ++row) check(sums[row] + std::abs(bias[row]));
  for (size_t first = 0, pair = 0; first < groups; ++first)
    for (size_t second = first + 1; second < groups; ++second, ++pair)
      check(sums[first * rows + second - 1] + sums[second * rows + first] + std::abs(bias[pair]));
}

std::vector<TensorType> infer(const NodeView &node) {
  for (size_t index = 1; index < 4; ++index)
    if (!node.input(index).is_constant()) refuse(node, "vectors, coefficients or a bias that are no constants", "constants");
  if (!legal_types(node))
    refuse(node, fmt::format("data {}, vectors {}, coefficients {}, bias {}", name_of(node.input(0).type), name_of(node.input(1).type),
                             name_of(node.input(2).type), name_of(node.input(3).type)),
           "int8, uint8 or int16 data and vectors with int8 or int16 coefficients and an int32 bias, or float32 throughout");
  check_shapes(node);
  check_attributes(node);
  if (!in_floats(node)) {
    check_limit(node);
    check_sums(node);
  }
  const std::string result = result_of(node);
  if (result == "scores") return {{node.input(3).type, {1, sums_of(node)}}};
  if (result == "reals") return {{ElementType::float32, {1, sums_of(node)}}};
  return {{groups_of(node) <= 256 ? ElementType::uint8 : ElementType::int32, {1}}};
}

bool fits(const NodeView &) { return true; }

std::vector<int64_t> norms_of(const NodeView &node) {
  const std::vector<int64_t> values = integers_of(node.input(1));
  std::vector<int64_t> norms(static_cast<size_t>(vectors_of(node)), 0);
  for (size_t index = 0; index < values.size(); ++index) norms[index / static_cast<size_t>(features_of(node))] += values[index] * values[index];
  return norms;
}

int bits_of_count(int64_t value) { return std::bit_width(static_cast<uint64_t>(std::max<int64_t>(value, 0))); }

// The largest square of a stored sample's length.
int64_t largest_norm(const NodeView &node) {
  const Interval range = stored_range(node.input(0).type);
  const int64_t largest = node.input(0).type == ElementType::int16 ? limit_of(node) : std::max(std::abs(range.low), std::abs(range.high));
  return features_of(node) * largest * largest;
}

// value * factor as value / 2^early * multiplier / 2^shift: a multiplier of 11 bits, products within `bits`.
void set_factor(KernelMachineParameters &p, double factor, int64_t largest, int bits) {
  constexpr int multiplier_bits = 11, most_shift = 31;
  int early = std::max(0, bits_of_count(largest) + multiplier_bits - bits), shift = 0;
  double multiplier = factor * std::ldexp(1.0, early);
  constexpr double most = (1 << multiplier_bits) - 1;
  for (; std::abs(multiplier) * 2 < most + 1 && shift < most_shift; multiplier *= 2) ++shift;
  p.early_shift = static_cast<int8_t>(early);
  p.shift = static_cast<int8_t>(shift);
  p.multiplier = static_cast<int16_t>(std::clamp(std::round(multiplier), -most, most));
}

std::vector<uint16_t> set_norms(const NodeView &node, KernelMachineParameters &p) {
  const std::vector<int64_t> norms = norms_of(node);
  const int64_t largest = *std::ranges::max_element(norms);
  constexpr int norm_bits = 16;
  p.norm_shift = static_cast<int8_t>(std::max(0, bits_of_count(largest) - norm_bits));
  std::vector<uint16_t> stored;
  for (int64_t norm : norms) stored.push_back(static_cast<uint16_t>(std::min<int64_t>((norm + ((int64_t{1} << p.norm_shift) >> 1)) >> p.norm_shift, 65535)));
  return stored;
}

// Arguments of kernels are in octaves / 1024, or for polynomials in 1/32768ths of the largest.
std::vector<uint16_t> set_integers(const NodeView &node, KernelMachineParameters &p) {
  const double gamma = node.attributes().real("gamma", 1), coef0 = node.attributes().real("coef0", 0);
  constexpr double octaves = 1024 / 0.69314718055994531;
  constexpr double most_constant = 1 << 29;
  const auto constant = [&](double unit) { return static_cast<int32_t>(std::clamp(std::round(coef0 * unit), -most_constant, most_constant)); };
  if (p.kind == kernel_rbf) {
    const std::vector<int64_t> norms = norms_of(node);
    set_factor(p, gamma * octaves, 2 * (largest_norm(node) + *std::ranges::max_element(norms)), 32);
    return set_norms(node, p);
  }
  const double unit = p.kind == kernel_sigmoid ? 2 * octaves : 32767 / std::max(node.attributes().real("largest", 1), 1e-30);
  set_factor(p, gamma * unit, largest_norm(node), 30);
  p.constant = constant(unit);
  return {0};
}

int8_t result_code(const std::string &result) {
  if (result == "pairs") return kernel_machine_pairs;
  if (result == "scores") return kernel_machine_sums;
  return result == "reals" ? kernel_machine_reals : kernel_machine_label;
}

KernelMachineParameters parameters_of(const NodeView &node) {
  return {.features = static_cast<int16_t>(features_of(node)),
          .groups = static_cast<int16_t>(groups_of(node)),
          .rows = static_cast<int16_t>(rows_of(node)),
          .label_bytes = static_cast<int16_t>(node.output().type == ElementType::uint8 ? 1 : 4),
          .kind = kind_of(node),
          .result = result_code(result_of(node)),
          .data = static_cast<int8_t>(node.input(0).type),
          .coefficients = static_cast<int8_t>(node.input(2).type),
          .degree = static_cast<int16_t>(node.attributes().integer("degree", 3)),
          .norm_shift = 0, .early_shift = 0, .shift = 0, .multiplier = 0,
          .limit = static_cast<int16_t>(limit_of(node)),
          .sum_shift = static_cast<int8_t>(sum_shift_of(node)),
          .constant = 0,
          .gamma = static_cast<float>(node.attributes().real("gamma", 1)),
          .offset = static_cast<float>(node.attributes().real("coef0", 0)),
          .scale = static_cast<float>(node.attributes().real("scale", 1))};
}

KernelCall call_by(const NodeView &node, std::string_view products) {
  KernelMachineParameters p = parameters_of(node);
  const std::vector<uint16_t> norms = in_floats(node) ? std::vector<uint16_t>{0} : set_integers(node, p);
  const std::vector<int64_t> counts = counts_of(node);
  return {.function = fmt::format("kernel_machine<{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}>", products, c_type_of(node.input(3).type),
                                  p.kind, p.result, p.features, p.groups, p.rows, p.degree, p.label_bytes, p.norm_shift, p.early_shift,
                                  p.shift, p.multiplier, p.limit, p.sum_shift),
          .parameters = parameters_from(p),
          .constants = {{"vectors", node.input(1).type, *node.input(1).constant},
                        {"norms", ElementType::int16, bytes_of(norms)},
                        {"coefficients", node.input(2).type, *node.input(2).constant},
                        {"counts", ElementType::int16, bytes_of(std::vector<int16_t>(counts.begin(), counts.end()))},
                        {"bias", node.input(3).type, *node.input(3).constant}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1), constant_argument(2),
                        constant_argument(3), constant_argument(4), output_argument(), scratch_argument()}};
}

KernelCall call(const NodeView &node) { return call_by(node, "KernelProducts"); }

bool fits_dsp(const NodeView &node) { return !in_floats(node); }
KernelCall call_dsp(const NodeView &node) { return call_by(node, "KernelProductsDsp"); }

template <typename Sum, typename Element, typename Coefficient>
void run(std::span<void *const> arguments) {
  kernel_machine_by<KernelProducts>(*static_cast<const KernelMachineParameters *>(arguments[0]), static_cast<const Element *>(arguments[1]),
                                    static_cast<const Element *>(arguments[2]), static_cast<const int16_t *>(arguments[3]),
                                    static_cast<const Coefficient *>(arguments[4]), static_cast<const int16_t *>(arguments[5]),
                                    static_cast<const Sum *>(arguments[6]), arguments[7], arguments[8]);
}

template <typename Element>
void run_integers(std::span<void *const> arguments) {
  if (static_cast<const KernelMachineParameters *>(arguments[0])->coefficients == static_cast<int8_t>(ElementType::int8))
    return run<int32_t, Element, int8_t>(arguments);
  run<int32_t, Element, int16_t>(arguments);
}

void host(std::span<void *const> arguments) {
  switch (static_cast<ElementType>(static_cast<const KernelMachineParameters *>(arguments[0])->data)) {
    case ElementType::int8: return run_integers<int8_t>(arguments);
    case ElementType::uint8: return run_integers<uint8_t>(arguments);
    case ElementType::int16: return run_integers<int16_t>(arguments);
    default: return run<float, float, float>(arguments);
  }
}

int64_t macs(const NodeView &node) { return node.input(1).elements() + node.input(2).elements(); }

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 9, cycles_per_vector = 60;
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)) + cycles_per_vector * static_cast<double>(vectors_of(node)),
          .constant_bytes = static_cast<double>(node.input(1).bytes() + node.input(2).bytes() + node.input(3).bytes() + 2 * vectors_of(node))};
}

Cost cost_dsp(const NodeView &node) {
  constexpr double cycles_per_mac = 3, cycles_per_vector = 60, code_bytes = 100;
  Cost result = cost(node);
  result.cycles = cycles_per_mac * static_cast<double>(macs(node)) + cycles_per_vector * static_cast<double>(vectors_of(node));
  result.code_bytes = code_bytes;
  return result;
}

constexpr Kernel kernels[] = {
    {.name = "kernel_machine_dsp", .header = "ops/kernel_machine/kernel_machine.kernel.hpp", .features = {Feature::dsp}, .fits = fits_dsp,
     .call = call_dsp, .cost = cost_dsp, .scratch = scratch},
    {.name = "kernel_machine", .header = "ops/kernel_machine/kernel_machine.kernel.hpp", .fits = fits, .call = call, .host = host,
     .cost = cost, .scratch = scratch},
};

template <ElementType type>
Graph random_graph(std::mt19937 &random) {
  static constexpr const char *results[] = {"label", "pairs", "scores", "reals"};
  static constexpr const char *names[] = {"rbf", "poly", "sigmoid"};
  RandomGraphBuilder build(random, "kernel_machine");
  KernelMachine machine{.features = build.between(1, 20), .kernel = names[build.between(0, 2)], .gamma = 0.03, .coef0 = 0.5,
                        .degree = build.between(1, 4), .result = results[build.between(0, 3)]};
  int64_t vectors = build.between(1, 12), rows = machine.result == "label" ? 1 : build.between(1, 3), biases = rows;
  if (machine.result == "pairs" || build.between(0, 1) == 0) {
    if (machine.result == "label") machine.result = "pairs";
    machine.counts = {build.between(1, 3), build.between(0, 3), build.between(1, 3)};
    vectors = machine.counts[0] + machine.counts[1] + machine.counts[2];
    rows = 2;
    biases = 3;
  }
  const auto fill = [&](std::vector<double> &values, int64_t count, float least, float most) {
    while (static_cast<int64_t>(values.size()) < count) values.push_back(static_cast<double>(build.real_between(least, most)));
  };
  fill(machine.vectors, vectors * machine.features, type == ElementType::uint8 ? 0.0F : -3.0F, type == ElementType::uint8 ? 6 : 3);
  fill(machine.coefficients, vectors * rows, -1, 1);
  fill(machine.bias, biases, -1, 1);
  Graph graph{.name = "kernel_machine"};
  graph.inputs = {graph.add_tensor({.name = "input", .type = type, .shape = {1, machine.features}})};
  const double levels = type == ElementType::int16 ? static_cast<double>(kernel_machine_limit(machine.features)) : 127;
  const KernelMachineOptions options{.unit = 3 / levels, .weight_bits = build.between(0, 1) == 0 ? 8 : 16};
  graph.outputs = {add_kernel_machine(graph, graph.inputs[0], machine, options, "random instance")};
  return graph;
}

constexpr AttributeRules<10> attributes{{{"kernel", AttributeKind::text}, {"result", AttributeKind::text}, {"gamma", AttributeKind::real},
                                        {"coef0", AttributeKind::real}, {"degree", AttributeKind::integer}, {"counts", AttributeKind::integers},
                                        {"largest", AttributeKind::real}, {"scale", AttributeKind::real}, {"limit", AttributeKind::integer}, {"sum_shift", AttributeKind::integer}}};
constexpr RandomGraph random_graphs[] = {random_graph<ElementType::float32>, random_graph<ElementType::int8>, random_graph<ElementType::uint8>,
                                         random_graph<ElementType::int16>};

}  // namespace

int64_t kernel_machine_limit(int64_t features) {
  constexpr double most_distance = 1 << 29;  // a quarter of what 32 bits hold: both squares and twice the product
  return std::min<int64_t>(32767, static_cast<int64_t>(std::sqrt(most_distance / static_cast<double>(features))));
}

extern const OpDef kernel_machine_op;
constinit const OpDef kernel_machine_op = complete(
    {.name = "kernel_machine", .summary = "weighted sums of a kernel with kept vectors: support vector machines", .least_inputs = 4,
     .most_inputs = 4, .quantization = QuantizationRule::fixed_output, .attributes = attributes, .infer = infer, .kernels = kernels,
     .random_graphs = random_graphs, .macs = macs, .limits = "one row of float32, int8, uint8 or int16 features"});

}  // namespace whit
