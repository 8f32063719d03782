// SPDX-License-Identifier: Apache-2.0
// The lstm operator: inference, kernels and the facts they declare.
#define WHIT_HOST
#include "ops/lstm/lstm.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/activation_range.hpp"
#include "ops/int16/sigmoid_int16.hpp"
#include "ops/lstm/lstm.kernel.hpp"
#include "ops/lstm/lstm_dsp.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

using enum ElementType;
using namespace lstm_input;

constexpr size_t gates = lstm_gate_count;
constexpr double gate_scale = 1.0 / 4096, function_scale = 1.0 / 32768;  // of the sums, of what the functions give

bool time_major(const NodeView &node) { return node.attributes().integer("time_major") != 0; }

bool shapes_suit(const NodeView &node) {
  if (node.input(data).shape.size() != 3 || node.input(weights).shape.size() != 2) return false;
  const LstmSize size = lstm_size(node);
  for (size_t gate = 0; gate < gates; ++gate)
    if (node.input(weights + gate).shape != Shape{size.units, size.inputs} ||
        node.input(recurrent + gate).shape != Shape{size.units, size.units} ||
        node.input(bias + gate).elements() != size.units)
      return false;
  for (size_t state : {hidden, cell})
    if (!node.input(state).variable || node.input(state).elements() != size.batches * size.units) return false;
  return true;
}

std::vector<TensorType> infer(const NodeView &node) {
  if (!shapes_suit(node))
    throw UserError({node.place(),
                     fmt::format("data {} with weights {} and recurrent weights {}", text_of(node.input(data).shape),
                                 text_of(node.input(weights).shape), text_of(node.input(recurrent).shape)),
                     "data B x T x I, four weights U x I, four U x U, four biases U, two variables B x U",
                     "the model file may be damaged"});
  Shape shape = node.input(data).shape;
  shape[2] = lstm_size(node).units;
  return {{node.input(data).type, shape},
          {node.input(hidden).type, node.input(hidden).shape},
          {node.input(cell).type, node.input(cell).shape}};
}

bool constants_are(const NodeView &node, size_t first, ElementType type) {
  for (size_t gate = 0; gate < gates; ++gate) {
    const Tensor &tensor = node.input(first + gate);
    if (!tensor.is_constant() || tensor.type != type) return false;
    if (first != bias && type == int8 && (tensor.quantization.scales.size() != 1 || tensor.quantization.zero_point() != 0))
      return false;
  }
  return true;
}

bool types_are(const NodeView &node, ElementType values, ElementType weight, ElementType added, ElementType remembered) {
  const LstmSize size = lstm_size(node);
  return std::max({size.batches, size.steps, size.inputs, size.units}) <= INT16_MAX && node.input(data).type == values &&
         node.input(hidden).type == values && node.output().type == values && node.input(cell).type == remembered &&
         constants_are(node, weights, weight) && constants_are(node, recurrent, weight) && constants_are(node, bias, added);
}

// The cells' scale as a power of two, which is what their tanh reads them by.
int power_of_cells(const NodeView &node) {
  return static_cast<int>(std::lround(std::log2(node.input(cell).quantization.scale())));
}

template <ElementType values, ElementType added>
bool fits_integer(const NodeView &node) {
  if (!types_are(node, values, int8, added, int16)) return false;
  for (size_t state : {data, hidden, cell})
    if (!node.input(state).quantization.present()) return false;
  const bool symmetric = node.input(cell).quantization.zero_point() == 0 &&
                         (values == int8 || (node.input(data).quantization.zero_point() == 0 &&
                                             node.input(hidden).quantization.zero_point() == 0));
  return symmetric && power_of_cells(node) <= 0 && power_of_cells(node) >= -28;
}

bool fits_float(const NodeView &node) { return types_are(node, float32, float32, float32, float32); }

template <typename Parameters>
Parameters sized(const NodeView &node) {
  const LstmSize size = lstm_size(node);
  Parameters p{};
  p.batches = static_cast<int16_t>(size.batches);
  p.steps = static_cast<int16_t>(size.steps);
  p.inputs = static_cast<int16_t>(size.inputs);
  p.units = static_cast<int16_t>(size.units);
  p.step_distance = static_cast<int32_t>(time_major(node) ? size.batches : 1);
  p.batch_distance = static_cast<int32_t>(time_major(node) ? 1 : size.steps);
  return p;
}

