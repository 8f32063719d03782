// SPDX-License-Identifier: Apache-2.0
// The sign operator: inference, kernel and the facts it declares.
#define WHIT_HOST
#include "ops/sign/sign.kernel.hpp"

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

std::vector<TensorType> infer(const NodeView &node) { return {{node.input(0).type, node.input(0).shape}}; }

bool fits(const NodeView &node) {
  return node.input(0).type == ElementType::float32 && node.output().type == ElementType::float32;
}

KernelCall call(const NodeView &node) {
  return {.function = "sign_float",
          .parameters = parameters_from(SignParameters{static_cast<int32_t>(node.output().elements())}),
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

Cost cost(const NodeView &node) { return {.cycles = 5 * static_cast<double>(node.output().elements())}; }

constexpr Kernel kernels[] = {
    {.name = "sign_float", .header = "ops/sign/sign.kernel.hpp", .fits = fits, .call = call, .host = host_call<sign_float>,
     .cost = cost, .layouts = any_same_layout, .overlap = elementwise_overlap},
};

Graph random_sign(std::mt19937 &random) {
  RandomGraphBuilder build(random, "sign");
  return build.finish({build.input(ElementType::float32, {1, build.between(1, 9), build.between(1, 9)})}, {});
}

constexpr RandomGraph random_graphs[] = {random_sign};
constexpr AttributeRules<0> attributes{};

}  // namespace

extern const OpDef sign_op;
constinit const OpDef sign_op =
    complete({.name = "sign", .summary = "-1, 0 or 1", .quantization = QuantizationRule::rescale,
              .attributes = attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs});

}  // namespace whit
