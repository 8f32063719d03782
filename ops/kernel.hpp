// SPDX-License-Identifier: Apache-2.0
// A kernel is one way to compute an operator: a device function plus the facts the compiler needs to choose it, place
// its tensors and call it.
//
// A device function takes only pointers, in the order of `KernelCall::arguments`: first its parameter struct, then
// data, constants, scratch. So one description serves the emitter (which prints the call) and the host (which makes
// it, see `host_call`).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "ops/features.hpp"

namespace whit {

// A constant as the kernel wants it: packed, widened, reordered.
struct KernelConstant {
  std::string name{};                         // "weights", "bias": becomes part of the emitted identifier
  ElementType type = ElementType::int8;
  Bytes bytes{};
};

// One value of a parameter struct, ready to print.
struct ParameterField {
  std::string name{};
  std::string value{};
};

// A parameter struct: its bytes for a call on the host, its fields for the emitted source.
struct KernelParameters {
  std::string type_name{};
  Bytes bytes{};
  std::vector<ParameterField> fields{};
};

// The value as a C literal: exact for floats (hexadecimal would need C++17).
std::string literal(float value);
template <typename Integer>
std::string literal(Integer value) {
  return std::to_string(value);
}

// Reads a struct declared with WHIT_PARAMETERS.
template <typename Parameters>
KernelParameters parameters_from(const Parameters &parameters) {
  KernelParameters result;
  result.type_name = Parameters::type_name();
  result.bytes.resize(sizeof parameters);
  std::memcpy(result.bytes.data(), &parameters, sizeof parameters);
  parameters.each_field([&](const char *name, auto value) { result.fields.push_back({name, literal(value)}); });
  return result;
}

enum class ArgumentKind { parameters, input, output, constant, scratch };

struct Argument {
  ArgumentKind kind = ArgumentKind::parameters;
  size_t index = 0;  // which input, output or constant
};

inline Argument parameters_argument() { return {ArgumentKind::parameters, 0}; }
inline Argument input_argument(size_t index) { return {ArgumentKind::input, index}; }
inline Argument output_argument(size_t index = 0) { return {ArgumentKind::output, index}; }
inline Argument constant_argument(size_t index) { return {ArgumentKind::constant, index}; }
inline Argument scratch_argument() { return {ArgumentKind::scratch, 0}; }

struct KernelCall {
  std::string function{};  // "conv2d_int8" or "conv2d_dsp<3, 2>": an expression within namespace whit
  KernelParameters parameters{};
  std::vector<KernelConstant> constants{};
  std::vector<Argument> arguments{};
  // For kernels whose code is made for the node: parameter list and body in C++11, within namespace whit. The emitter
  // gives it a name; `function` is then empty.
  std::string definition{};
  // How often the call is made; each time input 0 and output 0 are so many bytes further on.
  int64_t repeats = 1;
  int64_t input_step = 0, output_step = 0;
};

// The layouts of the inputs and outputs, in the node's order; those not named are channel_last. Ignored where layouts
// coincide.
struct LayoutChoice {
  std::vector<Layout> inputs{};
  std::vector<Layout> outputs{};
};

// How output 0 may lie over a data input that nobody reads later. delta = (begin of output) - (begin of input), bytes.
// Legal are: not touching at all, delta <= at_most, or delta one of `exactly`.
struct Overlap {
  size_t input = 0;
  std::optional<int64_t> at_most{};
  std::vector<int64_t> exactly{};
};

// What a kernel costs on a core that it fits; estimates that only rank kernels, never printed as measured.
struct Cost {
  double cycles = 0;
  double constant_bytes = 0;
  double code_bytes = 0;
};

// What a node does with its bodies. Inputs are copied to the body's, its outputs to the node's.
enum class Control {
  none,
  branch,  // input 0 tells whether body 0 runs on the others, or body 1
  loop,    // while output 0 of body 0 tells so, body 1 runs on what it gave, at first on the inputs
};

struct Kernel {
  std::string_view name{};    // as `whit ops` and reports show it: "conv2d_int8_dsp"
  std::string_view header{};  // "ops/conv2d/conv2d.kernel.hpp"; empty for a kernel without code (a view)
  Features features{};        // what the core must have
  // Whether this kernel computes this node: types, shapes, ranges of its constants. Layouts are asked separately.
  bool (*fits)(const NodeView &node) = nullptr;
  // The packed constants, parameters and argument order for the node with the layouts its tensors now have.
  KernelCall (*call)(const NodeView &node) = nullptr;
  // Runs the call on the host; null for kernels whose instructions the host lacks.
  void (*host)(std::span<void *const> arguments) = nullptr;
  // Estimate for the node with the layouts its tensors now have.
  Cost (*cost)(const NodeView &node) = nullptr;
  // Layouts it can read and write, best first. Default: channel_last throughout.
  std::vector<LayoutChoice> (*layouts)(const NodeView &node) = nullptr;
  // Bytes of scratch memory, 4-byte aligned. Default: none.
  int64_t (*scratch)(const NodeView &node) = nullptr;
  // Default: the output never touches an input.
  std::vector<Overlap> (*overlap)(const NodeView &node) = nullptr;
  // The output is the input's bytes: no code, same address.
  bool view = false;
  // How it runs its node's bodies, if it does. It has no function then: the emitter writes the branch or the loop.
  Control control = Control::none;
};

namespace detail {

template <auto function, typename... Pointers, size_t... index>
void call_with(void (*)(Pointers...), std::span<void *const> arguments, std::index_sequence<index...>) {
  function(static_cast<Pointers>(arguments[index])...);
}

template <typename... Pointers>
constexpr size_t argument_count(void (*)(Pointers...)) {
  return sizeof...(Pointers);
}

}  // namespace detail

// Adapts a device function, whose parameters are all pointers, to `Kernel::host`.
template <auto function>
void host_call(std::span<void *const> arguments) {
  constexpr size_t count = detail::argument_count(function);
  internal_check(arguments.size() == count, "a kernel takes {} arguments, {} given", count, arguments.size());
  detail::call_with<function>(function, arguments, std::make_index_sequence<count>{});
}

// The arguments of a call on the host: its parameters and constants, those tensors, that scratch memory.
std::vector<void *> addresses_of(KernelCall &call, std::span<void *const> inputs, std::span<void *const> outputs,
                                 void *scratch);

// The kernel's call for the node, made for each image where the kernel goes image by image.
KernelCall call_of(const Kernel &kernel, const NodeView &node);
// Makes the call on the host; the addresses of its arguments, in their order.
void run_on_host(const Kernel &kernel, const KernelCall &call, std::vector<void *> addresses);
// Layouts, scratch and overlap with the defaults filled in.
std::vector<LayoutChoice> layouts_of(const Kernel &kernel, const NodeView &node);
int64_t scratch_of(const Kernel &kernel, const NodeView &node);
std::vector<Overlap> overlap_of(const Kernel &kernel, const NodeView &node);

// Layout choices for kernels that only walk elements: every input and output in the same layout, either one.
std::vector<LayoutChoice> any_same_layout(const NodeView &node);
// Whether the node's data input or output 0 is planar in a way that its bytes show.
bool runs_planar(const NodeView &node);
// Overlap of a kernel that reads each element before it writes that one, in whatever order.
std::vector<Overlap> in_place(const NodeView &node);
// Overlap of a kernel that reads element i of each input before it writes element i of an equally wide output.
std::vector<Overlap> elementwise_overlap(const NodeView &node);

}  // namespace whit
