// SPDX-License-Identifier: Apache-2.0
// signal_framer (attributes "frame_size", "frame_step", "prefill"; outputs frames, whether they are whole), signal_delay
// ("delay_length"), signal_stacker ("num_channels", "stacker_left_context", "stacker_right_context", "stacker_step"; outputs
// a stack, whether it is one) and signal_overlap_add ("frame_step"), each with variables for what came before.
#define WHIT_HOST
#include "ops/signal/stream.kernel.hpp"

#include <algorithm>

#include "ops/signal/signal.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view header = "ops/signal/stream.kernel.hpp";
constexpr int64_t longest = 1 << 24;

[[noreturn]] void refuse(const NodeView &node, std::string supported) {
  throw UserError({node.place(), "data " + text_of(node.input(0).shape), std::move(supported), "the model file may be damaged"});
}

// A stream a row of the data, along its last axis.
int64_t row_length(const NodeView &node) {
  if (node.input(0).shape.empty() || node.input(0).shape.back() == 0) refuse(node, "at least one value in a row");
  return node.input(0).shape.back();
}

int64_t rows(const NodeView &node) { return node.input(0).elements() / row_length(node); }

// Where nothing is remembered the variable holds a value that nobody reads.
Shape history_shape(int64_t rows, int64_t length) { return {rows, std::max<int64_t>(1, length)}; }

int32_t narrow(int64_t value) { return static_cast<int32_t>(value); }

bool fits_int16(const NodeView &node) { return node.input(0).type == int16; }

Cost cost(const NodeView &node) {
  return {.cycles = 10 * static_cast<double>(node.input(0).elements() + node.output().elements() + node.input(1).elements())};
}

// Without zeros before the stream, frames begin at whole steps of it.
SignalFramerParameters framer_parameters(const NodeView &node) {
  const int64_t length = row_length(node), size = limited(node, "frame_size", 1, longest);
  const int64_t step = limited(node, "frame_step", 1, std::min(length, longest)), steps = (size + step - 1) / step;
  const bool prefilled = limited(node, "prefill", 0, 1) == 1;
  if (length % step != 0) refuse(node, fmt::format("whole steps of {}", step));
  if (prefilled && size < step) refuse(node, "frames of a step or longer, where zeros come first");
  return {narrow(rows(node)), narrow(length), narrow(size), narrow(step),
          narrow(prefilled ? size - step : (steps - 1) * step), narrow(prefilled ? 0 : steps - 1)};
}

std::vector<TensorType> infer_framer(const NodeView &node) {
  const SignalFramerParameters p = framer_parameters(node);
  Shape shape = node.input(0).shape;
  shape.back() = p.length / p.step;
  shape.push_back(p.size);
  return with_states(node, {{node.input(0).type, shape}, {boolean, {}}}, framer_states(node));
}

// parameters, input, its history and, where there is one, its count; then the outputs that are no variables.
KernelCall stream_call(const NodeView &node, std::string function, KernelParameters parameters) {
  const size_t states = node.input_count() - 1, outputs = node.output_count() - states;
  KernelCall call{.function = std::move(function),
                  .parameters = std::move(parameters),
                  .arguments = {parameters_argument(), input_argument(0)}};
  for (size_t state = 0; state < states; ++state) call.arguments.push_back(output_argument(outputs + state));
  for (size_t output = 0; output < outputs; ++output) call.arguments.push_back(output_argument(output));
  return call;
}

KernelCall call_framer(const NodeView &node) {
  return stream_call(node, "signal_framer", parameters_from(framer_parameters(node)));
}

SignalDelayParameters delay_parameters(const NodeView &node) {
  return {narrow(rows(node)), narrow(row_length(node)), narrow(limited(node, "delay_length", 0, longest))};
}

std::vector<TensorType> infer_delay(const NodeView &node) {
  return with_states(node, {{node.input(0).type, node.input(0).shape}}, delay_states(node));
}

KernelCall call_delay(const NodeView &node) {
  return stream_call(node, "signal_delay", parameters_from(delay_parameters(node)));
}

