// SPDX-License-Identifier: Apache-2.0
// The add_n operator: any number of int8 inputs of one shape, scale and zero point. Sums of floats are chains of adds.
#define WHIT_HOST
#include "ops/elementwise/add_n.kernel.hpp"

#include <algorithm>

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"
#include "ops/unary.hpp"
#include "ops/variadic_call.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr size_t most_inputs = 64;

std::vector<TensorType> infer(const NodeView &node) {
  check_all_present(node);
  const Tensor &first = node.input(0);
  for (size_t index = 1; index < node.input_count(); ++index)
    if (node.input(index).type != first.type || node.input(index).shape != first.shape)
      throw UserError({node.place(), fmt::format("{} {} with {} {}", name_of(first.type), text_of(first.shape),
                                                 name_of(node.input(index).type), text_of(node.input(index).shape)),
                       "inputs of one type and shape", "the model file may be damaged"});
  return {{first.type, first.shape}};
}

bool fits(const NodeView &node) {
  const Tensor &first = node.input(0);
  if (first.type != int8 || !first.quantization.present() || !node.output().quantization.present()) return false;
  for (size_t index = 0; index < node.input_count(); ++index)
    if (node.input(index).quantization != first.quantization || node.input(index).is_constant()) return false;
  return true;
}

// The reference takes the zero point off once more than there are inputs.
KernelCall call(const NodeView &node) {
  const Quantization &input = node.input(0).quantization, &output = node.output().quantization;
  const QuantizedMultiplier factor = quantize_multiplier(2 * static_cast<double>(input.scale()) /
                                                         ((1 << 20) * static_cast<double>(output.scale())));
  const auto inputs = static_cast<int64_t>(node.input_count());
  KernelCall call{.function = "add_n_int8",
                  .parameters = parameters_from(AddNParameters{
                      count_of(node), factor.multiplier, static_cast<int16_t>((inputs + 1) * input.zero_point()),
                      static_cast<int16_t>(output.zero_point()), static_cast<int8_t>(factor.shift)}),
                  .arguments = {parameters_argument(), output_argument()}};
  for (size_t index = 0; index < node.input_count(); ++index) call.arguments.push_back(input_argument(index));
  return call;
}

constexpr size_t arguments_before_inputs = 2;

struct Run {
  template <size_t... input>
  static void run(std::span<void *const> arguments, std::index_sequence<input...>) {
    add_n_int8(static_cast<const AddNParameters *>(arguments[0]), static_cast<int8_t *>(arguments[1]),
               static_cast<const int8_t *>(arguments[arguments_before_inputs + input])...);
  }
};

void host(std::span<void *const> arguments) {
  variadic_call<Run, arguments_before_inputs, most_inputs>(arguments);
}

Cost cost(const NodeView &node) {
  return {.cycles = (20.0 + 8.0 * static_cast<double>(node.input_count())) * static_cast<double>(node.output().elements())};
}

constexpr Kernel kernels[] = {{.name = "add_n_int8", .header = "ops/elementwise/add_n.kernel.hpp", .fits = fits,
                               .call = call, .host = host, .cost = cost, .layouts = any_same_layout,
                               .overlap = elementwise_overlap}};

Graph random_add_n(std::mt19937 &random) {
  RandomGraphBuilder build(random, "add_n");
  const Shape shape = {1, build.between(1, 5), build.between(1, 5), build.between(1, 5)};
  std::vector<TensorId> inputs;
  for (int64_t count = build.between(2, 5); count > 0; --count) {
    inputs.push_back(build.input(int8, shape));
    build.graph().tensor(inputs.back()).quantization = build.graph().tensor(inputs[0]).quantization;
  }
  return build.finish(inputs, {});
}

constexpr RandomGraph random_graphs[] = {random_add_n};

}  // namespace

extern const OpDef add_n_op;
constinit const OpDef add_n_op =
    complete({.name = "add_n", .summary = "sum of several inputs of one scale", .least_inputs = 2,
              .most_inputs = most_inputs, .quantization = QuantizationRule::rescale, .attributes = no_attributes,
              .infer = infer, .kernels = kernels, .random_graphs = random_graphs, .channel_flow = separate_flow,
              .limits = "int8, computed inputs of one scale and zero point, up to 64"});

}  // namespace whit