// Row after row of each unit, its four gates together.
Bytes by_unit(const NodeView &node, size_t first) {
  const auto units = static_cast<size_t>(lstm_size(node).units);
  const size_t row = node.input(first).constant->size() / units;
  Bytes result;
  for (size_t unit = 0; unit < units; ++unit)
    for (size_t gate = 0; gate < gates; ++gate) {
      const auto begin = node.input(first + gate).constant->begin() + static_cast<ptrdiff_t>(unit * row);
      result.insert(result.end(), begin, begin + static_cast<ptrdiff_t>(row));
    }
  return result;
}

// What the zero point of the values adds to the sum of a row, taken off beforehand. It wraps as the sums do.
uint32_t zero_share(const Tensor &matrix, size_t unit, int64_t zero_point) {
  const auto row = static_cast<size_t>(matrix.shape[1]);
  uint32_t sum = 0;
  for (size_t i = 0; i < row; ++i) sum += static_cast<uint32_t>(static_cast<int8_t>((*matrix.constant)[unit * row + i]));
  return sum * static_cast<uint32_t>(zero_point);
}

// By unit and gate: of the input's sum the bias, of the recurrent one 0; both less what the zero points add.
template <typename Sum>
std::vector<Sum> integer_biases(const NodeView &node) {
  std::vector<Sum> values;
  for (size_t unit = 0; unit < static_cast<size_t>(lstm_size(node).units); ++unit)
    for (size_t gate = 0; gate < gates; ++gate) {
      const Sum own = values_of<Sum>(*node.input(bias + gate).constant)[unit];
      const uint32_t from_input = zero_share(node.input(weights + gate), unit, node.input(data).quantization.zero_point());
      const uint32_t from_hidden = zero_share(node.input(recurrent + gate), unit, node.input(hidden).quantization.zero_point());
      if constexpr (sizeof(Sum) == 4) {
        values.push_back(static_cast<Sum>(static_cast<uint32_t>(own) - from_input));
        values.push_back(static_cast<Sum>(0U - from_hidden));
      } else {
        values.insert(values.end(), {own, Sum{0}});
      }
    }
  return values;
}

void set_factors(LstmIntegerParameters &p, const NodeView &node) {
  const auto cells = static_cast<double>(node.input(cell).quantization.scale());
  const auto shown = static_cast<double>(node.input(hidden).quantization.scale());
  const auto set = [](double factor, int32_t &multiplier, int8_t &shift) {
    const QuantizedMultiplier value = quantize_multiplier(factor);
    multiplier = value.multiplier;
    shift = static_cast<int8_t>(value.shift);
  };
  set(function_scale * cells / cells, p.forget_multiplier, p.forget_shift);
  set(function_scale * function_scale / cells, p.input_multiplier, p.input_shift);
  set(function_scale * function_scale / shown, p.hidden_multiplier, p.hidden_shift);
  const int left = power_of_cells(node) + 12;
  p.tanh_multiplier = left < 0 ? 3 : int32_t{3} << left;
  p.tanh_shift = static_cast<int8_t>(std::max(0, -left));
}

void set_ranges(LstmIntegerParameters &p, const NodeView &node) {
  const Tensor &shown = node.input(hidden);
  p.hidden_zero = static_cast<int16_t>(shown.quantization.zero_point());
  const IntegerRange range = type_range(shown.type);
  p.hidden_low = static_cast<int16_t>(range.low);
  p.hidden_high = static_cast<int16_t>(range.high);
  const double clip = node.attributes().real("cell_clip");
  const double limit = std::min(clip / static_cast<double>(node.input(cell).quantization.scale()), 32767.0);
  p.cell_high = clip > 0 ? static_cast<int16_t>(limit) : int16_t{INT16_MAX};
  p.cell_low = clip > 0 ? static_cast<int16_t>(-p.cell_high) : int16_t{INT16_MIN};
}

