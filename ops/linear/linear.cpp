// SPDX-License-Identifier: Apache-2.0
// The linear operator: inference, kernel, random instances, and real models made integers.
#define WHIT_HOST
#include "ops/linear/linear.hpp"

#include <algorithm>
#include <cmath>

#include "device/core/linear.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

constexpr int64_t most_features = 32767, most_rows = 32767, most_shift = 17;
constexpr double most_sum = 2147483000.0, most_sum_to_shift = 2147300000.0;

[[noreturn]] void refuse(const NodeView &node, std::string found, std::string supported) {
  throw UserError({node.place(), std::move(found), std::move(supported), "the model file may be damaged"});
}

std::string result_of(const NodeView &node) { return node.attributes().text("result", "label"); }
bool names_class(const NodeView &node) { return result_of(node) == "label" || result_of(node) == "pairs"; }

// K of K (K - 1) / 2 pairs; 0 where there is none.
int64_t classes_of_pairs(int64_t rows) {
  const auto classes = static_cast<int64_t>(std::llround((1 + std::sqrt(1.0 + 8.0 * static_cast<double>(rows))) / 2));
  return classes * (classes - 1) / 2 == rows ? classes : 0;
}

int64_t classes_of(const NodeView &node) {
  const int64_t rows = node.input(1).shape[0];
  return result_of(node) == "pairs" ? classes_of_pairs(rows) : std::max<int64_t>(2, rows);
}

bool legal_types(ElementType data, ElementType weights, ElementType bias) {
  if (data == ElementType::float32) return weights == data && bias == data;
  return (data == ElementType::int8 || data == ElementType::uint8 || data == ElementType::int16) &&
         (weights == ElementType::int8 || weights == ElementType::int16) && bias == ElementType::int32;
}

int64_t shift_of(const NodeView &node) { return node.attributes().integer("shift", 0); }

// Sums of the largest magnitudes must fit, whatever the features are.
void check_sums(const NodeView &node) {
  if (node.input(0).type == ElementType::float32) return;
  const Interval range = stored_range(node.input(0).type);
  const int64_t largest = std::max(std::abs(range.low), std::abs(range.high));
  const auto bias = values_of<int32_t>(*node.input(2).constant);
  const auto features = static_cast<size_t>(node.input(1).shape[1]);
  const Bytes &bytes = *node.input(1).constant;
  const auto weight = [&](size_t index) {
    if (node.input(1).type == ElementType::int8) return int64_t{static_cast<int8_t>(bytes[index])};
    int16_t value = 0;
    std::memcpy(&value, &bytes[2 * index], sizeof value);
    return int64_t{value};
  };
  for (size_t row = 0; row < bias.size(); ++row) {
    int64_t sum = std::abs(int64_t{bias[row]});
    for (size_t feature = 0; feature < features; ++feature) sum += largest * std::abs(weight(row * features + feature));
    if (sum > INT32_MAX) refuse(node, fmt::format("sums of row {} up to {}", row, sum), "sums that fit 32 bits");
  }
}

