// SPDX-License-Identifier: Apache-2.0
// signal_window (weights constant, attribute "shift"), signal_fft_auto_scale (outputs: the scaled values, and by how many
// bits they moved) and signal_energy (attributes "start_index", "end_index"; unsigned 32-bit numbers as int32).
#define WHIT_HOST
#include "ops/signal/spectrum.kernel.hpp"

#include "ops/random_graph.hpp"
#include "ops/signal/signal.hpp"
#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view header = "ops/signal/spectrum.kernel.hpp";

[[noreturn]] void refuse(const NodeView &node, std::string supported) {
  throw UserError({node.place(), fmt::format("data {} of {}", text_of(node.input(0).shape), name_of(node.input(0).type)),
                   std::move(supported), "the model file may be damaged"});
}

std::vector<TensorType> infer_window(const NodeView &node) {
  const Shape &data = node.input(0).shape, &weights = node.input(1).shape;
  const int64_t shift = node.attributes().integer("shift");
  if (weights.size() != 1 || weights[0] < 1 || node.input(0).elements() % weights[0] != 0 || data.empty())
    refuse(node, "whole windows");
  if (shift < 0 || shift > 31) refuse(node, "shifts of 0 to 31");
  return {{node.input(0).type, data}};
}

bool fits_window(const NodeView &node) {
  return node.input(0).type == int16 && node.input(1).type == int16 && node.input(1).is_constant();
}

KernelCall call_window(const NodeView &node) {
  const int64_t length = node.input(1).elements();
  const SignalWindowParameters parameters{static_cast<int32_t>(node.input(0).elements() / length),
                                          static_cast<int32_t>(length),
                                          static_cast<int16_t>(node.attributes().integer("shift"))};
  return {.function = "signal_window",
          .parameters = parameters_from(parameters),
          .constants = {{"weights", int16, *node.input(1).constant}},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(0), output_argument()}};
}

std::vector<TensorType> infer_auto_scale(const NodeView &node) {
  return {{node.input(0).type, node.input(0).shape}, {int32, {}}};
}

bool fits_auto_scale(const NodeView &node) { return node.input(0).type == int16; }

KernelCall call_auto_scale(const NodeView &node) {
  return {.function = "signal_fft_auto_scale",
          .parameters = parameters_from(SignalCountParameters{count_of(node)}),
          .arguments = {parameters_argument(), input_argument(0), output_argument(0), output_argument(1)}};
}

std::vector<TensorType> infer_energy(const NodeView &node) {
  Shape shape = node.input(0).shape;
  if (shape.size() != 1 || shape[0] % 2 != 0) refuse(node, "pairs of numbers");
  shape[0] /= 2;
  const int64_t begin = node.attributes().integer("start_index"), end = node.attributes().integer("end_index");
  if (begin < 0 || end < begin || end > shape[0]) refuse(node, "start_index to end_index within the spectrum");
  return {{int32, shape}};
}

bool fits_energy(const NodeView &node) { return node.input(0).type == int16; }

KernelCall call_energy(const NodeView &node) {
  const SignalEnergyParameters parameters{count_of(node),
                                          static_cast<int32_t>(node.attributes().integer("start_index")),
                                          static_cast<int32_t>(node.attributes().integer("end_index"))};
  return unary_call("signal_energy", parameters_from(parameters));
}

Cost cost(const NodeView &node) { return {.cycles = 12 * static_cast<double>(node.input(0).elements())}; }

constexpr Kernel window_kernels[] = {{.name = "signal_window", .header = header, .fits = fits_window,
                                      .call = call_window, .host = host_call<signal_window>, .cost = cost,
                                      .overlap = in_place}};
constexpr Kernel auto_scale_kernels[] = {{.name = "signal_fft_auto_scale", .header = header, .fits = fits_auto_scale,
                                          .call = call_auto_scale, .host = host_call<signal_fft_auto_scale>,
                                          .cost = cost}};
constexpr Kernel energy_kernels[] = {{.name = "signal_energy", .header = header, .fits = fits_energy,
                                      .call = call_energy, .host = host_call<signal_energy>, .cost = cost}};

Graph random_window(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_window");
  const int64_t length = build.between(1, 40);
  const TensorId data = build.input(int16, {build.between(1, 3), length}), weights = build.constant(int16, {length});
  return build.finish({data, weights}, {{"shift", build.between(8, 16)}});
}

// Values of every magnitude, by the length.
Graph random_auto_scale(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_fft_auto_scale");
  return build.finish({build.input(int16, {build.between(1, 40)})}, {});
}

std::optional<Interval> quiet_values(const NodeView &node, size_t) {
  const int64_t most = int64_t{1} << (1 + node.input(0).elements() % 14);
  return Interval{-most, most};
}

Graph random_energy(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_energy");
  const int64_t length = build.between(1, 40);
  return build.finish({build.input(int16, {2 * length})}, {{"start_index", int64_t{0}}, {"end_index", length}});
}

constexpr RandomGraph window_graphs[] = {random_window};
constexpr RandomGraph auto_scale_graphs[] = {random_auto_scale};
constexpr RandomGraph energy_graphs[] = {random_energy};
constexpr AttributeRules<1> window_attributes{{{"shift"}}};
constexpr AttributeRules<2> energy_attributes{{{"start_index"}, {"end_index"}}};

}  // namespace

extern const OpDef signal_window_op, signal_fft_auto_scale_op, signal_energy_op;
constinit const OpDef signal_window_op =
    signal_operator(2, {.name = "signal_window", .summary = "frames times a window, in fixed point",
                        .attributes = window_attributes, .infer = infer_window, .kernels = window_kernels,
                        .random_graphs = window_graphs, .limits = "int16 with constant weights"});
constinit const OpDef signal_fft_auto_scale_op =
    signal_operator(1, {.name = "signal_fft_auto_scale", .summary = "values moved up to use all of 16 bits",
                        .outputs = 2, .attributes = no_attributes, .infer = infer_auto_scale,
                        .kernels = auto_scale_kernels, .input_values = quiet_values,
                        .random_graphs = auto_scale_graphs, .limits = "int16"});
constinit const OpDef signal_energy_op =
    signal_operator(1, {.name = "signal_energy", .summary = "squared magnitudes of a spectrum",
                        .attributes = energy_attributes, .infer = infer_energy, .kernels = energy_kernels,
                        .random_graphs = energy_graphs, .limits = "int16"});

}  // namespace whit
