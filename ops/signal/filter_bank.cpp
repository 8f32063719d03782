// SPDX-License-Identifier: Apache-2.0
// signal_filter_bank (inputs: energies, then constants: weights, weights for the next channel, begins of bands, begins of
// weights, widths; attribute "num_channels"), signal_filter_bank_square_root (input 1: by how many bits the roots move
// down), signal_filter_bank_log ("output_scale", "input_correction_bits") and signal_pcan (inputs: signal, noise, a
// constant table of gains; "snr_shift"). Unsigned numbers of 32 and 64 bits go as int32 and int64.
#define WHIT_HOST
#include "ops/signal/filter_bank.kernel.hpp"

#include <algorithm>
#include <cmath>

#include "ops/random_graph.hpp"
#include "ops/signal/signal.hpp"
#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view header = "ops/signal/filter_bank.kernel.hpp";

[[noreturn]] void refuse(const NodeView &node, std::string found, std::string supported) {
  throw UserError({node.place(), std::move(found), std::move(supported), "the model file may be damaged"});
}

void check_vector(const NodeView &node) {
  if (node.input(0).shape.size() != 1) refuse(node, "data " + text_of(node.input(0).shape), "a vector");
}

int64_t channels_of(const NodeView &node) { return node.attributes().integer("num_channels"); }

std::vector<int16_t> numbers(const NodeView &node, size_t input) { return values_of<int16_t>(*node.input(input).constant); }

// All bands lie within the energies, and their weights within both tables.
bool bands_are_sound(const NodeView &node) {
  const auto begins = numbers(node, 3), weight_begins = numbers(node, 4), widths = numbers(node, 5);
  const int64_t weights = std::min(node.input(1).elements(), node.input(2).elements());
  const auto within = [](int64_t begin, int64_t width, int64_t size) {
    return begin >= 0 && width >= 0 && begin + width <= size;
  };
  for (size_t channel = 0; channel <= static_cast<size_t>(channels_of(node)); ++channel)
    if (!within(begins[channel], widths[channel], node.input(0).elements()) ||
        !within(weight_begins[channel], widths[channel], weights))
      return false;
  return true;
}

std::vector<TensorType> infer_filter_bank(const NodeView &node) {
  check_vector(node);
  const int64_t channels = channels_of(node);
  for (size_t input = 1; input < 6; ++input)
    if (!node.input(input).is_constant() || node.input(input).type != int16 ||
        (input > 2 && node.input(input).elements() <= channels))
      refuse(node, fmt::format("input {} of {} values", input, node.input(input).elements()),
             "constants of int16, one more band than channels");
  if (channels < 1 || !bands_are_sound(node)) refuse(node, "a band outside the data", "bands within the data");
  return {{int64, {channels}}};
}

bool fits_filter_bank(const NodeView &node) { return node.input(0).type == int32; }

KernelCall call_filter_bank(const NodeView &node) {
  const auto begins = numbers(node, 3), weight_begins = numbers(node, 4), widths = numbers(node, 5);
  std::vector<int16_t> bands;
  for (size_t channel = 0; channel <= static_cast<size_t>(channels_of(node)); ++channel)
    bands.insert(bands.end(), {begins[channel], weight_begins[channel], widths[channel]});
  return {.function = "signal_filter_bank",
          .parameters = parameters_from(FilterBankParameters{static_cast<int32_t>(channels_of(node))}),
          .constants = {{"weights", int16, *node.input(1).constant},
                        {"next_weights", int16, *node.input(2).constant},
                        {"bands", int16, bytes_of(bands)}},
          .arguments = {parameters_argument(), constant_argument(0), constant_argument(1), constant_argument(2),
                        input_argument(0), output_argument()}};
}

std::vector<TensorType> infer_root(const NodeView &node) {
  check_vector(node);
  if (node.input(1).elements() != 1) refuse(node, "scale bits " + text_of(node.input(1).shape), "a single number");
  return {{int32, node.input(0).shape}};
}

