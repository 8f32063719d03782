// SPDX-License-Identifier: Apache-2.0
// The average_pool2d, max_pool2d and l2_pool2d operators: inference, kernels and the facts they declare.
#define WHIT_HOST
#include "ops/pool/pool.hpp"

#include <algorithm>
#include <cmath>

#include "ops/activation_range.hpp"
#include "ops/pool/pool.kernel.hpp"
#include "ops/pool/pool_dsp.hpp"
#include "ops/pool/pool_mve.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

// Every window must hold a tap inside the input, or an average would be over nothing.
void check_window(const NodeView &node) {
  const Window window = window_of(node.attributes());
  const int64_t height = node.attributes().integer("kernel_height"), width = node.attributes().integer("kernel_width");
  if (height < 1 || width < 1)
    throw UserError({node.place(), fmt::format("a {}x{} window", height, width), "windows of one tap or more",
                     "the model file may be damaged"});
  if (window.dilation_height != 1 || window.dilation_width != 1)
    throw UserError({node.place(), "a dilated pool", "pools without dilation", ""});
  if (std::max(window.padding_top, window.padding_bottom) >= height ||
      std::max(window.padding_left, window.padding_right) >= width)
    throw UserError({node.place(), "padding as wide as the window", "padding narrower than the window",
                     "the model file may be damaged"});
}

std::vector<TensorType> infer(const NodeView &node) {
  check_activation(node);
  const Shape &input = node.input(0).shape;
  if (input.size() != 4)
    throw UserError({node.place(), "data of shape " + text_of(input), "N x H x W x C data", ""});
  check_window(node);
  const auto [height, width] = window_output_size(node, input, node.attributes().integer("kernel_height"),
                                                  node.attributes().integer("kernel_width"));
  return {{node.input(0).type, {input[0], height, width, input[3]}}};
}

bool sizes_fit(const NodeView &node) {
  return counts_in_16_bits(pool_geometry(node));
}

// Stored values are pooled as they are, so both sides must mean the same by them.
bool same_scale(const Quantization &input, const Quantization &output) {
  constexpr float tolerance = 1e-6F;
  return input.present() && output.present() && input.zero_point() == output.zero_point() &&
         std::abs(input.scale() - output.scale()) <= tolerance;
}

bool fits_float(const NodeView &node) {
  return node.input(0).type == ElementType::float32 && node.output().type == ElementType::float32 && sizes_fit(node);
}

bool fits_int16(const NodeView &node) {
  const Tensor &input = node.input(0), &output = node.output();
  return input.type == ElementType::int16 && output.type == ElementType::int16 &&
         same_scale(input.quantization, output.quantization) && sizes_fit(node);
}

// What one plane holds, see the kernel.
WindowGeometry plane_geometry(const NodeView &node) {
  WindowGeometry geometry = pool_geometry(node);
  if (runs_planar(node)) geometry.input_channels = geometry.output_channels = 1;
  return geometry;
}

int64_t planes_of(const NodeView &node) { return runs_planar(node) ? node.output().shape[3] : 1; }

