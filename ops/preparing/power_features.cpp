// SPDX-License-Identifier: Apache-2.0
// power_features: each feature raised to a power of its own, by the rule of Box and Cox, or that of Yeo and Johnson.
//
// inputs:  0 data: float32, one row of F features; 1 exponents: F, float32
// attribute: "negative": 1 for Yeo and Johnson's rule, which takes features below 0 too
#define WHIT_HOST
#include "ops/preparing/power_features.kernel.hpp"

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr int64_t most_features = 32767;

bool negative(const NodeView &node) { return node.attributes().integer("negative", 0) != 0; }

std::vector<TensorType> infer(const NodeView &node) {
  const int64_t count = node.input(0).elements();
  if (node.input(0).type != float32 || node.input(1).type != float32 || !node.input(1).is_constant() || node.input(1).elements() != count || count < 1 || count > most_features)
    throw UserError({node.place(), fmt::format("{} features of {}, {} exponents", count, name_of(node.input(0).type), node.input(1).elements()),
                     "1 to 32767 of float32, with a constant exponent each", "the model file may be damaged"});
  return {{float32, {1, count}}};
}

bool fits(const NodeView &) { return true; }

KernelCall call(const NodeView &node) {
  return {.function = "power_features",
          .parameters = parameters_from(PowerFeaturesParameters{static_cast<int16_t>(node.input(0).elements()), static_cast<int8_t>(negative(node))}),
          .constants = {{"exponents", float32, *node.input(1).constant}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), output_argument()}};
}

Cost cost(const NodeView &node) {
  constexpr double cycles_per_feature = 2000;
  return {.cycles = cycles_per_feature * static_cast<double>(node.input(0).elements()), .constant_bytes = static_cast<double>(node.input(1).bytes())};
}

constexpr Kernel kernels[] = {{.name = "power_features", .header = "ops/preparing/power_features.kernel.hpp", .fits = fits, .call = call,
                               .host = host_call<power_features>, .cost = cost, .overlap = elementwise_overlap}};

// Yeo and Johnson's rule, which takes whatever a random sample holds.
Graph random_power(std::mt19937 &random) {
  RandomGraphBuilder build(random, "power_features");
  const int64_t features = build.between(1, 9);
  std::vector<float> exponents;
  for (int64_t index = 0; index < features; ++index) exponents.push_back(build.between(0, 4) == 0 ? 0.0F : build.real_between(-3, 3));
  Graph graph{.name = "power_features"};
  graph.inputs = {graph.add_tensor({.name = "input", .type = float32, .shape = {1, features}})};
  const TensorId constant = graph.add_constant("exponents", float32, {features}, bytes_of(exponents));
  graph.outputs = {graph.add_tensor({.name = "output", .type = float32, .shape = {1, features}})};
  graph.nodes.push_back({.op = "power_features", .inputs = {graph.inputs[0], constant}, .outputs = graph.outputs, .attributes = {{"negative", int64_t{1}}}, .origin = "random instance"});
  return graph;
}

constexpr AttributeRules<1> attributes{{{"negative", AttributeKind::integer}}};
constexpr RandomGraph random_graphs[] = {random_power};

}  // namespace

extern const OpDef power_features_op;
constinit const OpDef power_features_op =
    complete({.name = "power_features", .summary = "each feature raised to a power of its own", .least_inputs = 2, .most_inputs = 2, .quantization = QuantizationRule::convert,
              .attributes = attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs, .limits = "one row of float32 features"});

}  // namespace whit