bool fits_root(const NodeView &node) { return node.input(0).type == int64 && node.input(1).type == int32; }

KernelCall call_root(const NodeView &node) {
  return {.function = "signal_filter_bank_square_root",
          .parameters = parameters_from(FilterBankParameters{count_of(node)}),
          .arguments = {parameters_argument(), input_argument(0), input_argument(1), output_argument()}};
}

std::optional<Interval> root_values(const NodeView &, size_t input) {
  return input == 1 ? std::optional(Interval{0, 15}) : std::nullopt;
}

std::vector<TensorType> infer_log(const NodeView &node) {
  check_vector(node);
  const int64_t bits = node.attributes().integer("input_correction_bits");
  if (bits < 0 || bits > 31) refuse(node, fmt::format("input_correction_bits {}", bits), "0 to 31");
  return {{int16, node.input(0).shape}};
}

bool fits_log(const NodeView &node) { return node.input(0).type == int32; }

std::vector<int16_t> bends() {
  std::vector<int16_t> table;
  for (int index = 0; index <= 128; ++index)
    table.push_back(static_cast<int16_t>(std::lround(65536 * (std::log2(1 + index / 128.0) - index / 128.0))));
  table.push_back(0);  // behind the last segment
  return table;
}

KernelCall call_log(const NodeView &node) {
  const FilterBankLogParameters parameters{count_of(node), static_cast<int32_t>(node.attributes().integer("output_scale")),
                                           static_cast<int16_t>(node.attributes().integer("input_correction_bits"))};
  const std::vector<int16_t> table = bends();
  return {.function = "signal_filter_bank_log",
          .parameters = parameters_from(parameters),
          .constants = {{"bends", int16, bytes_of(table)}},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(0), output_argument()}};
}

std::vector<TensorType> infer_pcan(const NodeView &node) {
  constexpr int64_t gains = 125;  // up to the parabola for the top bit
  check_vector(node);
  const int64_t shift = node.attributes().integer("snr_shift");
  if (node.input(1).shape != node.input(0).shape || node.input(2).elements() < gains)
    refuse(node, fmt::format("noise {}, gains {}", text_of(node.input(1).shape), text_of(node.input(2).shape)),
           fmt::format("noise for each channel and {} gains", gains));
  if (shift < 0 || shift > 63) refuse(node, fmt::format("snr_shift {}", shift), "0 to 63");
  return {{int32, node.input(0).shape}};
}

bool fits_pcan(const NodeView &node) {
  return node.input(0).type == int32 && node.input(1).type == int32 && node.input(2).type == int16 &&
         node.input(2).is_constant();
}

KernelCall call_pcan(const NodeView &node) {
  const PcanParameters parameters{count_of(node), static_cast<int16_t>(node.attributes().integer("snr_shift"))};
  return {.function = "signal_pcan",
          .parameters = parameters_from(parameters),
          .constants = {{"gains", int16, *node.input(2).constant}},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(0), input_argument(1),
                        output_argument()}};
}

Cost cost(const NodeView &node) {
  return {.cycles = 300 * static_cast<double>(node.output().elements()) + 20 * static_cast<double>(node.input(0).elements())};
}

constexpr Kernel bank_kernels[] = {{.name = "signal_filter_bank", .header = header, .fits = fits_filter_bank,
                                    .call = call_filter_bank, .host = host_call<signal_filter_bank>, .cost = cost}};
constexpr Kernel root_kernels[] = {{.name = "signal_filter_bank_square_root", .header = header, .fits = fits_root,
                                    .call = call_root, .host = host_call<signal_filter_bank_square_root>, .cost = cost}};
constexpr Kernel log_kernels[] = {{.name = "signal_filter_bank_log", .header = header, .fits = fits_log,
                                   .call = call_log, .host = host_call<signal_filter_bank_log>, .cost = cost}};
