// SPDX-License-Identifier: Apache-2.0
// The svdf operator: inference, kernels and the facts they declare.
#define WHIT_HOST
#include "ops/svdf/svdf.hpp"

#include <algorithm>
#include <cmath>

#include "ops/activation_range.hpp"
#include "ops/random_graph.hpp"
#include "ops/svdf/svdf.kernel.hpp"

namespace whit {

namespace {

using enum ElementType;

enum Input : size_t { data, feature_weights, time_weights, bias, state };

[[noreturn]] void refuse(const NodeView &node) {
  std::string shapes;
  for (size_t index = 0; index < node.input_count(); ++index)
    shapes += (index == 0 ? "" : ", ") + (node.has_input(index) ? text_of(node.input(index).shape) : "none");
  throw UserError({node.place(), "inputs " + shapes,
                   "data B x I, weights F x I and F x M, a bias for each F / rank, a variable B x F * M",
                   "the model file may be damaged"});
}

std::vector<TensorType> infer(const NodeView &node) {
  check_activation(node);
  if (node.input_count() != 5 || !node.has_input(state)) refuse(node);
  const Shape &input = node.input(data).shape, &feature = node.input(feature_weights).shape,
              &time = node.input(time_weights).shape;
  const Tensor &memory = node.input(state);
  const int64_t rank = node.attributes().integer("rank", 1);
  if (input.size() != 2 || feature.size() != 2 || time.size() != 2 || feature[1] != input[1] || time[0] != feature[0] ||
      rank < 1 || feature[0] % rank != 0 || !memory.variable || memory.elements() != input[0] * time[0] * time[1])
    refuse(node);
  if (node.has_input(bias) && node.input(bias).elements() != feature[0] / rank) refuse(node);
  return {{node.input(data).type, {input[0], feature[0] / rank}}, {memory.type, memory.shape}};
}

bool sizes_fit(const NodeView &node) {
  const SvdfSize size = svdf_size(node);
  return std::max({size.batches, size.features, size.units, size.rank, size.memory}) <= INT16_MAX &&
         node.input(feature_weights).is_constant() && node.input(time_weights).is_constant() &&
         (!node.has_input(bias) || node.input(bias).is_constant());
}

bool types_are(const NodeView &node, ElementType values, ElementType remembered, ElementType added) {
  return node.input(data).type == values && node.output().type == values && node.input(feature_weights).type == values &&
         node.input(time_weights).type == remembered && node.input(state).type == remembered &&
         (!node.has_input(bias) || node.input(bias).type == added);
}

bool is_symmetric(const Quantization &quantization) {
  return quantization.scales.size() == 1 && quantization.zero_point() == 0;
}

template <ElementType remembered>
bool fits_int8(const NodeView &node) {
  return sizes_fit(node) && types_are(node, int8, remembered, int32) &&
         is_symmetric(node.input(feature_weights).quantization) && is_symmetric(node.input(time_weights).quantization) &&
         node.input(data).quantization.present() && node.output().quantization.present() &&
         node.input(state).quantization.present();
}

bool fits_float(const NodeView &node) { return sizes_fit(node) && types_are(node, float32, float32, float32); }

template <typename Parameters>
Parameters sized(const NodeView &node) {
  const SvdfSize size = svdf_size(node);
  Parameters p{};
  p.batches = static_cast<int16_t>(size.batches);
  p.features = static_cast<int16_t>(size.features);
  p.units = static_cast<int16_t>(size.units);
  p.rank = static_cast<int16_t>(size.rank);
  p.memory = static_cast<int16_t>(size.memory);
  return p;
}

Bytes biases_of(const NodeView &node) {
  return node.has_input(bias) ? *node.input(bias).constant : Bytes(static_cast<size_t>(4 * svdf_size(node).units));
}

KernelCall call_with(const NodeView &node, std::string function, KernelParameters parameters, ElementType added, Bytes biases) {
  const Tensor &feature = node.input(feature_weights), &time = node.input(time_weights);
  return {.function = std::move(function),
          .parameters = std::move(parameters),
          .constants = {{"feature_weights", feature.type, *feature.constant},
                        {"time_weights", time.type, *time.constant},
                        {"bias", added, std::move(biases)}},
          .arguments = {parameters_argument(), input_argument(data), constant_argument(0), constant_argument(1),
                        constant_argument(2), output_argument(1), output_argument(0)}};
}

SvdfInt8Parameters int8_parameters(const NodeView &node) {
  auto p = sized<SvdfInt8Parameters>(node);
  p.input_zero = static_cast<int16_t>(node.input(data).quantization.zero_point());
  p.state_zero = static_cast<int16_t>(node.input(state).quantization.zero_point());
  p.output_zero = static_cast<int16_t>(node.output().quantization.zero_point());
  const QuantizedMultiplier feature = svdf_feature_multiplier(node), time = svdf_time_multiplier(node);
  p.feature_multiplier = feature.multiplier;
  p.feature_shift = static_cast<int8_t>(feature.shift);
  p.time_multiplier = time.multiplier;
  p.time_shift = static_cast<int8_t>(time.shift);
  return p;
}

template <ElementType remembered>
KernelCall call_int8(const NodeView &node) {
  return call_with(node, fmt::format("svdf_int8<{}>", c_type_of(remembered)), parameters_from(int8_parameters(node)), int32,
                   biases_of(node));
}

// Biases less what the zero point of the states adds to the sums; they wrap as the sums do, and one more may be read.
template <typename State>
Bytes biases_without_zero(const NodeView &node) {
  const SvdfSize size = svdf_size(node);
  const std::vector<State> weights = values_of<State>(*node.input(time_weights).constant);
  const auto zero = static_cast<uint32_t>(node.input(state).quantization.zero_point());
  std::vector<uint32_t> values = values_of<uint32_t>(biases_of(node));
  for (size_t index = 0; index < weights.size(); ++index)
    values[index / static_cast<size_t>(size.rank * size.memory)] -= zero * static_cast<uint32_t>(weights[index]);
  values.push_back(0);
  return bytes_of(values);
}

template <typename State>
KernelCall call_dsp(const NodeView &node) {
  return call_with(node, fmt::format("svdf_int8_dsp<int{}_t>", 8 * sizeof(State)), parameters_from(int8_parameters(node)), int32,
                   biases_without_zero<State>(node));
}

KernelCall call_float(const NodeView &node) {
  auto p = sized<SvdfFloatParameters>(node);
  const RealRange range = real_activation_range(node);
  p.output_low = range.low;
  p.output_high = range.high;
  return call_with(node, "svdf_float", parameters_from(p), float32, biases_of(node));
}

int64_t macs(const NodeView &node) {
  const SvdfSize size = svdf_size(node);
  return size.batches * size.filters() * (size.features + size.memory);
}

Cost cost(const NodeView &node) {
  const SvdfSize size = svdf_size(node);
  const double shifted = static_cast<double>(size.batches * size.filters() * size.memory);
  return {.cycles = 12 * static_cast<double>(macs(node)) + 6 * shifted +
                    200 * static_cast<double>(size.batches * size.filters()),
          .code_bytes = 400};
}

// Sums over the features have 30 bits whatever the weights.
template <ElementType remembered>
bool fits_dsp(const NodeView &node) {
  return fits_int8<remembered>(node) && svdf_feature_multiplier(node).shift < 0;
}

Cost cost_dsp(const NodeView &node) {
  const SvdfSize size = svdf_size(node);
  const auto filters = static_cast<double>(size.batches * size.filters());
  return {.cycles = filters * (2.7 * static_cast<double>(size.features) + 5 * static_cast<double>(size.memory) + 60), .code_bytes = 500};
}

constexpr std::string_view header = "ops/svdf/svdf.kernel.hpp", dsp_header = "ops/svdf/svdf.dsp.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "svdf_int8_state16_dsp", .header = dsp_header, .features = {Feature::dsp}, .fits = fits_dsp<int16>,
     .call = call_dsp<int16_t>, .cost = cost_dsp},
    {.name = "svdf_int8_state8_dsp", .header = dsp_header, .features = {Feature::dsp}, .fits = fits_dsp<int8>,
     .call = call_dsp<int8_t>, .cost = cost_dsp},
    {.name = "svdf_int8_state16", .header = header, .fits = fits_int8<int16>, .call = call_int8<int16>,
     .host = host_call<svdf_int8<int16_t>>, .cost = cost},
    {.name = "svdf_int8_state8", .header = header, .fits = fits_int8<int8>, .call = call_int8<int8>,
     .host = host_call<svdf_int8<int8_t>>, .cost = cost},
    {.name = "svdf_float", .header = header, .fits = fits_float, .call = call_float, .host = host_call<svdf_float>,
     .cost = cost},
};

