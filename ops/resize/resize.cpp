// SPDX-License-Identifier: Apache-2.0
// The resize_bilinear operator: attributes "height", "width", "align_corners" and "half_pixel".
#define WHIT_HOST
#include "ops/resize/resize.kernel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"
#include "ops/resize/resize.paired.kernel.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr int64_t longest = 32767;

std::vector<TensorType> infer(const NodeView &node) {
  const Shape &input = node.input(0).shape;
  const int64_t height = node.attributes().integer("height"), width = node.attributes().integer("width");
  const auto legal = [](int64_t length) { return length >= 1 && length <= longest; };
  if (input.size() != 4 || !std::ranges::all_of(input, legal) || !legal(height) || !legal(width))
    throw UserError({node.place(), fmt::format("{} resized to {} x {}", text_of(input), height, width),
                     fmt::format("images with axes from 1 to {}", longest), "the model file may be damaged"});
  return {{node.input(0).type, {input[0], height, width, input[3]}}};
}

// An axis of the image: both lengths, and how pixels correspond.
struct Axis {
  int64_t input, output;
  bool align_corners, half_pixel;
};

Axis axis_of(const NodeView &node, size_t axis) {
  return {node.input(0).shape[axis], node.output().shape[axis], node.attributes().integer("align_corners") != 0,
          node.attributes().integer("half_pixel") != 0};
}

template <typename Weight>
struct Places {
  std::vector<int16_t> places{};
  std::vector<Weight> weights{};

  void add(int64_t lower, int64_t upper, Weight weight) {
    places.push_back(static_cast<int16_t>(lower));
    places.push_back(static_cast<int16_t>(upper));
    weights.push_back(weight);
  }
};

Places<float> float_places(const Axis &axis) {
  const bool corners = axis.align_corners && axis.output > 1;
  const float scale = corners ? static_cast<float>(axis.input - 1) / static_cast<float>(axis.output - 1)
                              : static_cast<float>(axis.input) / static_cast<float>(axis.output);
  Places<float> result;
  for (int64_t i = 0; i < axis.output; ++i) {
    const auto place = static_cast<float>(i);
    const float exact = axis.half_pixel ? (place + 0.5F) * scale - 0.5F : place * scale;
    const auto lower = std::clamp<int64_t>(static_cast<int64_t>(std::floor(exact)), 0, axis.input - 1);
    const auto upper = std::min<int64_t>(static_cast<int64_t>(std::ceil(exact)), axis.input - 1);
    result.add(lower, upper, exact - static_cast<float>(lower));
  }
  return result;
}

Places<int16_t> integer_places(const Axis &axis) {
  constexpr int64_t one = 1 << 10;
  const bool corners = axis.align_corners && axis.output > 1;
  const int64_t scale = corners ? (one * (axis.input - 1) + (axis.output - 1) / 2) / (axis.output - 1)
                                : (one * axis.input + axis.output / 2) / axis.output;
  Places<int16_t> result;
  for (int64_t i = 0; i < axis.output; ++i) {
    const int64_t rounded = axis.half_pixel ? i * scale + scale / 2 - one / 2 : i * scale;
    const int64_t exact = std::min(rounded, one * (axis.input - 1));  // a scale rounded up leads past the edge
    const int64_t lower = std::max<int64_t>(exact / one, 0);
    const int64_t upper = std::min((exact + one - 1) / one, axis.input - 1);
    result.add(lower, upper, static_cast<int16_t>(exact - one * lower));
  }
  return result;
}

// An upper place may lie one below the lower at the edge, where both weigh as one.
template <typename Weight>
void add_lists(KernelCall &call, std::string_view name, ElementType type, const Places<Weight> &list) {
  for (const auto &[what, element, bytes] : {std::tuple("places", int16, bytes_of(list.places)),
                                             std::tuple("weights", type, bytes_of(list.weights))}) {
    call.arguments.push_back(constant_argument(call.constants.size()));
    call.constants.push_back({fmt::format("{}_{}", name, what), element, bytes});
  }
}

template <typename Parameters>
Parameters sized(const NodeView &node) {
  const Shape &input = node.input(0).shape, &output = node.output().shape;
  const auto narrow = [](int64_t value) { return static_cast<int16_t>(value); };
  Parameters p{};
  p.batches = narrow(input[0]);
  p.input_height = narrow(input[1]);
  p.input_width = narrow(input[2]);
  p.output_height = narrow(output[1]);
  p.output_width = narrow(output[2]);
  p.channels = narrow(input[3]);
  return p;
}

KernelCall call(const NodeView &node) {
  const bool is_float = node.input(0).type == float32;
  KernelCall call{.function = fmt::format("resize_bilinear<{}>", is_float ? "FloatMix" : "IntegerMix"),
                  .parameters = parameters_from(sized<ResizeParameters>(node)),
                  .arguments = {parameters_argument()}};
  for (const auto &[name, axis] : {std::pair("row", size_t{1}), std::pair("column", size_t{2})}) {
    if (is_float) add_lists(call, name, float32, float_places(axis_of(node, axis)));
    else add_lists(call, name, int16, integer_places(axis_of(node, axis)));
  }
  call.arguments.push_back(input_argument(0));
  call.arguments.push_back(output_argument());
  return call;
}