std::vector<TensorType> infer(const NodeView &node) {
  const Tensor &data = node.input(0), &weights = node.input(1), &bias = node.input(2);
  if (!legal_types(data.type, weights.type, bias.type) || !weights.is_constant() || !bias.is_constant())
    refuse(node, fmt::format("data {}, weights {}, bias {}", name_of(data.type), name_of(weights.type), name_of(bias.type)),
           "integers with constant int8 or int16 weights and int32 bias, or float32 throughout");
  if (weights.shape.size() != 2 || weights.shape[1] != data.elements() || weights.shape[0] != bias.elements() ||
      weights.shape[0] > most_rows || data.elements() > most_features)
    refuse(node, fmt::format("data {}, weights {}, bias {}", text_of(data.shape), text_of(weights.shape), text_of(bias.shape)),
           "F features, weights K x F, bias K");
  const std::string result = result_of(node), activation = node.attributes().text("activation", "none");
  const int64_t rows = weights.shape[0];
  if (activation != "none" && (activation != "relu" || (result != "integers" && result != "scores")))
    refuse(node, fmt::format("activation '{}' of result '{}'", activation, result), "none, or relu of integers or scores");
  if (shift_of(node) < 0 || shift_of(node) > most_shift) refuse(node, fmt::format("a shift of {}", shift_of(node)), "0 to 17");
  check_sums(node);
  if (result == "integers" && bias.type != ElementType::float32) return {{ElementType::int16, {1, rows}}};
  if (result == "scores") return {{bias.type, {1, rows}}};
  if (result == "reals") return {{ElementType::float32, {1, rows}}};
  if (result != "label" && result != "pairs") refuse(node, fmt::format("result '{}'", result), "label, pairs, scores, reals, integers of integers");
  if (classes_of(node) == 0) refuse(node, fmt::format("{} rows for pairs of classes", rows), "1, 3, 6, 10...");
  return {{classes_of(node) <= 256 ? ElementType::uint8 : ElementType::int32, {1}}};
}

bool fits(const NodeView &) { return true; }

int8_t result_code(const std::string &result) {
  if (result == "pairs") return linear_result_pairs;
  if (result == "scores") return linear_result_scores;
  if (result == "integers") return linear_result_integers;
  return result == "reals" ? linear_result_reals : linear_result_label;
}

KernelCall call_by(const NodeView &node, std::string_view products) {
  const Tensor &data = node.input(0), &weights = node.input(1), &bias = node.input(2);
  const LinearParameters p{.features = static_cast<int16_t>(data.elements()),
                           .rows = static_cast<int16_t>(weights.shape[0]),
                           .classes = static_cast<int16_t>(names_class(node) ? classes_of(node) : weights.shape[0]),
                           .label_bytes = static_cast<int16_t>(node.output().type == ElementType::uint8 ? 1 : 4),
                           .result = result_code(result_of(node)),
                           .shift = static_cast<int8_t>(shift_of(node)),
                           .relu = static_cast<int8_t>(node.attributes().text("activation", "none") == "relu"),
                           .data = static_cast<int8_t>(data.type),
                           .weights = static_cast<int8_t>(weights.type),
                           .scale = static_cast<float>(node.attributes().real("scale", 1.0))};
  KernelCall result{
      .function = fmt::format("linear<{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}>", products, c_type_of(bias.type), p.result, p.features, p.rows,
                              p.classes, p.label_bytes, p.shift, p.relu, c_type_of(data.type), c_type_of(weights.type)),
      .parameters = parameters_from(p),
      .constants = {{"weights", weights.type, *weights.constant}, {"bias", bias.type, *bias.constant}},
      .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1), output_argument()}};
  if (p.result == linear_result_pairs) result.arguments.push_back(scratch_argument());  // of the votes
  return result;
}

KernelCall call(const NodeView &node) { return call_by(node, "LinearProducts"); }

// Of each four weights of a row the middle two exchanged.
template <typename Weight>
Bytes exchanged(const Tensor &weights) {
  auto values = values_of<Weight>(*weights.constant);
  const auto features = static_cast<size_t>(weights.shape[1]);
  for (size_t row = 0; row < values.size(); row += features)
    for (size_t four = 0; four + 4 <= features; four += 4) std::swap(values[row + four + 1], values[row + four + 2]);
  return bytes_of(values);
}

bool fits_dsp(const NodeView &node) { return node.input(0).type != ElementType::float32; }

KernelCall call_dsp(const NodeView &node) {
  KernelCall result = call_by(node, "LinearProductsDsp");
  const bool wide_data = node.input(0).type == ElementType::int16, wide_weights = node.input(1).type == ElementType::int16;
  if (wide_data != wide_weights) result.constants[0].bytes = wide_weights ? exchanged<int16_t>(node.input(1)) : exchanged<int8_t>(node.input(1));
  return result;
}

