// SPDX-License-Identifier: Apache-2.0
// The feature_products operator: inference, kernel, random instances.
#define WHIT_HOST
#include "ops/preparing/feature_products.hpp"

#include "ops/preparing/feature_products.kernel.hpp"
#include "ops/random_graph.hpp"
#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr int64_t most_outputs = 32767;

[[noreturn]] void refuse(const NodeView &node, std::string found, std::string supported) {
  throw UserError({node.place(), std::move(found), std::move(supported), "the model file may be damaged"});
}

void check_terms(const NodeView &node) {
  const auto ends = values_of<int32_t>(*node.input(1).constant);
  const auto factors = values_of<int16_t>(*node.input(2).constant);
  int64_t begin = 0;
  for (int32_t end : ends) {
    if (end < begin || end >= static_cast<int64_t>(factors.size())) refuse(node, fmt::format("factors {} to {} of {}", begin, end, factors.size()), "ends that rise");
    begin = end;
  }
  for (int16_t factor : factors)
    if (factor < 0 || factor >= node.input(0).elements()) refuse(node, fmt::format("feature {} of {}", factor, node.input(0).elements()), "a feature that there is");
}

std::vector<TensorType> infer(const NodeView &node) {
  const ElementType type = node.input(0).type;
  if (!node.input(1).is_constant() || !node.input(2).is_constant() || node.input(1).type != int32 || node.input(2).type != int16)
    refuse(node, "terms that are no constants of int32 and int16", "such constants");
  const int64_t outputs = node.input(1).elements();
  if ((type != float32 && type != int16) || outputs < 1 || outputs > most_outputs)
    refuse(node, fmt::format("{} products of {}", outputs, name_of(type)), "1 to 32767 of float32 or int16");
  check_terms(node);
  return {{type, {1, outputs}}};
}

bool fits(const NodeView &) { return true; }

KernelCall call(const NodeView &node) {
  return {.function = "feature_products",
          .parameters = parameters_from(FeatureProductsParameters{static_cast<int16_t>(node.output().elements()), static_cast<int8_t>(node.input(0).type)}),
          .constants = {{"ends", int32, *node.input(1).constant}, {"factors", int16, *node.input(2).constant}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1), output_argument()}};
}

template <typename Element>
void run(std::span<void *const> arguments) {
  feature_products_by(*static_cast<const FeatureProductsParameters *>(arguments[0]), static_cast<const Element *>(arguments[1]),
                      static_cast<const int32_t *>(arguments[2]), static_cast<const int16_t *>(arguments[3]), static_cast<Element *>(arguments[4]));
}

void host(std::span<void *const> arguments) {
  const auto type = static_cast<ElementType>(static_cast<const FeatureProductsParameters *>(arguments[0])->data);
  type == float32 ? run<float>(arguments) : run<int16_t>(arguments);
}

Cost cost(const NodeView &node) {
  constexpr double cycles_per_factor = 20;
  return {.cycles = cycles_per_factor * static_cast<double>(node.input(2).elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes() + node.input(2).bytes())};
}

constexpr Kernel kernels[] = {
    {.name = "feature_products", .header = "ops/preparing/feature_products.kernel.hpp", .fits = fits, .call = call, .host = host, .cost = cost}};

template <ElementType type>
Graph random_graph(std::mt19937 &random) {
  RandomGraphBuilder build(random, "feature_products");
  const int64_t features = build.between(1, 6);
  std::vector<std::vector<int64_t>> terms(static_cast<size_t>(build.between(1, 12)));
  for (std::vector<int64_t> &term : terms)
    for (int64_t left = build.between(0, 3); left > 0; --left) term.push_back(build.between(0, features - 1));
  Graph graph{.name = "feature_products"};
  graph.inputs = {graph.add_tensor({.name = "input", .type = type, .shape = {1, features}})};
  graph.outputs = {add_feature_products(graph, graph.inputs[0], terms, "random instance")};
  return graph;
}

constexpr RandomGraph random_graphs[] = {random_graph<float32>, random_graph<int16>};

}  // namespace

TensorId add_feature_products(Graph &graph, TensorId data, const std::vector<std::vector<int64_t>> &terms, const std::string &place) {
  std::vector<int32_t> ends;
  std::vector<int16_t> factors;
  for (const std::vector<int64_t> &term : terms) {
    for (int64_t factor : term) factors.push_back(static_cast<int16_t>(factor));
    ends.push_back(static_cast<int32_t>(factors.size()));
  }
  factors.push_back(0);
  Node node{.op = "feature_products", .inputs = {data}, .origin = place};
  node.inputs.push_back(graph.add_constant("ends", int32, {static_cast<int64_t>(ends.size())}, bytes_of(ends)));
  node.inputs.push_back(graph.add_constant("factors", int16, {static_cast<int64_t>(factors.size())}, bytes_of(factors)));
  const TensorType type = infer(NodeView(graph, node)).at(0);
  node.outputs = {graph.add_tensor({.name = "products", .type = type.type, .shape = type.shape})};
  const TensorId output = node.outputs[0];
  graph.nodes.push_back(std::move(node));
  return output;
}

extern const OpDef feature_products_op;
constinit const OpDef feature_products_op =
    complete({.name = "feature_products", .summary = "products of features", .least_inputs = 3, .most_inputs = 3, .quantization = QuantizationRule::convert,
              .attributes = no_attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs, .limits = "one row of float32 or int16 features"});

}  // namespace whit