template <typename Data, typename Sum>
KernelCall call_integer(const NodeView &node) {
  const std::vector<QuantizedMultiplier> multipliers = lstm_gate_multipliers(node);
  if (sizeof(Sum) == 8) std::ranges::for_each(multipliers, check_wide_factor);
  return {.function = sizeof(Data) == 1 ? "lstm_integer<int8_t, int32_t>" : "lstm_integer<int16_t, int64_t>",
          .parameters = parameters_from(lstm_integer_parameters(node)),
          .constants = {{"table", int16, sigmoid_int16::table()},
                        {"weights", int8, by_unit(node, weights)},
                        {"recurrent_weights", int8, by_unit(node, recurrent)},
                        {"bias", sizeof(Sum) == 4 ? int32 : int64, bytes_of(integer_biases<Sum>(node))},
                        {"multipliers", int32, bytes_of(multipliers_of(multipliers))},
                        {"shifts", int8, bytes_of(shifts_of(multipliers))}},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(data), constant_argument(1),
                        constant_argument(2), constant_argument(3), constant_argument(4), constant_argument(5),
                        output_argument(1), output_argument(2), output_argument(0)}};
}

KernelCall call_float(const NodeView &node) {
  auto p = sized<LstmFloatParameters>(node);
  const auto clip = static_cast<float>(node.attributes().real("cell_clip"));
  p.cell_clip = clip > 0 ? clip : std::numeric_limits<float>::max();
  return {.function = "lstm_float",
          .parameters = parameters_from(p),
          .constants = {{"weights", float32, by_unit(node, weights)},
                        {"recurrent_weights", float32, by_unit(node, recurrent)},
                        {"bias", float32, by_unit(node, bias)}},
          .arguments = {parameters_argument(), input_argument(data), constant_argument(0), constant_argument(1),
                        constant_argument(2), output_argument(1), output_argument(2), output_argument(0)}};
}

int64_t macs(const NodeView &node) {
  const LstmSize size = lstm_size(node);
  return size.batches * size.steps * size.units * 4 * (size.inputs + size.units);
}

Cost cost(const NodeView &node) {
  const LstmSize size = lstm_size(node);
  return {.cycles = 12 * static_cast<double>(macs(node)) + 1500 * static_cast<double>(size.batches * size.steps * size.units),
          .code_bytes = 1700};
}

constexpr std::string_view header = "ops/lstm/lstm.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "lstm_int8_dsp", .header = "ops/lstm/lstm.dsp.kernel.hpp", .features = {Feature::dsp}, .fits = lstm_dsp::fits,
     .call = lstm_dsp::call, .cost = lstm_dsp::cost, .scratch = lstm_dsp::scratch},
    {.name = "lstm_int8", .header = header, .fits = fits_integer<int8, int32>, .call = call_integer<int8_t, int32_t>,
     .host = host_call<lstm_integer<int8_t, int32_t>>, .cost = cost},
    {.name = "lstm_int16", .header = header, .fits = fits_integer<int16, int64>, .call = call_integer<int16_t, int64_t>,
     .host = host_call<lstm_integer<int16_t, int64_t>>, .cost = cost},
    {.name = "lstm_float", .header = header, .fits = fits_float, .call = call_float, .host = host_call<lstm_float>,
     .cost = cost},
};

// Weights of at most 1: larger ones make a recurrence in which the last bit of a function grows from step to step.
void shrink(Tensor &weights) {
  std::vector<float> values = values_of<float>(*weights.constant);
  for (float &value : values) value /= 4;
  weights.constant = std::make_shared<const Bytes>(bytes_of(values));
}

