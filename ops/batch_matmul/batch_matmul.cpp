// SPDX-License-Identifier: Apache-2.0
// The batch_matmul operator: inputs first (... x I x K) and second (... x K x J), leading axes broadcast; attributes
// "transpose_first" and "transpose_second" (the last two axes lie the other way round).
#define WHIT_HOST
#include "ops/batch_matmul/batch_matmul.dsp.kernel.hpp"
#include "ops/batch_matmul/batch_matmul.kernel.hpp"

#include <algorithm>

#include "ops/elementwise/pair.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

using enum ElementType;

// The two last axes as rows x columns, and their strides.
struct Matrix {
  int64_t rows, columns, row_step, column_step;
};

Matrix matrix_of(const NodeView &node, size_t input) {
  const Shape &shape = node.input(input).shape;
  const int64_t outer = shape[shape.size() - 2], inner = shape.back();
  const bool turned = node.attributes().integer(input == 0 ? "transpose_first" : "transpose_second") != 0;
  return turned ? Matrix{inner, outer, 1, inner} : Matrix{outer, inner, inner, 1};
}

Shape batch_axes(const Shape &shape) { return {shape.begin(), shape.end() - 2}; }

[[noreturn]] void refuse(const NodeView &node) {
  throw UserError({node.place(), fmt::format("{} times {}", text_of(node.input(0).shape), text_of(node.input(1).shape)),
                   "matrices that fit, with leading axes that are equal or 1", "the model file may be damaged"});
}

// Both operands' leading axes, with as many axes as the longer has.
std::pair<Shape, Shape> aligned_batches(const NodeView &node) {
  Shape first = batch_axes(node.input(0).shape), second = batch_axes(node.input(1).shape);
  const size_t axes = std::max(first.size(), second.size());
  first.insert(first.begin(), axes - first.size(), 1);
  second.insert(second.begin(), axes - second.size(), 1);
  return {first, second};
}

std::vector<TensorType> infer(const NodeView &node) {
  check_one_type(node);
  if (node.input(0).shape.size() < 2 || node.input(1).shape.size() < 2) refuse(node);
  const Matrix first = matrix_of(node, 0), second = matrix_of(node, 1);
  if (first.columns != second.rows) refuse(node);
  auto [shape, other] = aligned_batches(node);
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] != other[axis] && shape[axis] != 1 && other[axis] != 1) refuse(node);
    shape[axis] = std::max(shape[axis], other[axis]);
  }
  shape.insert(shape.end(), {first.rows, second.columns});
  return {{node.input(0).type, shape}};
}

// Where the matrices of each batch begin.
std::vector<int32_t> begins(const NodeView &node) {
  const auto [first, second] = aligned_batches(node);
  const Matrix a = matrix_of(node, 0), b = matrix_of(node, 1);
  const Shape batches = batch_axes(node.output().shape);
  std::vector<int32_t> result;
  for (int64_t batch = 0; batch < element_count(batches); ++batch) {
    int64_t rest = batch, first_step = a.rows * a.columns, second_step = b.rows * b.columns, from = 0, second_from = 0;
    for (size_t axis = batches.size(); axis-- > 0; rest /= batches[axis]) {
      const int64_t place = rest % batches[axis];
      if (first[axis] != 1) from += place * first_step;
      if (second[axis] != 1) second_from += place * second_step;
      first_step *= first[axis];
      second_step *= second[axis];
    }
    result.insert(result.end(), {static_cast<int32_t>(from), static_cast<int32_t>(second_from)});
  }
  return result;
}

template <typename Parameters>
Parameters sizes(const NodeView &node) {
  const Matrix a = matrix_of(node, 0), b = matrix_of(node, 1);
  Parameters p{};
  p.batches = static_cast<int32_t>(node.output().elements() / (a.rows * b.columns));
  p.rows = static_cast<int32_t>(a.rows);
  p.depth = static_cast<int32_t>(a.columns);
  p.columns = static_cast<int32_t>(b.columns);
  p.first_row = static_cast<int32_t>(a.row_step);
  p.first_depth = static_cast<int32_t>(a.column_step);
  p.second_depth = static_cast<int32_t>(b.row_step);
  p.second_column = static_cast<int32_t>(b.column_step);
  return p;
}

