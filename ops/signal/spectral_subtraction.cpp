// SPDX-License-Identifier: Apache-2.0
// signal_spectral_subtraction: outputs the energies without their noise and the noise, which is also the variable that it
// keeps. Attributes: the number of channels, the filter's coefficients and their fraction bits.
#define WHIT_HOST
#include "ops/signal/spectral_subtraction.kernel.hpp"

#include "ops/signal/signal.hpp"

namespace whit {

namespace {

using enum ElementType;

SpectralSubtractionParameters parameters_of(const NodeView &node) {
  constexpr int64_t most = INT32_MAX;
  const auto coefficient = [&](std::string_view name) { return static_cast<uint32_t>(limited(node, name, 0, most)); };
  const int64_t channels = limited(node, "num_channels", 1, most);
  if (node.input(0).shape != Shape{channels})
    throw UserError({node.place(), "data " + text_of(node.input(0).shape), fmt::format("a vector of {} channels", channels),
                     "the model file may be damaged"});
  return {static_cast<int32_t>(channels), coefficient("smoothing"), coefficient("one_minus_smoothing"),
          coefficient("alternate_smoothing"), coefficient("alternate_one_minus_smoothing"),
          coefficient("min_signal_remaining"), static_cast<int8_t>(limited(node, "smoothing_bits", 0, 31)),
          static_cast<int8_t>(limited(node, "spectral_subtraction_bits", 0, 63)),
          static_cast<int8_t>(limited(node, "clamping", 0, 1))};
}

std::vector<TensorType> infer(const NodeView &node) {
  const TensorType energies{int32, node.input(0).shape};
  return with_states(node, {energies, energies}, spectral_subtraction_states(node));
}

bool fits(const NodeView &node) { return node.input(0).type == int32; }

KernelCall call(const NodeView &node) {
  return {.function = "signal_spectral_subtraction",
          .parameters = parameters_from(parameters_of(node)),
          .arguments = {parameters_argument(), input_argument(0), output_argument(2), output_argument(0),
                        output_argument(1)}};
}

Cost cost(const NodeView &node) { return {.cycles = 100 * static_cast<double>(node.output().elements())}; }

constexpr Kernel kernels[] = {{.name = "signal_spectral_subtraction",
                               .header = "ops/signal/spectral_subtraction.kernel.hpp", .fits = fits, .call = call,
                               .host = host_call<signal_spectral_subtraction>, .cost = cost, .overlap = in_place}};

Graph random_graph(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_spectral_subtraction");
  const int64_t channels = build.between(1, 20), bits = build.between(8, 20), one = int64_t{1} << bits;
  const int64_t smoothing = build.between(0, one), alternate = build.between(0, one);
  const TensorId data = build.input(int32, {channels}), noise = build.variable(int32, {channels});
  return build.finish({data, noise},
                      {{"num_channels", channels}, {"smoothing", smoothing}, {"one_minus_smoothing", one - smoothing},
                       {"alternate_smoothing", alternate}, {"alternate_one_minus_smoothing", one - alternate},
                       {"min_signal_remaining", build.between(0, one / 2)}, {"smoothing_bits", build.between(0, 12)},
                       {"spectral_subtraction_bits", bits}, {"clamping", build.between(0, 1)}});
}

constexpr RandomGraph random_graphs[] = {random_graph};
constexpr AttributeRules<9> attributes{{{"num_channels"}, {"smoothing"}, {"one_minus_smoothing"}, {"alternate_smoothing"},
                                        {"alternate_one_minus_smoothing"}, {"min_signal_remaining"}, {"smoothing_bits"},
                                        {"spectral_subtraction_bits"}, {"clamping"}}};

}  // namespace

std::vector<TensorType> spectral_subtraction_states(const NodeView &node) {
  return {{int32, {parameters_of(node).channels}}};
}

extern const OpDef signal_spectral_subtraction_op;
constinit const OpDef signal_spectral_subtraction_op =
    signal_operator(2, {.name = "signal_spectral_subtraction", .summary = "energies without the noise that stays",
                        .outputs = 3, .attributes = attributes, .infer = infer, .kernels = kernels,
                        .random_graphs = random_graphs, .limits = "32-bit energies"});

}  // namespace whit
