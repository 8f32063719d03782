// SPDX-License-Identifier: Apache-2.0
// The gaussian operator: inference, kernel, random instances, and real models made integers.
#define WHIT_HOST
#include "ops/gaussian/gaussian.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "ops/gaussian/gaussian.kernel.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

constexpr int64_t most_features = 32767, most_classes = 32767, most_shift = 30, most_weights = 1 << 24;
constexpr int64_t most_constant = int64_t{1} << 30;

[[noreturn]] void refuse(const NodeView &node, std::string found, std::string supported) {
  throw UserError({node.place(), std::move(found), std::move(supported), "the model file may be damaged"});
}

std::string result_of(const NodeView &node) { return node.attributes().text("result", "label"); }
std::string form_of(const NodeView &node) { return node.attributes().text("form", "diagonal"); }
int64_t classes_of(const NodeView &node) { return node.input(4).elements(); }
int64_t rows_of(const NodeView &node) { return node.input(2).elements() / std::max<int64_t>(1, classes_of(node)); }
int64_t square_shift_of(const NodeView &node) { return node.attributes().integer("square_shift", 0); }
bool in_floats(const NodeView &node) { return node.input(0).type == ElementType::float32; }

int64_t weights_a_class(const NodeView &node) {
  const int64_t features = node.input(0).elements(), rows = rows_of(node);
  if (form_of(node) == "full") return rows * features;
  return form_of(node) == "diagonal" ? rows : features * (features + 1) / 2;
}

bool legal_types(const NodeView &node) {
  const ElementType data = node.input(0).type;
  const bool integers = data == ElementType::int8 || data == ElementType::uint8 || data == ElementType::int16;
  const ElementType weights = integers ? ElementType::int16 : ElementType::float32, sums = integers ? ElementType::int32 : ElementType::float32;
  return (integers || data == ElementType::float32) && node.input(1).type == weights && node.input(2).type == sums &&
         node.input(3).type == ElementType::int8 && node.input(4).type == sums;
}

void check_shapes(const NodeView &node) {
  const int64_t features = node.input(0).elements(), classes = classes_of(node), rows = rows_of(node);
  const std::string form = form_of(node);
  const std::string found = fmt::format("{} features, weights {}, offsets {}, shifts {}, constants {}, form '{}'", features, text_of(node.input(1).shape),
                                        text_of(node.input(2).shape), text_of(node.input(3).shape), text_of(node.input(4).shape), form);
  if (form != "diagonal" && form != "triangular" && form != "full") refuse(node, found, "diagonal, triangular, full");
  if (features < 1 || features > most_features || classes < 1 || classes > most_classes || rows < 1 || rows > features ||
      (form != "full" && rows != features) || node.input(2).elements() != classes * rows || node.input(3).elements() != classes * rows ||
      node.input(1).elements() > most_weights || node.input(1).elements() != classes * weights_a_class(node))
    refuse(node, found, "offsets and shifts K x R, weights as the form has them");
}

// Sums, squares and scores must fit 32 bits, whatever the features are.
void check_sums(const NodeView &node) {
  const Interval range = stored_range(node.input(0).type);
  const int64_t largest = std::max(std::abs(range.low), std::abs(range.high)), features = node.input(0).elements();
  const auto weights = values_of<int16_t>(*node.input(1).constant);
  const auto offsets = values_of<int32_t>(*node.input(2).constant);
  const std::string form = form_of(node);
  size_t at = 0;
  for (size_t row = 0; row < offsets.size(); ++row) {
    const int64_t within = static_cast<int64_t>(row) % rows_of(node), count = form == "diagonal" ? 1 : form == "full" ? features : within + 1;
    int64_t sum = std::abs(int64_t{offsets[row]});
    for (int64_t index = 0; index < count; ++index) sum += largest * std::abs(int64_t{weights[at++]});
    if (sum > INT32_MAX) refuse(node, fmt::format("sums of row {} up to {}", row, sum), "sums that fit 32 bits");
  }
  for (int8_t shift : values_of<int8_t>(*node.input(3).constant))
    if (shift < 0 || shift > most_shift) refuse(node, fmt::format("a shift of {}", shift), "0 to 30");
  for (int32_t constant : values_of<int32_t>(*node.input(4).constant))
    if (std::abs(int64_t{constant}) > most_constant) refuse(node, fmt::format("a constant of {}", constant), "up to 2^30");
  const int64_t shift = square_shift_of(node);
  if (shift < 0 || shift > most_shift || (rows_of(node) << (most_shift - shift)) > most_constant)
    refuse(node, fmt::format("{} squares shifted by {}", rows_of(node), shift), "squares that fit 30 bits in all");
}