KernelCall call(const NodeView &node, std::string_view operation, KernelParameters parameters) {
  const auto source = [&](size_t input) { return node.input(input).is_constant() ? "FromConstant" : "FromMemory"; };
  KernelCall call{.function = fmt::format("batch_matmul<{}, {}, {}>", operation, source(0), source(1)),
                  .parameters = std::move(parameters),
                  .constants = {{"begins", int32, bytes_of(begins(node))}},
                  .arguments = {parameters_argument(), constant_argument(0)}};
  for (size_t input : {0, 1})
    add_operand(call, node, input, node.input(input).is_constant() ? *node.input(input).constant : Bytes{});
  call.arguments.push_back(output_argument());
  return call;
}

KernelCall call_float(const NodeView &node) {
  return call(node, "FloatMatmul", parameters_from(sizes<FloatMatmulParameters>(node)));
}

template <typename Parameters>
void set_quantization(Parameters &p, const NodeView &node) {
  const Quantization &first = node.input(0).quantization, &second = node.input(1).quantization,
                     &output = node.output().quantization;
  int8_t shift = 0;
  set_multiplier(static_cast<double>(first.scale()) * static_cast<double>(second.scale()) /
                     static_cast<double>(output.scale()),
                 p.multiplier, shift);
  p.shift = shift;
  p.first_zero = static_cast<int16_t>(first.zero_point());
  p.second_zero = static_cast<int16_t>(second.zero_point());
  p.output_zero = static_cast<int16_t>(output.zero_point());
}

KernelCall call_integer(const NodeView &node, std::string_view operation) {
  auto p = sizes<IntegerMatmulParameters>(node);
  set_quantization(p, node);
  if (node.output().type == int16) check_wide_factor({p.multiplier, p.shift});
  return call(node, operation, parameters_from(p));
}

KernelCall call_int8(const NodeView &node) { return call_integer(node, "Int8Matmul"); }
KernelCall call_int16(const NodeView &node) { return call_integer(node, "Int16Matmul"); }

template <ElementType type>
bool fits(const NodeView &node) {
  constexpr int64_t deepest = 32768;  // whose products of 16 bits fit 31
  const bool one_scale = !node.input(0).quantization.per_axis() && !node.input(1).quantization.per_axis();
  return node.input(0).type == type && one_scale && matrix_of(node, 0).columns < deepest;
}

// Zero points of 0 on all three sides.
bool fits_int16(const NodeView &node) {
  const auto centred = [](const Tensor &tensor) {
    return tensor.quantization.present() && tensor.quantization.zero_point() == 0;
  };
  return fits<int16>(node) && centred(node.input(0)) && centred(node.input(1)) && centred(node.output());
}

// Whether the summed values of the second operand lie side by side, or can be put so.
bool fits_dsp(const NodeView &node) {
  return fits<int8>(node) && matrix_of(node, 0).column_step == 1 && matrix_of(node, 0).columns >= 4 &&
         (matrix_of(node, 1).row_step == 1 || node.input(1).is_constant());
}

// The second operand's matrices, columns one after the other.
Bytes by_columns(const NodeView &node) {
  const Bytes &stored = *node.input(1).constant;
  const Matrix matrix = matrix_of(node, 1);
  Bytes turned;
  for (int64_t begin = 0; begin < static_cast<int64_t>(stored.size()); begin += matrix.rows * matrix.columns)
    for (int64_t column = 0; column < matrix.columns; ++column)
      for (int64_t row = 0; row < matrix.rows; ++row)
        turned.push_back(stored[static_cast<size_t>(begin + row * matrix.row_step + column * matrix.column_step)]);
  return turned;
}