bool fits_bytes(const NodeView &node) { return node.input(0).type == ElementType::int16; }
KernelCall call_bytes(const NodeView &node) { return call_by(node, "LinearProductsBytes"); }

template <typename Sum, typename Element, typename Weight>
void run(std::span<void *const> arguments) {
  linear_by<LinearProducts, Sum>(*static_cast<const LinearParameters *>(arguments[0]), static_cast<const Element *>(arguments[1]),
                 static_cast<const Weight *>(arguments[2]), static_cast<const Sum *>(arguments[3]), arguments[4],
                 arguments.size() > 5 ? arguments[5] : nullptr);
}

template <typename Element>
void run_integers(std::span<void *const> arguments) {
  if (static_cast<const LinearParameters *>(arguments[0])->weights == static_cast<int8_t>(ElementType::int8))
    return run<int32_t, Element, int8_t>(arguments);
  run<int32_t, Element, int16_t>(arguments);
}

void host(std::span<void *const> arguments) {
  switch (static_cast<ElementType>(static_cast<const LinearParameters *>(arguments[0])->data)) {
    case ElementType::int8: return run_integers<int8_t>(arguments);
    case ElementType::uint8: return run_integers<uint8_t>(arguments);
    case ElementType::int16: return run_integers<int16_t>(arguments);
    default: return run<float, float, float>(arguments);
  }
}

int64_t macs(const NodeView &node) { return node.input(1).elements(); }

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 11;
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)),
          .constant_bytes = static_cast<double>(node.input(1).bytes() + node.input(2).bytes())};
}

int64_t scratch(const NodeView &node) { return result_of(node) == "pairs" ? 2 * classes_of(node) : 0; }

Cost cost_by(const NodeView &node, double cycles_per_mac, double code_bytes) {
  constexpr double cycles_per_row = 20;
  Cost result = cost(node);
  result.cycles = cycles_per_mac * static_cast<double>(macs(node)) + cycles_per_row * static_cast<double>(node.input(1).shape[0]);
  result.code_bytes = code_bytes;
  return result;
}

Cost cost_dsp(const NodeView &node) { return cost_by(node, 2.5, 60); }
Cost cost_bytes(const NodeView &node) { return cost_by(node, 9, 0); }

constexpr Kernel kernels[] = {
    {.name = "linear_dsp", .header = "ops/linear/linear.dsp.kernel.hpp", .features = {Feature::dsp}, .fits = fits_dsp, .call = call_dsp,
     .cost = cost_dsp, .scratch = scratch},
    {.name = "linear_bytes", .header = "ops/linear/linear.bytes.kernel.hpp", .features = {Feature::mul8, Feature::program_memory},
     .fits = fits_bytes, .call = call_bytes, .cost = cost_bytes, .scratch = scratch},
    {.name = "linear", .header = "device/core/linear.hpp", .fits = fits, .call = call, .host = host, .cost = cost,
     .scratch = scratch},
};

Graph random_linear(std::mt19937 &random, ElementType type) {
  static constexpr const char *results[] = {"label", "pairs", "scores", "reals", "integers"};
  RandomGraphBuilder build(random, "linear");
  LinearModel model{.features = build.between(1, 20), .result = results[build.between(0, type == ElementType::float32 ? 3 : 4)]};
  const int64_t rows = model.result == "pairs" ? std::vector<int64_t>{1, 3, 6, 10}[static_cast<size_t>(build.between(0, 3))] : build.between(1, 7);
  for (int64_t index = 0; index < rows * model.features; ++index) model.weights.push_back(static_cast<double>(build.real_between(-1, 1)));
  for (int64_t row = 0; row < rows; ++row) model.bias.push_back(static_cast<double>(build.real_between(-2, 2)));
  Graph graph{.name = "linear"};
  graph.inputs = {graph.add_tensor({.name = "input", .type = type, .shape = {1, model.features}})};
  model.relu = (model.result == "integers" || model.result == "scores") && build.between(0, 1) == 0;
  if (build.between(0, 1) == 0) model.largest = 0.5;
  const LinearOptions options{.type = type, .scales = {0.01}, .weight_bits = build.between(0, 1) == 0 ? 8 : 16};
  graph.outputs = {add_linear(graph, graph.inputs[0], model, options, "random instance")};
  return graph;
}