std::vector<TensorType> infer(const NodeView &node) {
  for (size_t index = 1; index < 5; ++index)
    if (!node.input(index).is_constant()) refuse(node, "weights, offsets, shifts or constants that are none", "constants");
  if (!legal_types(node))
    refuse(node, fmt::format("data {}, weights {}, offsets {}", name_of(node.input(0).type), name_of(node.input(1).type), name_of(node.input(2).type)),
           "integers with int16 weights and int32 offsets and constants, or float32 throughout");
  check_shapes(node);
  if (!in_floats(node)) check_sums(node);
  const std::string result = result_of(node);
  if (result == "scores") return {{node.input(4).type, {1, classes_of(node)}}};
  if (result == "reals") return {{ElementType::float32, {1, classes_of(node)}}};
  if (result != "label") refuse(node, fmt::format("result '{}'", result), "label, scores, reals");
  return {{classes_of(node) <= 256 ? ElementType::uint8 : ElementType::int32, {1}}};
}

bool fits(const NodeView &) { return true; }

GaussianParameters parameters_of(const NodeView &node) {
  const std::string form = form_of(node), result = result_of(node);
  GaussianParameters p{};
  p.features = static_cast<int16_t>(node.input(0).elements());
  p.classes = static_cast<int16_t>(classes_of(node));
  p.rows = static_cast<int16_t>(rows_of(node));
  p.label_bytes = static_cast<int16_t>(node.output().type == ElementType::uint8 ? 1 : 4);
  p.form = form == "diagonal" ? gaussian_diagonal : form == "full" ? gaussian_full : gaussian_triangular;
  p.result = result == "label" ? gaussian_label : result == "scores" ? gaussian_scores : gaussian_reals;
  p.square_shift = static_cast<int8_t>(square_shift_of(node));
  p.data = static_cast<int8_t>(node.input(0).type);
  p.scale = static_cast<float>(node.attributes().real("scale", 1));
  return p;
}

KernelCall call(const NodeView &node) {
  const GaussianParameters p = parameters_of(node);
  static constexpr const char *names[] = {"weights", "offsets", "shifts", "constants"};
  KernelCall result{.function = fmt::format("gaussian<{}, {}, {}, {}, {}, {}, {}, {}>", c_type_of(node.input(2).type), p.form, p.result,
                                            p.features, p.classes, p.rows, p.label_bytes, p.square_shift),
                    .parameters = parameters_from(p), .constants = {}, .arguments = {parameters_argument(), input_argument(0)}};
  for (size_t index = 1; index < 5; ++index) {
    result.constants.push_back({names[index - 1], node.input(index).type, *node.input(index).constant});
    result.arguments.push_back(constant_argument(index - 1));
  }
  result.arguments.push_back(output_argument());
  return result;
}

template <typename Sum, typename Element, typename Weight>
void run(std::span<void *const> arguments) {
  gaussian_by(*static_cast<const GaussianParameters *>(arguments[0]), static_cast<const Element *>(arguments[1]),
              static_cast<const Weight *>(arguments[2]), static_cast<const Sum *>(arguments[3]), static_cast<const int8_t *>(arguments[4]),
              static_cast<const Sum *>(arguments[5]), arguments[6]);
}

void host(std::span<void *const> arguments) {
  switch (static_cast<ElementType>(static_cast<const GaussianParameters *>(arguments[0])->data)) {
    case ElementType::int8: return run<int32_t, int8_t, int16_t>(arguments);
    case ElementType::uint8: return run<int32_t, uint8_t, int16_t>(arguments);
    case ElementType::int16: return run<int32_t, int16_t, int16_t>(arguments);
    default: return run<float, float, float>(arguments);
  }
}