constexpr int weight_bits = 10, most_paired_bits = 8;  // of an axis' weights; of both axes' together in the paired kernel

// How many of an axis' weights' bits are ever set, from the top; one at least.
int needed_bits(const Axis &axis) {
  uint32_t any = 1U << (weight_bits - 1);
  for (const int16_t weight : integer_places(axis).weights) any |= static_cast<uint32_t>(weight);
  return weight_bits - std::countr_zero(any);
}

// The lists with no more bits than that.
Places<int16_t> coarse_places(const Axis &axis) {
  Places<int16_t> result = integer_places(axis);
  for (int16_t &weight : result.weights) weight = static_cast<int16_t>(weight >> (weight_bits - needed_bits(axis)));
  return result;
}

KernelCall call_paired(const NodeView &node) {
  const int row_bits = needed_bits(axis_of(node, 1)), column_bits = needed_bits(axis_of(node, 2));
  auto p = sized<ResizePairedParameters>(node);
  p.row_one = static_cast<int16_t>(1 << row_bits);
  p.column_one = static_cast<int16_t>(1 << column_bits);
  p.bits = static_cast<int16_t>(row_bits + column_bits);
  KernelCall call{.function = "resize_bilinear_paired", .parameters = parameters_from(p), .arguments = {parameters_argument()}};
  add_lists(call, "row", int16, coarse_places(axis_of(node, 1)));
  add_lists(call, "column", int16, coarse_places(axis_of(node, 2)));
  call.arguments.push_back(input_argument(0));
  call.arguments.push_back(output_argument());
  return call;
}

template <ElementType type>
bool fits(const NodeView &node) {
  return node.input(0).type == type && node.input(0).quantization == node.output().quantization;
}

bool fits_paired(const NodeView &node) {
  return fits<int8>(node) && needed_bits(axis_of(node, 1)) + needed_bits(axis_of(node, 2)) <= most_paired_bits;
}

Cost cost_paired(const NodeView &node) {
  const Shape &shape = node.output().shape;
  const auto elements = static_cast<double>(node.output().elements());
  const double pixels = elements / static_cast<double>(shape[3]);
  return {.cycles = 14 * elements + pixels * (50 + 12 * static_cast<double>(shape[3] % 4)), .code_bytes = 600};
}

Cost cost(const NodeView &node) { return {.cycles = 30 * static_cast<double>(node.output().elements())}; }

constexpr std::string_view header = "ops/resize/resize.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "resize_bilinear_paired", .header = "ops/resize/resize.paired.kernel.hpp", .features = {Feature::fast_multiplier},
     .fits = fits_paired, .call = call_paired, .host = host_call<resize_bilinear_paired>, .cost = cost_paired},
    {.name = "resize_bilinear_int8", .header = header, .fits = fits<int8>, .call = call,
     .host = host_call<resize_bilinear<IntegerMix>>, .cost = cost},
    {.name = "resize_bilinear_float", .header = header, .fits = fits<float32>, .call = call,
     .host = host_call<resize_bilinear<FloatMix>>, .cost = cost}};

template <ElementType type>
Graph random_resize(std::mt19937 &random) {
  RandomGraphBuilder build(random, "resize_bilinear");
  const TensorId data =
      build.input(type, {build.between(1, 2), build.between(1, 6), build.between(1, 6), build.between(1, 4)});
  const int64_t kind = build.between(0, 2);
  return build.finish({data}, {{"height", build.between(1, 9)},
                               {"width", build.between(1, 9)},
                               {"align_corners", int64_t{kind == 1}},
                               {"half_pixel", int64_t{kind == 2}}});
}

// Twice, four and eight times the size, whole words of channels at times.
Graph random_enlargement(std::mt19937 &random) {
  RandomGraphBuilder build(random, "resize_bilinear");
  const int64_t height = build.between(1, 5), width = build.between(1, 5), factor = int64_t{1} << build.between(1, 3);
  const TensorId data = build.input(int8, {1, height, width, build.between(1, 12)});
  return build.finish({data}, {{"height", height * factor}, {"width", width * 2}, {"align_corners", int64_t{0}},
                               {"half_pixel", build.between(0, 1)}});
}

constexpr AttributeRules<4> attributes{{{"height"}, {"width"}, {"align_corners"}, {"half_pixel"}}};
constexpr RandomGraph random_graphs[] = {random_resize<int8>, random_resize<float32>, random_enlargement};

}  // namespace

extern const OpDef resize_bilinear_op;
constinit const OpDef resize_bilinear_op =
    complete({.name = "resize_bilinear", .summary = "images of another size, mixed from four pixels",
              .attributes = attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs,
              .limits = "int8 and float32 with four axes; input and output of one scale"});

}  // namespace whit