Graph random_float(std::mt19937 &random) { return random_linear(random, ElementType::float32); }
Graph random_int8(std::mt19937 &random) { return random_linear(random, ElementType::int8); }
Graph random_uint8(std::mt19937 &random) { return random_linear(random, ElementType::uint8); }
Graph random_int16(std::mt19937 &random) { return random_linear(random, ElementType::int16); }

constexpr AttributeRules<4> attributes{{{"activation", AttributeKind::text}, {"result", AttributeKind::text}, {"scale", AttributeKind::real}, {"shift", AttributeKind::integer}}};
constexpr RandomGraph random_graphs[] = {random_float, random_int8, random_uint8, random_int16};

// Weights of one row for stored features.
std::vector<double> stored_weights(const LinearModel &model, const LinearOptions &options, size_t row) {
  std::vector<double> result;
  for (size_t feature = 0; feature < static_cast<size_t>(model.features); ++feature) {
    const double scale = options.scales.empty() ? 1 : options.scales[options.scales.size() == 1 ? 0 : feature];
    result.push_back(model.weights[row * static_cast<size_t>(model.features) + feature] * scale);
  }
  return result;
}

// What one step of the integers must be worth at least, so that weights fit their type and sums 32 bits.
double least_unit(const std::vector<double> &weights, double bias, const LinearOptions &options, double limit) {
  const Interval range = stored_range(options.type);
  const auto largest = static_cast<double>(std::max(std::abs(range.low), std::abs(range.high)));
  double sum = std::abs(bias), most = 0;
  for (double weight : weights) {
    sum += std::abs(weight) * largest;
    most = std::max(most, std::abs(weight));
  }
  const double rounding = largest * static_cast<double>(weights.size()) / 2 + 1;  // half a step for each weight
  const double levels = options.weight_bits == 8 ? 127 : 32767;
  return std::max({most / levels, sum / (limit - rounding), 1e-30});
}

struct IntegerRows {
  std::vector<int32_t> weights{}, bias{};
  double unit = 1;
};

IntegerRows integer_rows(const LinearModel &model, const LinearOptions &options) {
  IntegerRows result{.unit = 0};
  std::vector<double> units;
  for (size_t row = 0; row < model.rows(); ++row) {
    units.push_back(least_unit(stored_weights(model, options, row), model.bias[row], options, model.result == "integers" ? most_sum_to_shift : most_sum));
    result.unit = std::max(result.unit, units.back());
  }
  for (size_t row = 0; row < model.rows(); ++row) {
    const double unit = model.result == "pairs" ? units[row] : result.unit;
    for (double weight : stored_weights(model, options, row)) result.weights.push_back(static_cast<int32_t>(std::llround(weight / unit)));
    result.bias.push_back(static_cast<int32_t>(std::llround(model.bias[row] / unit)));
  }
  return result;
}

// The largest size of a sum, whatever the features are.
int64_t largest_sum(const IntegerRows &rows, const LinearOptions &options) {
  const Interval range = stored_range(options.type);
  const int64_t largest = std::max(std::abs(range.low), std::abs(range.high));
  const size_t features = rows.weights.size() / rows.bias.size();
  int64_t most = 0;
  for (size_t row = 0; row < rows.bias.size(); ++row) {
    int64_t sum = std::abs(int64_t{rows.bias[row]});
    for (size_t feature = 0; feature < features; ++feature) sum += largest * std::abs(int64_t{rows.weights[row * features + feature]});
    most = std::max(most, sum);
  }
  return most;
}