struct RandomSvdf {
  explicit RandomSvdf(std::mt19937 &random) : build(random, "svdf") {
    size = {.batches = build.between(1, 2), .features = build.between(1, 20), .units = build.between(1, 6),
            .rank = build.between(1, 3), .memory = build.between(1, 8)};
  }

  Shape feature_shape() const { return {size.filters(), size.features}; }
  Shape time_shape() const { return {size.filters(), size.memory}; }
  Shape state_shape() const { return {size.batches, size.filters() * size.memory}; }
  float root(int64_t terms) const { return std::sqrt(static_cast<float>(terms)); }

  RandomGraphBuilder build;
  SvdfSize size{};
};

// Scales under which states and outputs cover their range, now and then saturating; 0.29 is the deviation of numbers that
// are spread evenly over a range of 1.
template <ElementType remembered>
Graph random_int8(std::mt19937 &random) {
  RandomSvdf draw(random);
  RandomGraphBuilder &build = draw.build;
  const TensorId input = build.input(int8, {draw.size.batches, draw.size.features});
  const auto symmetric = [&] { return Quantization{.scales = {build.real_between(0.001F, 0.02F)}, .zero_points = {0}}; };
  const TensorId feature = build.weights(int8, draw.feature_shape(), 0), time = build.constant(remembered, draw.time_shape());
  build.graph().tensor(feature).quantization = symmetric();
  build.graph().tensor(time).quantization = symmetric();
  const auto scale_of = [&](TensorId id) { return build.graph().tensor(id).quantization.scale(); };
  const float scale = scale_of(input) * scale_of(feature);
  const float range = remembered == int8 ? 256.0F : 65536.0F, spread = 0.29F * range;
  const float state_scale = scale * 74 * 74 * draw.root(draw.size.features) / spread * build.real_between(0.5F, 4.0F);
  Quantization quantization{.scales = {state_scale}, .zero_points = {remembered == int8 ? build.between(-20, 20) : 0}};
  const TensorId memory = build.variable(remembered, draw.state_shape(), quantization);
  std::vector<int32_t> biases(static_cast<size_t>(draw.size.units));
  for (int32_t &value : biases) value = static_cast<int32_t>(build.between(-20000, 20000));
  const float sums = state_scale * scale_of(time);
  const TensorId added = build.graph().add_constant("bias", int32, {draw.size.units}, bytes_of(biases),
                                                    {.scales = {sums}, .zero_points = {0}});
  const float terms = draw.root(draw.size.rank * draw.size.memory), output = sums * spread * spread * terms / 74;
  const float output_scale = output * build.real_between(0.5F, 4.0F);
  Graph graph = build.finish({input, feature, time, added, memory}, {{"rank", draw.size.rank}});
  graph.tensor(graph.outputs[0]).quantization.scales = {output_scale};
  return graph;
}