// Scales as training leaves them: gates' sums reach a few units, cells lie within 8, hidden values within 1. Floats come
// several in a tensor, so that the largest is not what two cancelling terms have left.
template <ElementType values>
Graph random_lstm(std::mt19937 &random) {
  RandomGraphBuilder build(random, "lstm");
  const LstmSize size{.batches = build.between(1, 2), .steps = build.between(1, 4), .inputs = build.between(1, 12),
                      .units = build.between(values == float32 ? 4 : 1, 8)};
  const bool by_time = build.between(0, 1) == 1;
  Graph &graph = build.graph();
  const auto scaled = [&](TensorId id, float scale, int64_t zero_point) {
    if (values != float32) graph.tensor(id).quantization = {.scales = {scale}, .zero_points = {zero_point}};
    return id;
  };
  const float unit = values == int16 ? 1.0F / 32768 : 1.0F / 128;
  std::vector<TensorId> inputs = {build.input(values, by_time ? Shape{size.steps, size.batches, size.inputs}
                                                              : Shape{size.batches, size.steps, size.inputs})};
  scaled(inputs[0], unit * build.real_between(0.5F, 3.0F), values == int8 ? build.between(-30, 30) : 0);
  for (int64_t length : {size.inputs, size.units})
    for (size_t gate = 0; gate < gates; ++gate)
      inputs.push_back(scaled(build.weights(weight_type(values), {size.units, length}, 0), build.real_between(0.002F, 0.03F), 0));
  if (values == float32)
    for (size_t index = weights; index < bias; ++index) shrink(graph.tensor(inputs[index]));
  for (size_t gate = 0; gate < gates; ++gate) inputs.push_back(build.bias(inputs[0], inputs[1 + gate], size.units));
  const int64_t zero_point = values == int8 ? build.between(-10, 10) : 0;
  const Quantization shown = values == float32 ? Quantization{} : Quantization{.scales = {unit}, .zero_points = {zero_point}};
  const float cells = std::ldexp(1.0F, -static_cast<int>(build.between(10, 14)));
  const bool integers = values != float32;
  inputs.push_back(build.variable(values, {size.batches, size.units}, shown));
  inputs.push_back(build.variable(integers ? int16 : float32, {size.batches, size.units},
                                  integers ? Quantization{.scales = {cells}, .zero_points = {0}} : Quantization{}));
  Attributes attributes{{"time_major", int64_t{by_time}}};
  if (build.between(0, 1) == 1) attributes.set("cell_clip", static_cast<double>(build.real_between(0.2F, 2.0F)));
  Graph result = build.finish(inputs, attributes);
  result.tensor(result.outputs[0]).quantization = shown;
  return result;
}

constexpr AttributeRules<2> attributes{{{"time_major"}, {"cell_clip", AttributeKind::real}}};
constexpr RandomGraph random_graphs[] = {random_lstm<int8>, random_lstm<int16>, random_lstm<float32>};

}  // namespace

LstmSize lstm_size(const NodeView &node) {
  const Shape &shape = node.input(data).shape;
  const bool by_time = time_major(node);
  return {.batches = shape[by_time ? 1 : 0], .steps = shape[by_time ? 0 : 1], .inputs = shape[2],
          .units = node.input(weights).shape[0]};
}

bool lstm_is_int8(const NodeView &node) { return fits_integer<int8, int32>(node); }

LstmIntegerParameters lstm_integer_parameters(const NodeView &node) {
  auto p = sized<LstmIntegerParameters>(node);
  set_ranges(p, node);
  set_factors(p, node);
  return p;
}

std::vector<int32_t> lstm_biases(const NodeView &node) { return integer_biases<int32_t>(node); }

std::vector<QuantizedMultiplier> lstm_gate_multipliers(const NodeView &node) {
  const auto factor = [&](size_t values, size_t matrix) {
    const auto scale = [&](size_t input) { return static_cast<double>(node.input(input).quantization.scale()); };
    return quantize_multiplier(scale(values) * scale(matrix) / gate_scale);
  };
  std::vector<QuantizedMultiplier> result;
  for (size_t gate = 0; gate < gates; ++gate) {
    result.push_back(factor(data, weights + gate));
    result.push_back(factor(hidden, recurrent + gate));
  }
  return result;
}

extern const OpDef lstm_op;
constinit const OpDef lstm_op = complete(
    {.name = "lstm", .summary = "long short-term memory over a sequence, remembered from run to run", .least_inputs = 15,
     .most_inputs = 15, .outputs = 3, .quantization = QuantizationRule::fixed_output, .attributes = attributes,
     .infer = infer, .kernels = kernels, .random_graphs = random_graphs, .macs = macs,
     .limits = "int8 or int16 with symmetric int8 weights of one scale and int16 cells, or float32; constant weights"});

}  // namespace whit