int64_t macs(const NodeView &node) { return node.input(1).elements() + node.input(2).elements(); }

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 11;
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)),
          .constant_bytes = static_cast<double>(node.input(1).bytes() + node.input(2).bytes() + node.input(3).bytes() + node.input(4).bytes())};
}

constexpr Kernel kernels[] = {
    {.name = "gaussian", .header = "ops/gaussian/gaussian.kernel.hpp", .fits = fits, .call = call, .host = host, .cost = cost},
};

template <ElementType type>
Graph random_graph(std::mt19937 &random) {
  static constexpr const char *results[] = {"label", "scores", "reals"};
  static constexpr const char *forms[] = {"diagonal", "triangular", "full"};
  RandomGraphBuilder build(random, "gaussian");
  Gaussian model{.features = build.between(1, 9), .form = forms[build.between(0, 2)], .largest = 20, .result = results[build.between(0, 2)]};
  model.rows = model.form == "full" ? build.between(1, model.features) : model.features;
  const float step = type == ElementType::float32 ? 1 : type == ElementType::int16 ? 1e-4F : 1e-2F;
  for (int64_t one = 0, classes = build.between(1, 4); one < classes; ++one) {
    model.constants.push_back(static_cast<double>(build.real_between(-2, 20)));
    for (int64_t row = 0; row < model.rows; ++row) {
      model.offsets.push_back(static_cast<double>(build.real_between(-2, 2)));
      for (int64_t feature = model.first(row); feature < model.last(row); ++feature) model.weights.push_back(static_cast<double>(build.real_between(-step, step)));
    }
  }
  Graph graph{.name = "gaussian"};
  graph.inputs = {graph.add_tensor({.name = "input", .type = type, .shape = {1, model.features}})};
  graph.outputs = {add_gaussian(graph, graph.inputs[0], model, "random instance")};
  return graph;
}

constexpr AttributeRules<4> attributes{{{"form", AttributeKind::text}, {"result", AttributeKind::text}, {"square_shift", AttributeKind::integer},
                                        {"scale", AttributeKind::real}}};
constexpr RandomGraph random_graphs[] = {random_graph<ElementType::float32>, random_graph<ElementType::int8>, random_graph<ElementType::uint8>,
                                         random_graph<ElementType::int16>};

// The integers of a model, row by row.
struct IntegerRows {
  std::vector<int16_t> weights{};
  std::vector<int32_t> offsets{}, constants{};
  std::vector<int8_t> shifts{};
  int square_shift = 0;
  double unit = 1;  // of a score
};

// One row: as many fraction bits as weights in 16 bits and sums in 32 leave. Weights beyond 16 bits move the centre no more
// than a stored step: their sums are beyond the largest anyway.
void add_row(IntegerRows &rows, std::span<const double> weights, double offset, double unit, double largest_data) {
  double most = 0, total = std::abs(offset / unit) + 1;
  for (double weight : weights) {
    most = std::max(most, std::abs(weight / unit));
    total += std::abs(weight / unit) * largest_data;
  }
  constexpr double most_sum = 2147000000;
  const double rounding = static_cast<double>(weights.size()) * largest_data / 2 + 1, shrink = std::max({1.0, most / 32767, total / (most_sum - rounding)});
  int shift = 0;
  for (; shift < most_shift && most / shrink * std::ldexp(2.0, shift) <= 32767 && total / shrink * std::ldexp(2.0, shift) <= most_sum - rounding;) ++shift;
  const double fine = std::ldexp(1.0, shift) / (unit * shrink);
  for (double weight : weights) rows.weights.push_back(static_cast<int16_t>(std::llround(weight * fine)));
  rows.offsets.push_back(static_cast<int32_t>(std::llround(offset * fine + (shift > 0 ? std::ldexp(0.5, shift) : 0))));
  rows.shifts.push_back(static_cast<int8_t>(shift));
}