SignalStackerParameters stacker_parameters(const NodeView &node) {
  constexpr int64_t most = 1 << 12;
  const int64_t channels = limited(node, "num_channels", 1, most), before = limited(node, "stacker_left_context", 0, most);
  const int64_t after = limited(node, "stacker_right_context", 0, most);
  if (node.input(0).shape != Shape{channels}) refuse(node, fmt::format("a vector of {} channels", channels));
  return {narrow(channels), narrow(before), narrow(after), narrow(limited(node, "stacker_step", 1, before + after + 1))};
}

std::vector<TensorType> infer_stacker(const NodeView &node) {
  const SignalStackerParameters p = stacker_parameters(node);
  return with_states(node, {{node.input(0).type, {int64_t{p.channels} * (p.before + p.after + 1)}}, {boolean, {}}},
                     stacker_states(node));
}

KernelCall call_stacker(const NodeView &node) {
  return stream_call(node, "signal_stacker", parameters_from(stacker_parameters(node)));
}

SignalOverlapAddParameters overlap_add_parameters(const NodeView &node) {
  const Shape &shape = node.input(0).shape;
  if (shape.size() < 2) refuse(node, "frames along the last but one axis");
  const int64_t frames = shape[shape.size() - 2];
  return {narrow(rows(node) / frames), narrow(frames), narrow(shape.back()),
          narrow(limited(node, "frame_step", 1, shape.back()))};
}

std::vector<TensorType> infer_overlap_add(const NodeView &node) {
  const SignalOverlapAddParameters p = overlap_add_parameters(node);
  Shape shape = node.input(0).shape;
  shape.pop_back();
  shape.back() = int64_t{p.frames} * p.step;
  return with_states(node, {{node.input(0).type, shape}}, overlap_add_states(node));
}

bool fits_float(const NodeView &node) { return node.input(0).type == float32; }

KernelCall call_overlap_add(const NodeView &node) {
  return stream_call(node, fmt::format("signal_overlap_add<{}>", c_type_of(node.input(0).type)),
                     parameters_from(overlap_add_parameters(node)));
}

// Each output is written behind all inputs that are yet to be read.
std::vector<Overlap> behind_input(const NodeView &) { return {{.input = 0, .at_most = 0}}; }

constexpr Kernel framer_kernels[] = {{.name = "signal_framer", .header = header, .fits = fits_int16, .call = call_framer,
                                      .host = host_call<signal_framer>, .cost = cost}};
constexpr Kernel delay_kernels[] = {{.name = "signal_delay", .header = header, .fits = fits_int16, .call = call_delay,
                                     .host = host_call<signal_delay>, .cost = cost}};
constexpr Kernel stacker_kernels[] = {{.name = "signal_stacker", .header = header, .fits = fits_int16,
                                       .call = call_stacker, .host = host_call<signal_stacker>, .cost = cost}};
constexpr Kernel overlap_add_kernels[] = {
    {.name = "signal_overlap_add_int16", .header = header, .fits = fits_int16, .call = call_overlap_add,
     .host = host_call<signal_overlap_add<int16_t>>, .cost = cost, .overlap = behind_input},
    {.name = "signal_overlap_add_float", .header = header, .fits = fits_float, .call = call_overlap_add,
     .host = host_call<signal_overlap_add<float>>, .cost = cost, .overlap = behind_input}};

Graph random_framer(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_framer");
  const int64_t step = build.between(1, 12), prefill = build.between(0, 1);
  const int64_t size = prefill == 1 ? step + build.between(0, 20) : build.between(1, 30);
  const TensorId data = build.input(int16, {build.between(1, 2), step * build.between(1, 3)});
  return random_with_states(build, data, {{"frame_size", size}, {"frame_step", step}, {"prefill", prefill}}, framer_states);
}

Graph random_delay(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_delay");
  const TensorId data = build.input(int16, {build.between(1, 2), build.between(1, 20)});
  return random_with_states(build, data, {{"delay_length", build.between(0, 30)}}, delay_states);
}