constexpr Kernel pcan_kernels[] = {{.name = "signal_pcan", .header = header, .fits = fits_pcan, .call = call_pcan,
                                    .host = host_call<signal_pcan>, .cost = cost}};

Graph random_bank(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_filter_bank");
  const int64_t length = build.between(4, 40), channels = build.between(1, 8);
  std::vector<int16_t> begins, weight_begins, widths;
  int64_t weights = 0;
  for (int64_t channel = 0; channel <= channels; ++channel) {
    begins.push_back(static_cast<int16_t>(build.between(0, length - 1)));
    widths.push_back(static_cast<int16_t>(build.between(0, length - begins.back())));
    weight_begins.push_back(static_cast<int16_t>(weights));
    weights += widths.back();
  }
  weights = std::max<int64_t>(weights, 1);
  const TensorId data = build.input(int32, {length}), own = build.constant(int16, {weights}),
                 next = build.constant(int16, {weights});
  std::vector<TensorId> inputs{data, own, next};
  for (const auto *values : {&begins, &weight_begins, &widths}) {
    inputs.push_back(build.constant(int16, {channels + 1}));
    build.graph().tensor(inputs.back()).constant = std::make_shared<const Bytes>(bytes_of(*values));
  }
  return build.finish(inputs, {{"num_channels", channels}});
}

Graph random_root(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_filter_bank_square_root");
  return build.finish({build.input(int64, {build.between(1, 20)}), build.input(int32, {})}, {});
}

Graph random_log(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_filter_bank_log");
  return build.finish({build.input(int32, {build.between(1, 20)})},
                      {{"output_scale", build.between(1, 2000)}, {"input_correction_bits", build.between(0, 6)}});
}

Graph random_pcan(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_pcan");
  const Shape shape = {build.between(1, 20)};
  return build.finish({build.input(int32, shape), build.input(int32, shape), build.constant(int16, {125})},
                      {{"snr_shift", build.between(0, 20)}});
}

constexpr RandomGraph bank_graphs[] = {random_bank};
constexpr RandomGraph root_graphs[] = {random_root};
constexpr RandomGraph log_graphs[] = {random_log};
constexpr RandomGraph pcan_graphs[] = {random_pcan};
constexpr AttributeRules<1> bank_attributes{{{"num_channels"}}};
constexpr AttributeRules<2> log_attributes{{{"output_scale"}, {"input_correction_bits"}}};
constexpr AttributeRules<1> pcan_attributes{{{"snr_shift"}}};

}  // namespace

extern const OpDef signal_filter_bank_op, signal_filter_bank_square_root_op, signal_filter_bank_log_op, signal_pcan_op;
constinit const OpDef signal_filter_bank_op =
    signal_operator(6, {.name = "signal_filter_bank", .summary = "energies summed in overlapping bands",
                        .attributes = bank_attributes, .infer = infer_filter_bank, .kernels = bank_kernels,
                        .random_graphs = bank_graphs, .limits = "32-bit energies"});
constinit const OpDef signal_filter_bank_square_root_op =
    signal_operator(2, {.name = "signal_filter_bank_square_root", .summary = "roots of 64-bit sums",
                        .attributes = no_attributes, .infer = infer_root, .kernels = root_kernels,
                        .input_values = root_values, .random_graphs = root_graphs, .limits = "64-bit sums"});
constinit const OpDef signal_filter_bank_log_op =
    signal_operator(1, {.name = "signal_filter_bank_log", .summary = "natural logarithms in fixed point",
                        .attributes = log_attributes, .infer = infer_log, .kernels = log_kernels,
                        .random_graphs = log_graphs, .limits = "32-bit values"});
constinit const OpDef signal_pcan_op =
    signal_operator(3, {.name = "signal_pcan", .summary = "gain control for each channel by its noise",
                        .attributes = pcan_attributes, .infer = infer_pcan, .kernels = pcan_kernels,
                        .random_graphs = pcan_graphs, .limits = "32-bit values and a constant table of gains"});

}  // namespace whit
