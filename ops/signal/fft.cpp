// SPDX-License-Identifier: Apache-2.0
// signal_rfft and signal_irfft: along the last axis, attribute "fft_length" (even). Complex numbers are pairs: the
// spectrum of n values has n + 2 numbers.
#define WHIT_HOST
#include "ops/signal/fft.kernel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ops/random_graph.hpp"
#include "ops/signal/signal.hpp"

namespace whit {

namespace {

using enum ElementType;

int64_t fft_length(const NodeView &node) { return node.attributes().integer("fft_length"); }

// Fours, twos, then odd primes: the first is that of the last stage.
std::vector<int16_t> radices_of(int64_t length) {
  std::vector<int16_t> radices;
  for (int64_t radix = 4; length > 1; radix = radix == 4 ? 2 : radix == 2 ? 3 : radix + 2)
    for (; length % radix == 0; length /= radix) radices.push_back(static_cast<int16_t>(radix));
  return radices;
}

void check_length(const NodeView &node) {
  constexpr int64_t longest = 32766;
  const int64_t length = fft_length(node);
  if (node.input(0).shape.empty() || length < 4 || length > longest || length % 2 != 0)
    throw UserError({node.place(), fmt::format("a transform of {} values", length),
                     fmt::format("even lengths from 4 to {}", longest), ""});
  const auto radices = radices_of(length / 2);
  if (std::ranges::any_of(radices, [](int16_t radix) { return radix > fft_largest_radix; }))
    throw UserError({node.place(), fmt::format("a transform of {} values", length),
                     fmt::format("lengths without prime factors above {}", static_cast<int>(fft_largest_radix)), ""});
}

std::vector<TensorType> infer_rfft(const NodeView &node) {
  check_length(node);
  Shape shape = node.input(0).shape;
  if (shape.back() > fft_length(node))
    throw UserError({node.place(), fmt::format("{} values for a transform of {}", shape.back(), fft_length(node)),
                     "as many or fewer", "the model file may be damaged"});
  shape.back() = fft_length(node) + 2;
  return {{node.input(0).type, shape}};
}

std::vector<TensorType> infer_irfft(const NodeView &node) {
  check_length(node);
  Shape shape = node.input(0).shape;
  if (shape.back() != fft_length(node) + 2)
    throw UserError({node.place(), fmt::format("{} numbers for a transform to {}", shape.back(), fft_length(node)),
                     "two more", "the model file may be damaged"});
  shape.back() = fft_length(node);
  return {{node.input(0).type, shape}};
}

template <typename T>
T stored(double value) {
  if constexpr (std::is_floating_point_v<T>)
    return static_cast<T>(value);
  else
    return static_cast<T>(std::floor(0.5 + static_cast<double>(std::numeric_limits<T>::max()) * value));
}

template <typename T>
void append_turn(std::vector<T> &turns, double angle) {
  turns.push_back(stored<T>(std::cos(angle)));
  turns.push_back(stored<T>(std::sin(angle)));
}

template <typename T>
std::vector<T> turns_of(int64_t length, double sign) {
  std::vector<T> turns;
  for (int64_t k = 0; k < length; ++k)
    append_turn(turns, sign * (2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(length)));
  return turns;
}

template <typename T>
std::vector<T> half_turns_of(int64_t length, double sign) {
  std::vector<T> turns;
  for (int64_t k = 0; k < length / 2; ++k)
    append_turn(turns, sign * (std::numbers::pi * (static_cast<double>(k + 1) / static_cast<double>(length) + .5)));
  return turns;
}

template <typename T>
KernelCall fft_call(const NodeView &node, std::string function, double sign) {
  const int64_t length = fft_length(node) / 2, input_length = node.input(0).shape.back();
  const std::vector<int16_t> radices = radices_of(length);
  const FftParameters parameters{static_cast<int32_t>(node.input(0).elements() / input_length),
                                 static_cast<int32_t>(input_length), static_cast<int32_t>(length),
                                 static_cast<int16_t>(radices.size())};
  const ElementType type = node.input(0).type;
  return {.function = std::move(function),
          .parameters = parameters_from(parameters),
          .constants = {{"radices", int16, bytes_of(radices)},
                        {"turns", type, bytes_of(turns_of<T>(length, sign))},
                        {"half_turns", type, bytes_of(half_turns_of<T>(length, sign))}},
          .arguments = {parameters_argument(), constant_argument(0), constant_argument(1), constant_argument(2),
                        input_argument(0), output_argument()}};
}

template <ElementType type>
bool fits(const NodeView &node) {
  return node.input(0).type == type;
}

Cost cost(const NodeView &node) {
  return {.cycles = 60 * static_cast<double>(node.output().elements()) * std::log2(static_cast<double>(fft_length(node)))};
}

#define WHIT_FFT_KERNEL(op, type, T, Signal, sign)                                                  \
  {.name = #op "_" #Signal, .header = "ops/signal/fft.kernel.hpp", .fits = fits<type>,              \
   .call = [](const NodeView &node) { return fft_call<T>(node, #op "<" #Signal ">", sign); },       \
   .host = host_call<op<Signal>>, .cost = cost}

constexpr Kernel rfft_kernels[] = {WHIT_FFT_KERNEL(signal_rfft, int16, int16_t, Signal16, -1),
                                   WHIT_FFT_KERNEL(signal_rfft, int32, int32_t, Signal32, -1),
                                   WHIT_FFT_KERNEL(signal_rfft, float32, float, FloatSignal, -1)};
constexpr Kernel irfft_kernels[] = {WHIT_FFT_KERNEL(signal_irfft, int16, int16_t, Signal16, 1),
                                    WHIT_FFT_KERNEL(signal_irfft, int32, int32_t, Signal32, 1),
                                    WHIT_FFT_KERNEL(signal_irfft, float32, float, FloatSignal, 1)};

// Without prime factors above 5, as the reference has them.
int64_t random_length(RandomGraphBuilder &build) {
  static constexpr int64_t lengths[] = {4, 6, 8, 10, 12, 16, 18, 20, 30, 32, 40, 48, 60, 64, 90, 128};
  return lengths[build.between(0, static_cast<int64_t>(std::size(lengths)) - 1)];
}

template <ElementType type>
Graph random_rfft(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_rfft");
  const int64_t length = random_length(build);
  const int64_t given = build.between(0, 1) == 0 ? length : build.between(1, length);
  return build.finish({build.input(type, {build.between(1, 2), given})}, {{"fft_length", length}});
}

template <ElementType type>
Graph random_irfft(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_irfft");
  const int64_t length = random_length(build);
  return build.finish({build.input(type, {build.between(1, 2), length + 2})}, {{"fft_length", length}});
}

constexpr AttributeRules<1> attributes{{{"fft_length"}}};
constexpr RandomGraph rfft_graphs[] = {random_rfft<int16>, random_rfft<int32>, random_rfft<float32>};
constexpr RandomGraph irfft_graphs[] = {random_irfft<int16>, random_irfft<int32>, random_irfft<float32>};
constexpr std::string_view limits = "int16, int32 and float32; even lengths from 4, without prime factors above 31";

}  // namespace

extern const OpDef signal_rfft_op, signal_irfft_op;
constinit const OpDef signal_rfft_op =
    signal_operator(1, {.name = "signal_rfft", .summary = "spectrum of real values along the last axis",
                        .attributes = attributes, .infer = infer_rfft, .kernels = rfft_kernels,
                        .random_graphs = rfft_graphs, .limits = limits});
constinit const OpDef signal_irfft_op =
    signal_operator(1, {.name = "signal_irfft", .summary = "real values from their spectrum, along the last axis",
                        .attributes = attributes, .infer = infer_irfft, .kernels = irfft_kernels,
                        .random_graphs = irfft_graphs, .limits = limits});

}  // namespace whit