Graph random_stacker(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_stacker");
  const int64_t channels = build.between(1, 8), before = build.between(0, 3), after = build.between(0, 3);
  const TensorId data = build.input(int16, {channels});
  return random_with_states(build, data,
                            {{"num_channels", channels}, {"stacker_left_context", before}, {"stacker_right_context", after},
                             {"stacker_step", build.between(1, before + after + 1)}},
                            stacker_states);
}

template <ElementType type>
Graph random_overlap_add(std::mt19937 &random) {
  RandomGraphBuilder build(random, "signal_overlap_add");
  const int64_t size = build.between(1, 20);
  const TensorId data = build.input(type, {build.between(1, 2), build.between(1, 3), size});
  return random_with_states(build, data, {{"frame_step", build.between(1, size)}}, overlap_add_states);
}

constexpr RandomGraph framer_graphs[] = {random_framer};
constexpr RandomGraph delay_graphs[] = {random_delay};
constexpr RandomGraph stacker_graphs[] = {random_stacker};
constexpr RandomGraph overlap_add_graphs[] = {random_overlap_add<int16>, random_overlap_add<float32>};
constexpr AttributeRules<3> framer_attributes{{{"frame_size"}, {"frame_step"}, {"prefill"}}};
constexpr AttributeRules<1> delay_attributes{{{"delay_length"}}};
constexpr AttributeRules<4> stacker_attributes{
    {{"num_channels"}, {"stacker_left_context"}, {"stacker_right_context"}, {"stacker_step"}}};
constexpr AttributeRules<1> overlap_add_attributes{{{"frame_step"}}};

}  // namespace

std::vector<TensorType> framer_states(const NodeView &node) {
  return {{node.input(0).type, history_shape(rows(node), framer_parameters(node).history)}, {int32, {1}}};
}

std::vector<TensorType> delay_states(const NodeView &node) {
  return {{node.input(0).type, history_shape(rows(node), delay_parameters(node).history)}};
}

std::vector<TensorType> stacker_states(const NodeView &node) {
  const SignalStackerParameters p = stacker_parameters(node);
  return {{node.input(0).type, history_shape(1, int64_t{p.channels} * (p.before + p.after))}, {int32, {1}}};
}

std::vector<TensorType> overlap_add_states(const NodeView &node) {
  const SignalOverlapAddParameters p = overlap_add_parameters(node);
  return {{node.input(0).type, history_shape(p.rows, p.size - p.step)}};
}

extern const OpDef signal_framer_op, signal_delay_op, signal_stacker_op, signal_overlap_add_op;
constinit const OpDef signal_framer_op =
    signal_operator(3, {.name = "signal_framer", .summary = "a stream cut into frames that may overlap", .outputs = 4,
                        .attributes = framer_attributes, .infer = infer_framer, .kernels = framer_kernels,
                        .random_graphs = framer_graphs, .limits = "int16"});
constinit const OpDef signal_delay_op =
    signal_operator(2, {.name = "signal_delay", .summary = "a stream, so many values later", .outputs = 2,
                        .attributes = delay_attributes, .infer = infer_delay, .kernels = delay_kernels,
                        .random_graphs = delay_graphs, .limits = "int16"});
constinit const OpDef signal_stacker_op =
    signal_operator(3, {.name = "signal_stacker", .summary = "slices with those before and after them", .outputs = 4,
                        .attributes = stacker_attributes, .infer = infer_stacker, .kernels = stacker_kernels,
                        .random_graphs = stacker_graphs, .limits = "int16"});
constinit const OpDef signal_overlap_add_op =
    signal_operator(2, {.name = "signal_overlap_add", .summary = "overlapping frames added up to a stream", .outputs = 2,
                        .attributes = overlap_add_attributes, .infer = infer_overlap_add,
                        .kernels = overlap_add_kernels, .random_graphs = overlap_add_graphs, .limits = "int16 and float32"});

}  // namespace whit