KernelCall call_dsp(const NodeView &node) {
  const auto all = sizes<IntegerMatmulParameters>(node);
  BatchMatmulDspParameters p{};
  p.batches = all.batches;
  p.rows = all.rows;
  p.depth = all.depth;
  p.columns = all.columns;
  set_quantization(p, node);
  KernelCall call{.function = "batch_matmul_int8_dsp",
                  .parameters = parameters_from(p),
                  .constants = {{"begins", int32, bytes_of(begins(node))}},
                  .arguments = {parameters_argument(), constant_argument(0)}};
  add_operand(call, node, 0, node.input(0).is_constant() ? *node.input(0).constant : Bytes{});
  add_operand(call, node, 1, node.input(1).is_constant() ? by_columns(node) : Bytes{});
  call.arguments.push_back(output_argument());
  return call;
}

int64_t macs(const NodeView &node) { return node.output().elements() * matrix_of(node, 0).columns; }
Cost cost_dsp(const NodeView &node) { return {.cycles = 3 * static_cast<double>(macs(node)) + 40 * static_cast<double>(node.output().elements())}; }
Cost cost(const NodeView &node) { return {.cycles = 12 * static_cast<double>(macs(node))}; }

constexpr std::string_view header = "ops/batch_matmul/batch_matmul.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "batch_matmul_int8_dsp", .header = "ops/batch_matmul/batch_matmul.dsp.kernel.hpp",
     .features = {Feature::dsp}, .fits = fits_dsp, .call = call_dsp, .cost = cost_dsp},
    {.name = "batch_matmul_int8", .header = header, .fits = fits<int8>, .call = call_int8,
     .host = host_call<batch_matmul<Int8Matmul, FromMemory, FromMemory>>, .cost = cost},
    {.name = "batch_matmul_int16", .header = header, .fits = fits_int16, .call = call_int16,
     .host = host_call<batch_matmul<Int16Matmul, FromMemory, FromMemory>>, .cost = cost},
    {.name = "batch_matmul_float", .header = header, .fits = fits<float32>, .call = call_float,
     .host = host_call<batch_matmul<FloatMatmul, FromMemory, FromMemory>>, .cost = cost}};

template <ElementType type>
Graph random_matmul(std::mt19937 &random) {
  RandomGraphBuilder build(random, "batch_matmul");
  const int64_t rows = build.between(1, 5), depth = build.between(1, 16), columns = build.between(1, 5);
  const bool turn_first = build.between(0, 3) == 0, turn_second = build.between(0, 1) == 1;
  Shape first(static_cast<size_t>(build.between(0, 2)));
  for (int64_t &length : first) length = build.between(1, 3);
  Shape second = first;
  for (int64_t &length : second)
    if (build.between(0, 3) == 0) length = 1;
  const auto append = [](Shape shape, int64_t a, int64_t b, bool turned) {
    shape.insert(shape.end(), {turned ? b : a, turned ? a : b});
    return shape;
  };
  const Shape left = append(first, rows, depth, turn_first), right = append(second, depth, columns, turn_second);
  const TensorId a = build.input(type, left);
  const TensorId b = build.between(0, 2) == 0 ? build.constant(type, right) : build.input(type, right);
  Graph graph = build.finish({a, b}, {{"transpose_first", int64_t{turn_first}}, {"transpose_second", int64_t{turn_second}}});
  if (type == int8 || type == int16)  // sums reach the output's range
    graph.tensor(graph.outputs[0]).quantization.scales = {graph.tensor(a).quantization.scale() *
                                                          graph.tensor(b).quantization.scale() *
                                                          build.real_between(60.0F, 400.0F) * (type == int16 ? 256.0F : 1.0F)};
  return graph;
}

constexpr RandomGraph random_graphs[] = {random_matmul<int8>, random_matmul<int16>, random_matmul<float32>};
constexpr AttributeRules<2> attributes{{{"transpose_first"}, {"transpose_second"}}};

}  // namespace

extern const OpDef batch_matmul_op;
constinit const OpDef batch_matmul_op =
    complete({.name = "batch_matmul", .summary = "products of matrices, leading axes broadcast", .least_inputs = 2,
              .most_inputs = 2, .quantization = QuantizationRule::rescale, .attributes = attributes, .infer = infer,
              .kernels = kernels, .random_graphs = random_graphs, .macs = macs,
              .limits = "int8 and int16 (one scale an operand) and float32; up to 32767 summed values"});

}  // namespace whit
