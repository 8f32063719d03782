// SPDX-License-Identifier: Apache-2.0
// The quantize and dequantize operators.
#define WHIT_HOST
#include "ops/quantize/quantize.hpp"

#include "ops/activation/lookup.hpp"
#include "ops/quantize/quantize.kernel.hpp"
#include "ops/quantized_multiplier.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

constexpr std::string_view header = "ops/quantize/quantize.kernel.hpp";

bool is_stored_type(ElementType type) {
  return type == ElementType::int8 || type == ElementType::uint8 || type == ElementType::int16 ||
         type == ElementType::int32;
}

std::vector<TensorType> infer_quantize(const NodeView &node) {
  const std::string name = node.attributes().text("type", "int8");
  const std::optional<ElementType> type = element_type_named(name);
  if (!type || !is_stored_type(*type))
    throw UserError({node.place(), "quantises to " + name, "int8, uint8, int16 and int32", ""});
  return {{*type, node.input(0).shape}};
}

std::vector<TensorType> infer_dequantize(const NodeView &node) {
  return {{ElementType::float32, node.input(0).shape}};
}

RescaleParameters rescale_fields(const NodeView &node, IntegerRange range) {
  const QuantizedMultiplier multiplier =
      quantize_multiplier(static_cast<double>(node.input(0).quantization.scale()) /
                          static_cast<double>(node.output().quantization.scale()));
  return {.count = count_of(node),
          .multiplier = multiplier.multiplier,
          .input_zero = static_cast<int16_t>(node.input(0).quantization.zero_point()),
          .output_zero = static_cast<int16_t>(node.output().quantization.zero_point()),
          .output_low = static_cast<int16_t>(range.low),
          .output_high = static_cast<int16_t>(range.high),
          .shift = static_cast<int8_t>(multiplier.shift)};
}

KernelCall call_lookup(const NodeView &node) {
  const IntegerRange range = type_range(node.output().type);
  return lookup_call(node, [&](int32_t stored) { return rescaled(node, range, stored); });
}

template <ElementType from, ElementType to>
bool fits(const NodeView &node) {
  return node.input(0).type == from && node.output().type == to;
}

KernelCall call_rescale(const NodeView &node) {
  const auto name = [](const Tensor &tensor) { return c_type_of(tensor.type); };
  return unary_call(fmt::format("unary<Rescale<{}, {}>>", name(node.input(0)), name(node.output())),
                    rescale_parameters(node, type_range(node.output().type)));
}

bool has_scales(const NodeView &node) {
  return node.input(0).quantization.present() && node.output().quantization.present();
}

template <ElementType from, ElementType to>
bool fits_wide(const NodeView &node) {
  return fits<from, to>(node) && has_scales(node);
}

KernelCall call_rescale_wide(const NodeView &node) {
  const Quantization &input = node.input(0).quantization, &output = node.output().quantization;
  const QuantizedMultiplier multiplier =
      quantize_multiplier(static_cast<double>(input.scale()) / static_cast<double>(output.scale()));
  const bool is_wide = node.output().type == ElementType::int32;
  const IntegerRange range = is_wide ? IntegerRange{INT32_MIN, INT32_MAX} : type_range(node.output().type);
  const RescaleWideParameters parameters{.count = count_of(node), .multiplier = multiplier.multiplier,
                                         .input_zero = static_cast<int32_t>(input.zero_point()),
                                         .output_zero = static_cast<int32_t>(output.zero_point()),
                                         .output_low = range.low, .output_high = range.high,
                                         .shift = static_cast<int8_t>(multiplier.shift)};
  return unary_call(fmt::format("unary<Rescale<{}, {}, RescaleWideParameters>>", c_type_of(node.input(0).type),
                                c_type_of(node.output().type)),
                    parameters_from(parameters));
}

KernelCall call_quantize(const NodeView &node) {
  const Tensor &output = node.output();
  const IntegerRange range = type_range(output.type);
  const QuantizeParameters parameters{.count = count_of(node), .scale = output.quantization.scale(),
                                      .zero = static_cast<int16_t>(output.quantization.zero_point()),
                                      .low = static_cast<int16_t>(range.low), .high = static_cast<int16_t>(range.high)};
  return unary_call(fmt::format("unary<Quantize<{}>>", c_type_of(output.type)), parameters_from(parameters));
}

KernelCall call_dequantize(const NodeView &node) {
  const Tensor &input = node.input(0);
  const DequantizeParameters parameters{.count = count_of(node), .scale = input.quantization.scale(),
                                        .zero = static_cast<int16_t>(input.quantization.zero_point())};
  return unary_call(fmt::format("unary<Dequantize<{}>>", c_type_of(input.type)), parameters_from(parameters));
}

template <ElementType from, ElementType to, typename From, typename To>
constexpr Kernel rescale_kernel(std::string_view name) {
  return unary_kernel<20>(name, header, fits<from, to>, call_rescale, host_call<unary<Rescale<From, To>>>);
}

template <ElementType from, ElementType to, typename From, typename To>
constexpr Kernel rescale_wide_kernel(std::string_view name) {
  return unary_kernel<20>(name, header, fits_wide<from, to>, call_rescale_wide,
                          host_call<unary<Rescale<From, To, RescaleWideParameters>>>);
}

template <ElementType to, typename To>
constexpr Kernel quantize_kernel(std::string_view name) {
  return unary_kernel<40>(name, header, fits<ElementType::float32, to>, call_quantize, host_call<unary<Quantize<To>>>);
}