IntegerRows integer_rows(const Gaussian &model, ElementType type) {
  const Interval range = stored_range(type);
  const auto largest_data = static_cast<double>(std::max(std::abs(range.low), std::abs(range.high)));
  constexpr double largest_otherwise = 512, levels = 32767;
  const double unit = (model.largest > 0 ? model.largest : largest_otherwise) / levels;
  IntegerRows rows;
  rows.square_shift = std::bit_width(static_cast<uint64_t>(model.rows - 1));
  rows.unit = unit * unit * std::ldexp(1.0, rows.square_shift);
  size_t at = 0;
  for (size_t index = 0; index < model.offsets.size(); ++index) {
    const int64_t row = static_cast<int64_t>(index) % model.rows;
    const auto count = static_cast<size_t>(model.last(row) - model.first(row));
    add_row(rows, std::span(model.weights).subspan(at, count), model.offsets[index], unit, largest_data);
    at += count;
  }
  for (double constant : model.constants)
    rows.constants.push_back(static_cast<int32_t>(std::clamp(std::round(constant / rows.unit), -static_cast<double>(most_constant), static_cast<double>(most_constant))));
  return rows;
}

Bytes floats(const std::vector<double> &values) { return bytes_of(std::vector<float>(values.begin(), values.end())); }

}  // namespace

TensorId add_gaussian(Graph &graph, TensorId data, const Gaussian &model, const std::string &place) {
  for (const auto *values : {&model.weights, &model.offsets, &model.constants})
    for (double value : *values)
      if (!std::isfinite(value) || std::abs(value) > 1e15)
        throw UserError({place, fmt::format("a weight, offset or constant of {}", value), "finite numbers up to 1e15", "the model file may be damaged"});
  const ElementType type = graph.tensor(data).type;
  Node node{.op = "gaussian", .inputs = {data}, .attributes = {{"form", model.form}, {"result", model.result}}, .origin = place};
  double scale = 1;
  const auto count = [](const auto &values) { return Shape{static_cast<int64_t>(values.size())}; };
  if (type == ElementType::float32) {
    node.inputs.push_back(graph.add_constant("weights", type, count(model.weights), floats(model.weights)));
    node.inputs.push_back(graph.add_constant("offsets", type, count(model.offsets), floats(model.offsets)));
    node.inputs.push_back(graph.add_constant("shifts", ElementType::int8, count(model.offsets), Bytes(model.offsets.size(), 0)));
    node.inputs.push_back(graph.add_constant("constants", type, count(model.constants), floats(model.constants)));
  } else {
    const IntegerRows rows = integer_rows(model, type);
    node.inputs.push_back(graph.add_constant("weights", ElementType::int16, count(rows.weights), bytes_of(rows.weights)));
    node.inputs.push_back(graph.add_constant("offsets", ElementType::int32, count(rows.offsets), bytes_of(rows.offsets)));
    node.inputs.push_back(graph.add_constant("shifts", ElementType::int8, count(rows.shifts), bytes_of(rows.shifts)));
    node.inputs.push_back(graph.add_constant("constants", ElementType::int32, count(rows.constants), bytes_of(rows.constants)));
    node.attributes.set("square_shift", int64_t{rows.square_shift});
    scale = rows.unit;
  }
  if (model.result == "reals") node.attributes.set("scale", scale);
  const TensorType inferred = infer(NodeView(graph, node)).at(0);
  Tensor output{.name = model.result, .type = inferred.type, .shape = inferred.shape};
  if (model.result == "scores" && inferred.type == ElementType::int32) output.quantization = {.scales = {static_cast<float>(scale)}, .zero_points = {0}};
  node.outputs = {graph.add_tensor(std::move(output))};
  const TensorId result = node.outputs[0];
  graph.nodes.push_back(std::move(node));
  return result;
}

extern const OpDef gaussian_op;
constinit const OpDef gaussian_op = complete(
    {.name = "gaussian", .summary = "for each class a constant less squares of weighted sums: the largest, or the scores", .least_inputs = 5,
     .most_inputs = 5, .quantization = QuantizationRule::fixed_output, .attributes = attributes, .infer = infer, .kernels = kernels,
     .random_graphs = random_graphs, .macs = macs, .limits = "one row of float32, int8, uint8 or int16 features"});

}  // namespace whit
