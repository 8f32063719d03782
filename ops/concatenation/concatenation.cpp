// SPDX-License-Identifier: Apache-2.0
// The concatenation operator: inputs joined along attribute "axis". Integer inputs have the output's scale and zero
// point, as the reference demands, so that every kernel only copies.
#define WHIT_HOST
#include <algorithm>

#include "ops/concatenation/concatenation.kernel.hpp"
#include "ops/each_type.hpp"
#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"
#include "ops/strided.hpp"
#include "ops/variadic_call.hpp"

namespace whit {

namespace {

constexpr size_t most_inputs = 16;

int64_t joined_axis(const NodeView &node) { return node.attributes().integer("axis"); }

bool joins(const Tensor &first, const Tensor &other, size_t axis) {
  Shape shape = other.shape;
  if (shape.size() != first.shape.size()) return false;
  shape[axis] = first.shape[axis];
  return shape == first.shape && other.type == first.type;
}

std::vector<TensorType> infer(const NodeView &node) {
  check_all_present(node);
  const Tensor &first = node.input(0);
  const int64_t axis = joined_axis(node);
  if (axis < 0 || axis >= static_cast<int64_t>(first.shape.size()))
    throw UserError({node.place(), fmt::format("axis {} of an input {}", axis, text_of(first.shape)),
                     "an axis of the inputs", "the model file may be damaged"});
  const auto place = static_cast<size_t>(axis);
  Shape shape = first.shape;
  shape[place] = 0;
  for (size_t index = 0; index < node.input_count(); ++index) {
    const Tensor &input = node.input(index);
    if (!joins(first, input, place))
      throw UserError({node.place(),
                       fmt::format("{} {} beside {} {}", name_of(input.type), text_of(input.shape),
                                   name_of(first.type), text_of(first.shape)),
                       "inputs of one type that differ only along the joined axis", "the model file may be damaged"});
    shape[place] += input.shape[place];
  }
  return {{first.type, shape}};
}

// Bytes of that tensor from the joined axis inwards, as they lie in the output's layout.
int64_t row_bytes(const NodeView &node, const Tensor &tensor) {
  const std::vector<size_t> order = axes_in_memory(node.output());
  const auto from = std::find(order.begin(), order.end(), static_cast<size_t>(joined_axis(node)));
  int64_t bytes = bits_of(tensor.type) / 8;
  for (auto axis = from; axis != order.end(); ++axis) bytes *= tensor.shape[*axis];
  return bytes;
}

int64_t rows(const NodeView &node) { return node.output().bytes() / row_bytes(node, node.output()); }

bool fits(const NodeView &node) {
  const Tensor &output = node.output();
  for (size_t index = 0; index < node.input_count(); ++index)
    if (node.input(index).quantization != output.quantization) return false;
  return bits_of(output.type) >= 8;
}

KernelCall call(const NodeView &node) {
  KernelCall call{.function = "concatenation",
                  .parameters = parameters_from(ConcatenationParameters{static_cast<int32_t>(rows(node))}),
                  .constants = {{"row_bytes", ElementType::int32, {}}},
                  .arguments = {parameters_argument(), constant_argument(0), output_argument()}};
  std::vector<int32_t> lengths;
  for (size_t index = 0; index < node.input_count(); ++index) {
    const Tensor &input = node.input(index);
    const auto length = static_cast<int32_t>(row_bytes(node, input));
    lengths.push_back(input.is_constant() ? -length : length);
    call.arguments.push_back(input.is_constant() ? constant_argument(call.constants.size()) : input_argument(index));
    if (input.is_constant())
      call.constants.push_back(
          {fmt::format("input_{}", index), input.type, bytes_in_layout(input, layout_in_memory(node.output()))});
  }
  call.constants[0].bytes = bytes_of(lengths);
  return call;
}

constexpr size_t arguments_before_inputs = 3;

struct Run {
  template <size_t... input>
  static void run(std::span<void *const> arguments, std::index_sequence<input...>) {
    concatenation(static_cast<const ConcatenationParameters *>(arguments[0]), static_cast<const int32_t *>(arguments[1]),
                  arguments[2], static_cast<const int8_t *>(arguments[arguments_before_inputs + input])...);
  }
};

void host(std::span<void *const> arguments) {
  variadic_call<Run, arguments_before_inputs, most_inputs>(arguments);
}

// Before an input's row r is read, r rows of the output and the parts before it in row r have been written.
std::vector<Overlap> overlap(const NodeView &node) {
  std::vector<Overlap> overlaps;
  const int64_t whole = row_bytes(node, node.output());
  int64_t before = 0;
  for (size_t index = 0; index < node.input_count(); ++index) {
    const int64_t part = row_bytes(node, node.input(index));
    const auto &inputs = node.node().inputs;
    const bool once = std::count(inputs.begin(), inputs.end(), inputs[index]) == 1;
    if (once && !node.input(index).is_constant())
      overlaps.push_back({.input = index, .at_most = -(rows(node) - 1) * (whole - part) - before});
    before += part;
  }
  return overlaps;
}

ChannelFlow flow(const NodeView &node) {
  const bool joins_channels = joined_axis(node) + 1 == static_cast<int64_t>(node.output().shape.size());
  return joins_channels ? ChannelFlow::mixed : ChannelFlow::monotone;
}

Cost cost(const NodeView &node) {
  return {.cycles = 1.5 * static_cast<double>(node.output().bytes()) +
                    40 * static_cast<double>(rows(node)) * static_cast<double>(node.input_count())};
}

constexpr Kernel kernels[] = {
    {.name = "concatenation", .header = "ops/concatenation/concatenation.kernel.hpp", .fits = fits, .call = call,
     .host = host, .cost = cost, .layouts = any_same_layout, .overlap = overlap}};

template <ElementType type>
Graph random_concatenation(std::mt19937 &random) {
  RandomGraphBuilder build(random, "concatenation");
  const int64_t axis = build.between(0, 3);
  Shape shape = {build.between(1, 2), build.between(1, 4), build.between(1, 4), build.between(1, 4)};
  std::vector<TensorId> inputs;
  const int64_t count = build.between(1, 4);
  for (int64_t index = 0; index < count; ++index) {
    shape[static_cast<size_t>(axis)] = build.between(1, 4);
    const bool constant = index > 0 && build.between(0, 3) == 0;
    inputs.push_back(constant ? build.constant(type, shape) : build.input(type, shape));
    build.graph().tensor(inputs.back()).quantization = build.graph().tensor(inputs[0]).quantization;
  }
  return build.finish(inputs, {{"axis", axis}});
}

constexpr AttributeRules<1> attributes{{{"axis", AttributeKind::integer}}};
constexpr RandomGraph random_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_concatenation)};

}  // namespace

extern const OpDef concatenation_op;
constinit const OpDef concatenation_op = complete(
    {.name = "concatenation", .summary = "tensors joined along one axis", .most_inputs = most_inputs,
     .attributes = attributes, .infer = infer,
     .kernels = kernels, .random_graphs = random_graphs, .channel_flow = flow,
     .limits = "any type of whole bytes; integer inputs with the output's scale and zero point; up to 16 inputs"});

}  // namespace whit
