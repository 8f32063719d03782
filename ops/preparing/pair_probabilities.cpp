// SPDX-License-Identifier: Apache-2.0
// pair_probabilities: the probabilities of K classes from the K (K - 1) / 2 sums of their pairs.
//
// inputs:  0 sums, float32: (0, 1), (0, 2) ... (1, 2) ...; 1 slopes, 2 offsets: one a pair, float32
#define WHIT_HOST
#include "ops/preparing/pair_probabilities.kernel.hpp"

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"
#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr int64_t most_scratch = 3000;

// None where so many pairs are not those of any number of classes.
int64_t classes_of(int64_t pairs) {
  int64_t classes = 2;
  while (classes * (classes - 1) / 2 < pairs) ++classes;
  return classes * (classes - 1) / 2 == pairs ? classes : 0;
}

int64_t scratch(const NodeView &node) {
  const int64_t classes = classes_of(node.input(0).elements());
  return 4 * classes * (classes + 1);
}

std::vector<TensorType> infer(const NodeView &node) {
  const int64_t pairs = node.input(0).elements();
  for (size_t index = 0; index < 3; ++index)
    if (node.input(index).type != float32 || node.input(index).elements() != pairs || (index > 0 && !node.input(index).is_constant()))
      throw UserError({node.place(), fmt::format("{} sums with {} slopes and {} offsets", pairs, node.input(1).elements(), node.input(2).elements()),
                       "as many constants of float32 as sums", "the model file may be damaged"});
  if (pairs < 1 || pairs > most_scratch || classes_of(pairs) == 0 || scratch(node) > most_scratch)
    throw UserError({node.place(), fmt::format("{} pairs", pairs), "the pairs of 2 to 26 classes", "ask for labels"});
  return {{float32, {1, classes_of(pairs)}}};
}

bool fits(const NodeView &) { return true; }

KernelCall call(const NodeView &node) {
  return {.function = "pair_probabilities",
          .parameters = parameters_from(PairProbabilitiesParameters{static_cast<int16_t>(node.output().elements())}),
          .constants = {{"slopes", float32, *node.input(1).constant}, {"offsets", float32, *node.input(2).constant}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1), output_argument(), scratch_argument()}};
}

void host(std::span<void *const> arguments) {
  pair_probabilities(static_cast<const PairProbabilitiesParameters *>(arguments[0]), static_cast<const float *>(arguments[1]), static_cast<const float *>(arguments[2]),
                     static_cast<const float *>(arguments[3]), static_cast<float *>(arguments[4]), Scratch(arguments[5]));
}

Cost cost(const NodeView &node) {
  constexpr double cycles_per_pair = 20000;
  return {.cycles = cycles_per_pair * static_cast<double>(node.input(0).elements()), .constant_bytes = static_cast<double>(2 * node.input(1).bytes())};
}

constexpr Kernel kernels[] = {{.name = "pair_probabilities", .header = "ops/preparing/pair_probabilities.kernel.hpp", .fits = fits, .call = call, .host = host,
                               .cost = cost, .scratch = scratch}};

Graph random_pairs(std::mt19937 &random) {
  RandomGraphBuilder build(random, "pair_probabilities");
  const int64_t classes = build.between(2, 6), pairs = classes * (classes - 1) / 2;
  std::vector<float> slopes, offsets;
  for (int64_t index = 0; index < pairs; ++index) {
    slopes.push_back(build.real_between(-3, -0.5F));
    offsets.push_back(build.real_between(-1, 1));
  }
  Graph graph{.name = "pair_probabilities"};
  graph.inputs = {graph.add_tensor({.name = "input", .type = float32, .shape = {1, pairs}})};
  Node node{.op = "pair_probabilities", .inputs = graph.inputs, .origin = "random instance"};
  for (const std::vector<float> &values : {slopes, offsets}) node.inputs.push_back(graph.add_constant("pairs", float32, {pairs}, bytes_of(values)));
  graph.outputs = {graph.add_tensor({.name = "output", .type = float32, .shape = {1, classes}})};
  node.outputs = graph.outputs;
  graph.nodes.push_back(std::move(node));
  return graph;
}

constexpr RandomGraph random_graphs[] = {random_pairs};

}  // namespace

extern const OpDef pair_probabilities_op;
constinit const OpDef pair_probabilities_op =
    complete({.name = "pair_probabilities", .summary = "probabilities of classes from the sums of their pairs", .least_inputs = 3, .most_inputs = 3,
              .quantization = QuantizationRule::convert, .attributes = no_attributes, .infer = infer, .kernels = kernels, .random_graphs = random_graphs,
              .limits = "float32, 2 to 26 classes"});

}  // namespace whit