template <typename Parameters, typename Range>
KernelCall pool_call(const NodeView &node, const char *function, Range range) {
  auto parameters = geometry_parameters<Parameters>(plane_geometry(node));
  parameters.planes = static_cast<int16_t>(planes_of(node));
  parameters.output_low = static_cast<decltype(parameters.output_low)>(range.low);
  parameters.output_high = static_cast<decltype(parameters.output_high)>(range.high);
  return {.function = function,
          .parameters = parameters_from(parameters),
          .constants = {},
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

KernelCall call_average_int8(const NodeView &node) {
  return pool_call<PoolInt8Parameters>(node, "average_pool2d_int8", integer_activation_range(node));
}

KernelCall call_max_int8(const NodeView &node) {
  return pool_call<PoolInt8Parameters>(node, "max_pool2d_int8", integer_activation_range(node));
}

KernelCall call_average_int16(const NodeView &node) {
  return pool_call<PoolInt8Parameters>(node, "average_pool2d_int16", integer_activation_range(node));
}

KernelCall call_max_int16(const NodeView &node) {
  return pool_call<PoolInt8Parameters>(node, "max_pool2d_int16", integer_activation_range(node));
}

KernelCall call_average_float(const NodeView &node) {
  return pool_call<PoolFloatParameters>(node, "average_pool2d_float", real_activation_range(node));
}

KernelCall call_max_float(const NodeView &node) {
  return pool_call<PoolFloatParameters>(node, "max_pool2d_float", real_activation_range(node));
}

KernelCall call_l2_float(const NodeView &node) {
  return pool_call<PoolFloatParameters>(node, "l2_pool2d_float", real_activation_range(node));
}

Cost portable_cost(const NodeView &node) {
  constexpr double cycles_per_tap = 6, cycles_per_output = 30;
  const WindowGeometry geometry = pool_geometry(node);
  const auto taps = static_cast<double>(geometry.kernel_height * geometry.kernel_width);
  return {.cycles = static_cast<double>(node.output().elements()) * (taps * cycles_per_tap + cycles_per_output)};
}

// Within a plane as for any windowed kernel; planes move apart or together by the difference of their sizes.
std::vector<Overlap> direct_overlap(const NodeView &node) {
  const int64_t element_bytes = bits_of(node.input(0).type) / 8;
  const WindowGeometry geometry = plane_geometry(node);
  const int64_t shrink = geometry.input_height * geometry.input_width - geometry.output_height * geometry.output_width;
  int64_t delta = channel_last_overlap(geometry, element_bytes, ChannelUse::own);
  if (const int64_t planes = planes_of(node); planes > 1) {
    delta += std::min<int64_t>(0, (planes - 1) * shrink) * element_bytes;
    delta = std::min({delta, shrink * element_bytes, (planes - 1) * shrink * element_bytes});
  }
  return {{.input = 0, .at_most = delta}};
}

constexpr std::string_view header = "ops/pool/pool.kernel.hpp", dsp_header = "ops/pool/pool.dsp.kernel.hpp",
                           mve_header = "ops/pool/pool.mve.kernel.hpp";
constexpr Kernel average_kernels[] = {
    {.name = "average_pool2d_mve", .header = mve_header, .features = {Feature::mve}, .fits = pool_mve_facts::average_fits,
     .call = pool_mve_facts::average_call, .cost = pool_mve_facts::cost, .overlap = pool_mve_facts::overlap},
    {.name = "plane_average_dsp", .header = dsp_header, .features = {Feature::dsp},
     .fits = pool_dsp::plane_average_fits, .call = pool_dsp::plane_average_call, .cost = pool_dsp::plane_average_cost,
     .layouts = pool_dsp::plane_average_layouts, .overlap = pool_dsp::plane_average_overlap},
    {.name = "average_pool2d_dsp", .header = dsp_header, .features = {Feature::dsp}, .fits = pool_dsp::average_fits,
     .call = pool_dsp::average_call, .cost = pool_dsp::cost, .layouts = pool_dsp::layouts,
     .overlap = pool_dsp::overlap},
    {.name = "average_pool2d_int8", .header = header, .fits = is_int8_pool, .call = call_average_int8,
     .host = host_call<average_pool2d_int8>, .cost = portable_cost, .layouts = any_same_layout,
     .overlap = direct_overlap},
    {.name = "average_pool2d_int16", .header = header, .fits = fits_int16, .call = call_average_int16,
     .host = host_call<average_pool2d_int16>, .cost = portable_cost, .layouts = any_same_layout,
     .overlap = direct_overlap},
    {.name = "average_pool2d_float", .header = header, .fits = fits_float, .call = call_average_float,
     .host = host_call<average_pool2d_float>, .cost = portable_cost, .layouts = any_same_layout,
     .overlap = direct_overlap},
};
constexpr Kernel max_kernels[] = {
    {.name = "max_pool2d_mve", .header = mve_header, .features = {Feature::mve}, .fits = is_int8_pool,
     .call = pool_mve_facts::max_call, .cost = pool_mve_facts::cost, .overlap = pool_mve_facts::overlap},
    {.name = "max_pool2d_dsp", .header = dsp_header, .features = {Feature::dsp}, .fits = pool_dsp::max_fits,
     .call = pool_dsp::max_call, .cost = pool_dsp::cost, .layouts = pool_dsp::layouts, .overlap = pool_dsp::overlap},
    {.name = "max_pool2d_int8", .header = header, .fits = is_int8_pool, .call = call_max_int8,
     .host = host_call<max_pool2d_int8>, .cost = portable_cost, .layouts = any_same_layout, .overlap = direct_overlap},
    {.name = "max_pool2d_int16", .header = header, .fits = fits_int16, .call = call_max_int16,
     .host = host_call<max_pool2d_int16>, .cost = portable_cost, .layouts = any_same_layout,
     .overlap = direct_overlap},
    {.name = "max_pool2d_float", .header = header, .fits = fits_float, .call = call_max_float,
     .host = host_call<max_pool2d_float>, .cost = portable_cost, .layouts = any_same_layout, .overlap = direct_overlap},
};
constexpr Kernel l2_kernels[] = {
    {.name = "l2_pool2d_float", .header = header, .fits = fits_float, .call = call_l2_float,
     .host = host_call<l2_pool2d_float>, .cost = portable_cost, .layouts = any_same_layout, .overlap = direct_overlap}};

Graph random_pool(std::mt19937 &random, const char *op, ElementType type) {
  RandomGraphBuilder build(random, op);
  const Shape input = {build.images(), build.between(1, 9), build.between(1, 9), build.between(1, 9)};
  const int64_t height = build.between(1, std::min<int64_t>(4, input[1]));
  const int64_t width = build.between(1, std::min<int64_t>(4, input[2]));
  const Window window{.stride_height = build.between(1, 3), .stride_width = build.between(1, 3),
                      .padding_top = build.between(0, height - 1), .padding_bottom = build.between(0, height - 1),
                      .padding_left = build.between(0, width - 1), .padding_right = build.between(0, width - 1)};
  Attributes attributes = build.activation();
  set_window(attributes, window);
  attributes.set("kernel_height", height);
  attributes.set("kernel_width", width);
  return build.finish({build.input(type, input)}, attributes);
}

// The average of whole planes, as before a classifier.
Graph random_average_of_planes(std::mt19937 &random) {
  RandomGraphBuilder build(random, "average_pool2d");
  const Shape input = {build.images(), build.between(1, 9), build.between(1, 9), build.between(1, 9)};
  Attributes attributes = build.activation();
  attributes.set("kernel_height", input[1]);
  attributes.set("kernel_width", input[2]);
  return build.finish({build.input(ElementType::int8, input)}, attributes);
}

Graph random_average_int8(std::mt19937 &random) { return random_pool(random, "average_pool2d", ElementType::int8); }
Graph random_average_int16(std::mt19937 &random) { return random_pool(random, "average_pool2d", ElementType::int16); }
Graph random_average_float(std::mt19937 &random) { return random_pool(random, "average_pool2d", ElementType::float32); }
Graph random_l2_float(std::mt19937 &random) { return random_pool(random, "l2_pool2d", ElementType::float32); }
Graph random_max_int8(std::mt19937 &random) { return random_pool(random, "max_pool2d", ElementType::int8); }
Graph random_max_int16(std::mt19937 &random) { return random_pool(random, "max_pool2d", ElementType::int16); }
Graph random_max_float(std::mt19937 &random) { return random_pool(random, "max_pool2d", ElementType::float32); }

constexpr auto attributes =
    window_rules + AttributeRules<2>{{{"kernel_height"}, {"kernel_width"}}} + activation_rules;
constexpr RandomGraph average_random_graphs[] = {random_average_int8, random_average_int16, random_average_float, random_average_of_planes};
constexpr RandomGraph max_random_graphs[] = {random_max_int8, random_max_int16, random_max_float};

constexpr RandomGraph l2_random_graphs[] = {random_l2_float};

constexpr std::string_view limits = "int8 or int16 with the same scale in and out, or float32; sizes up to 32767";

}  // namespace

WindowGeometry pool_geometry(const NodeView &node) {
  return window_geometry(node, node.attributes().integer("kernel_height"), node.attributes().integer("kernel_width"));
}

bool is_int8_pool(const NodeView &node) {
  const Tensor &input = node.input(0), &output = node.output();
  return input.type == ElementType::int8 && output.type == ElementType::int8 &&
         same_scale(input.quantization, output.quantization) && sizes_fit(node);
}

extern const OpDef average_pool2d_op, max_pool2d_op, l2_pool2d_op;
constinit const OpDef average_pool2d_op = complete(
    {.name = "average_pool2d", .summary = "average over a sliding window, with fused activation",
     .quantization = QuantizationRule::same_scale, .attributes = attributes, .infer = infer,
     .kernels = average_kernels, .image_by_image = true, .random_graphs = average_random_graphs, .channel_flow = monotone_flow,
     .limits = limits});
constinit const OpDef max_pool2d_op = complete(
    {.name = "max_pool2d", .summary = "largest value of a sliding window, with fused activation",
     .quantization = QuantizationRule::same_scale, .attributes = attributes, .infer = infer,
     .kernels = max_kernels, .image_by_image = true, .random_graphs = max_random_graphs, .channel_flow = monotone_flow, .limits = limits});
constinit const OpDef l2_pool2d_op = complete(
    {.name = "l2_pool2d", .summary = "root of the mean square over a sliding window, with fused activation",
     .quantization = QuantizationRule::same_scale, .attributes = attributes, .infer = infer,
     .kernels = l2_kernels, .image_by_image = true, .random_graphs = l2_random_graphs, .channel_flow = separate_flow, .limits = "float32; sizes up to 32767"});

}  // namespace whit
