// SPDX-License-Identifier: Apache-2.0
// normalize_features: a row of features divided by the sum of their sizes, its length, or its largest size.
//
// input: float32, or int16 of one scale; the output is of the input's type, int16 with 15 fraction bits
// attribute: "norm": "l1", "l2", "max"
#define WHIT_HOST
#include "ops/preparing/normalize_features.kernel.hpp"

#include <algorithm>

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"
#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view header = "ops/preparing/normalize_features.kernel.hpp", norms[] = {"l1", "l2", "max"};
constexpr int64_t most_features = 32767;

int8_t norm_of(const NodeView &node) {
  const std::string name = node.attributes().text("norm", "");
  const auto *found = std::ranges::find(norms, name);
  if (found == std::end(norms)) throw UserError({node.place(), "norm \"" + name + "\"", "l1, l2, max", "the model file may be damaged"});
  return static_cast<int8_t>(found - norms);
}

std::vector<TensorType> infer(const NodeView &node) {
  const Tensor &data = node.input(0);
  if ((data.type != float32 && data.type != int16) || data.elements() < 1 || data.elements() > most_features)
    throw UserError({node.place(), fmt::format("{} features of {}", data.elements(), name_of(data.type)), "1 to 32767 of float32 or int16", "the model file may be damaged"});
  norm_of(node);
  return infer_same(node);
}

bool fits_float(const NodeView &node) { return unary_types_are(node, float32, float32); }
bool fits_int16(const NodeView &node) { return unary_types_are(node, int16, int16); }

// Squares of 30 bits are shifted so that all of them fit 32; an even shift has a whole root.
int8_t shift_for(int64_t count) {
  int shift = 0;
  while (count > int64_t{3} << shift) shift += 2;
  return static_cast<int8_t>(shift);
}

KernelCall call(const NodeView &node) {
  const int64_t count = node.input(0).elements();
  const NormalizeFeaturesParameters p{static_cast<int16_t>(count), norm_of(node), shift_for(count)};
  return unary_call(node.input(0).type == int16 ? "normalize_features_int16" : "normalize_features_float", parameters_from(p));
}

Cost cost(const NodeView &node) {
  constexpr double cycles_per_feature = 90;
  return {.cycles = cycles_per_feature * static_cast<double>(node.input(0).elements())};
}

constexpr Kernel kernels[] = {
    {.name = "normalize_features_int16", .header = header, .fits = fits_int16, .call = call, .host = host_call<normalize_features_int16>, .cost = cost,
     .overlap = elementwise_overlap},
    {.name = "normalize_features_float", .header = header, .fits = fits_float, .call = call, .host = host_call<normalize_features_float>, .cost = cost,
     .overlap = elementwise_overlap},
};

template <ElementType type>
Graph random_graph(std::mt19937 &random) {
  RandomGraphBuilder build(random, "normalize_features");
  const std::string norm(norms[build.between(0, 2)]);
  Graph graph = build.finish({build.input(type, {1, build.between(1, 40)})}, {{"norm", norm}});
  if (type == int16) graph.tensor(graph.outputs[0]).quantization = {.scales = {1.0F / 32768}, .zero_points = {0}};
  return graph;
}

constexpr AttributeRules<1> attributes{{{"norm", AttributeKind::text}}};
constexpr RandomGraph random_graphs[] = {random_graph<float32>, random_graph<int16>};

}  // namespace

extern const OpDef normalize_features_op;
constinit const OpDef normalize_features_op =
    complete({.name = "normalize_features", .summary = "a row of features divided by its size", .quantization = QuantizationRule::fixed_output,
              .attributes = attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs, .limits = "one row of float32 or int16 features"});

}  // namespace whit