Graph random_float(std::mt19937 &random) {
  RandomSvdf draw(random);
  RandomGraphBuilder &build = draw.build;
  const TensorId input = build.input(float32, {draw.size.batches, draw.size.features});
  const TensorId feature = build.constant(float32, draw.feature_shape()), time = build.constant(float32, draw.time_shape());
  const TensorId added = build.constant(float32, {draw.size.units});
  const TensorId memory = build.variable(float32, draw.state_shape());
  Attributes attributes = build.activation();
  attributes.set("rank", draw.size.rank);
  return build.finish({input, feature, time, added, memory}, attributes);
}

constexpr auto attributes = activation_rules + AttributeRules<1>{{{"rank"}}};
constexpr RandomGraph random_graphs[] = {random_int8<int16>, random_int8<int8>, random_float};

}  // namespace

SvdfSize svdf_size(const NodeView &node) {
  const Shape &feature = node.input(feature_weights).shape;
  const int64_t rank = node.attributes().integer("rank", 1);
  return {.batches = node.input(data).shape[0], .features = feature[1], .units = feature[0] / rank, .rank = rank,
          .memory = node.input(time_weights).shape[1]};
}

// Of two tensors' products to a third's scale.
static QuantizedMultiplier factor_of(const Tensor &first, const Tensor &second, const Tensor &result) {
  const auto scale = [](const Tensor &tensor) { return static_cast<double>(tensor.quantization.scale()); };
  return quantize_multiplier(scale(first) * scale(second) / scale(result));
}

QuantizedMultiplier svdf_feature_multiplier(const NodeView &node) {
  return factor_of(node.input(data), node.input(feature_weights), node.input(state));
}

QuantizedMultiplier svdf_time_multiplier(const NodeView &node) {
  return factor_of(node.input(state), node.input(time_weights), node.output());
}

extern const OpDef svdf_op;
constinit const OpDef svdf_op = complete(
    {.name = "svdf", .summary = "features weighed now and over the last runs, which it remembers", .least_inputs = 3,
     .most_inputs = 5, .outputs = 2, .quantization = QuantizationRule::rescale, .attributes = attributes, .infer = infer,
     .kernels = kernels, .random_graphs = random_graphs, .macs = macs,
     .limits = "int8 with constant int8 feature weights, time weights and state both int16 or both int8, symmetric weights; or float32"});

}  // namespace whit