template <ElementType from, typename From>
constexpr Kernel dequantize_kernel(std::string_view name) {
  return unary_kernel<10>(name, header, fits<from, ElementType::float32>, call_dequantize,
                          host_call<unary<Dequantize<From>>>);
}

using enum ElementType;

constexpr Kernel quantize_kernels[] = {
    WHIT_LOOKUP_KERNELS("quantize_lookup", lookup_types, call_lookup),
    rescale_kernel<int8, int8, int8_t, int8_t>("quantize_int8_int8"),
    rescale_kernel<int8, uint8, int8_t, uint8_t>("quantize_int8_uint8"),
    rescale_kernel<uint8, int8, uint8_t, int8_t>("quantize_uint8_int8"),
    rescale_kernel<uint8, uint8, uint8_t, uint8_t>("quantize_uint8_uint8"),
    rescale_kernel<int8, int16, int8_t, int16_t>("quantize_int8_int16"),
    rescale_kernel<int16, int8, int16_t, int8_t>("quantize_int16_int8"),
    rescale_kernel<int16, int16, int16_t, int16_t>("quantize_int16_int16"),
    rescale_wide_kernel<int8, int32, int8_t, int32_t>("quantize_int8_int32"),
    rescale_wide_kernel<int16, int32, int16_t, int32_t>("quantize_int16_int32"),
    rescale_wide_kernel<int32, int8, int32_t, int8_t>("quantize_int32_int8"),
    rescale_wide_kernel<int32, int16, int32_t, int16_t>("quantize_int32_int16"),
    quantize_kernel<int8, int8_t>("quantize_float_int8"),
    quantize_kernel<uint8, uint8_t>("quantize_float_uint8"),
    quantize_kernel<int16, int16_t>("quantize_float_int16"),
};

constexpr Kernel dequantize_kernels[] = {
    dequantize_kernel<int8, int8_t>("dequantize_int8"),
    dequantize_kernel<uint8, uint8_t>("dequantize_uint8"),
    dequantize_kernel<int16, int16_t>("dequantize_int16"),
};

// Some 16-bit values have a zero point: probabilities, from 0 on.
void vary_zero_point(std::mt19937 &random, Tensor &tensor) {
  if (tensor.type == int16 && random() % 4 == 0)
    tensor.quantization.zero_points = {std::uniform_int_distribution<int64_t>(INT16_MIN, INT16_MAX)(random)};
}

template <ElementType from, ElementType to>
Graph random_quantize(std::mt19937 &random) {
  Graph graph = random_unary(random, "quantize", from, {{"type", std::string(name_of(to))}});
  for (TensorId id : {graph.inputs[0], graph.outputs[0]}) vary_zero_point(random, graph.tensor(id));
  return graph;
}

// 32-bit values have scales so much smaller that the factor keeps them within the output, most of the time.
template <ElementType from, ElementType to>
Graph random_wide(std::mt19937 &random) {
  Graph graph = random_quantize<from, to>(random);
  const auto scale = [&](float low, float high) { return std::uniform_real_distribution<float>(low, high)(random); };
  const Quantization wide{.scales = {from == int32 ? scale(1e-6F, 1e-3F) : scale(1e-5F, 1e-3F)}, .zero_points = {0}};
  graph.tensor(from == int32 ? graph.inputs[0] : graph.outputs[0]).quantization = wide;
  return graph;
}

template <ElementType from>
Graph random_dequantize(std::mt19937 &random) {
  Graph graph = random_unary(random, "dequantize", from);
  vary_zero_point(random, graph.tensor(graph.inputs[0]));
  return graph;
}

constexpr AttributeRules<1> quantize_attributes{{{"type", AttributeKind::text}}};

constexpr RandomGraph quantize_graphs[] = {
    random_quantize<float32, int8>, random_quantize<float32, uint8>, random_quantize<float32, int16>,
    random_quantize<int8, int8>,    random_quantize<int8, uint8>,    random_quantize<uint8, int8>,
    random_quantize<int8, int16>,   random_quantize<int16, int8>,    random_quantize<int16, int16>,
    random_quantize<uint8, uint8>,  random_wide<int8, int32>,     random_wide<int16, int32>,
    random_wide<int32, int8>,       random_wide<int32, int16>};
constexpr RandomGraph dequantize_graphs[] = {random_dequantize<int8>, random_dequantize<uint8>,
                                             random_dequantize<int16>};

}  // namespace

KernelParameters rescale_parameters(const NodeView &node, IntegerRange range) {
  return parameters_from(rescale_fields(node, range));
}

int32_t rescaled(const NodeView &node, IntegerRange range, int32_t stored) {
  return Rescale<int16_t, int16_t>::apply(rescale_fields(node, range), static_cast<int16_t>(stored));
}

extern const OpDef quantize_op, dequantize_op;
constinit const OpDef quantize_op = complete(
    {.name = "quantize", .summary = "to integers, or to another integer type or scale",
     .quantization = QuantizationRule::convert, .attributes = quantize_attributes, .infer = infer_quantize, .kernels = quantize_kernels,
     .random_graphs = quantize_graphs, .channel_flow = monotone_flow, .limits = "float32, int8, uint8 or int16 to int8, uint8 or int16; int8 or int16 to int32 and back"});
constinit const OpDef dequantize_op = complete(
    {.name = "dequantize", .summary = "to float32", .quantization = QuantizationRule::convert,
     .attributes = no_attributes, .infer = infer_dequantize, .kernels = dequantize_kernels, .random_graphs = dequantize_graphs,
     .channel_flow = monotone_flow,
     .limits = "int8, uint8 or int16 to float32"});

}  // namespace whit