// Brings sums into 16 bits: the least shift that leaves room for all sums, or for those up to the model's largest. A half
// goes into the bias, the shift into the unit.
int shift_to_16_bits(IntegerRows &rows, const LinearModel &model, const LinearOptions &options) {
  auto most = static_cast<double>(largest_sum(rows, options));
  if (model.largest > 0) most = std::min(most, model.largest / rows.unit);
  int shift = 0;
  const auto half = [&] { return shift == 0 ? 0 : int64_t{1} << (shift - 1); };
  while (most + static_cast<double>(half()) >= std::ldexp(32768.0, shift)) ++shift;
  for (int32_t &bias : rows.bias) bias += static_cast<int32_t>(half());
  rows.unit *= std::ldexp(1.0, shift);
  return shift;
}

Bytes narrowed(const std::vector<int32_t> &values, ElementType type) {
  if (type == ElementType::int8) return bytes_of(std::vector<int8_t>(values.begin(), values.end()));
  return bytes_of(std::vector<int16_t>(values.begin(), values.end()));
}

Bytes float_bytes(const std::vector<double> &values) { return bytes_of(std::vector<float>(values.begin(), values.end())); }

}  // namespace

TensorId add_linear(Graph &graph, TensorId data, const LinearModel &model, const LinearOptions &options, const std::string &place) {
  for (const auto *values : {&model.weights, &model.bias})
    for (double value : *values)
      if (!std::isfinite(value) || std::abs(value) > 1e30)
        throw UserError({place, fmt::format("a weight of {}", value), "finite weights up to 1e30", "samples or features of such a size make it so, or a damaged model file"});
  const Shape shape = {static_cast<int64_t>(model.rows()), model.features}, rows = {shape[0]};
  Node node{.op = "linear", .inputs = {data}, .attributes = {{"result", model.result}}, .origin = place};
  if (model.relu) node.attributes.set("activation", "relu");
  double scale = 1;
  if (options.type == ElementType::float32) {
    node.inputs.push_back(graph.add_constant("weights", ElementType::float32, shape, float_bytes(model.weights)));
    node.inputs.push_back(graph.add_constant("bias", ElementType::float32, rows, float_bytes(model.bias)));
  } else {
    const ElementType type = options.weight_bits == 8 ? ElementType::int8 : ElementType::int16;
    IntegerRows integers = integer_rows(model, options);
    if (model.result == "integers") node.attributes.set("shift", int64_t{shift_to_16_bits(integers, model, options)});
    scale = integers.unit;
    node.inputs.push_back(graph.add_constant("weights", type, shape, narrowed(integers.weights, type)));
    node.inputs.push_back(graph.add_constant("bias", ElementType::int32, rows, bytes_of(integers.bias)));
  }
  if (model.result == "reals") node.attributes.set("scale", scale);
  const TensorType type = infer(NodeView(graph, node)).at(0);
  Tensor output{.name = model.result, .type = type.type, .shape = type.shape};
  if ((model.result == "scores" || model.result == "integers") && type.type != ElementType::float32) output.quantization = {.scales = {static_cast<float>(scale)}, .zero_points = {0}};
  node.outputs = {graph.add_tensor(std::move(output))};
  const TensorId result = node.outputs[0];
  graph.nodes.push_back(std::move(node));
  return result;
}

extern const OpDef linear_op;
constinit const OpDef linear_op = complete(
    {.name = "linear", .summary = "weighted sums of features: the largest, votes of pairs, or the sums", .least_inputs = 3,
     .most_inputs = 3, .quantization = QuantizationRule::fixed_output, .attributes = attributes, .infer = infer,
     .kernels = kernels, .random_graphs = random_graphs, .macs = macs,
     .limits = "one row of float32, int8, uint8 or int16 features"});

}  // namespace whit
