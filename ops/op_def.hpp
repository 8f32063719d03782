// SPDX-License-Identifier: Apache-2.0
// What an operator is: one plain struct of facts and functions that every stage reads.
//
// `complete` is evaluated at compile time: an operator with a forgotten piece does not compile.
#pragma once

#include <optional>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "ops/attribute_rule.hpp"
#include "ops/kernel.hpp"
#include "ops/quantized_multiplier.hpp"

namespace whit {

// How the quantising pass treats an operator: a declared rule, no code.
enum class QuantizationRule {
  same_scale,    // output has the input's scale and zero point (reshape, max pool)
  accumulate,    // products are summed in 32 bits, weights are quantised along `weight_axis` (conv, fully connected)
  fixed_output,  // the output's scale and zero point follow from the operator (softmax, logistic)
  rescale,       // each input and the output have scales of their own (add, mul, average)
  convert,       // exists to change type or scale (quantize, dequantize)
};

// How constant input 1 (the weights) of an accumulating operator lies: which output channel a weight serves.
enum class WeightOrder {
  none,          // no weights
  output_first,  // O x ... x C: every output channel reads every data channel (conv2d, fully_connected)
  output_last,   // ... x O: output channel o reads data channel o / (O / C) only (depthwise_conv2d)
};

// How channels (indices along the last axis) pass through an operator without weights. Channel o of the output belongs
// to channel o of each input; to channel 0 of an input with a single one; and where a reshape splits the last axis off
// or folds more into it, to the channel with the same place in that axis (o modulo the shorter of the two).
enum class ChannelFlow {
  mixed,     // an output channel may depend on any channel
  separate,  // on the channel it belongs to only
  monotone,  // and each value only ever rises, or only ever falls, with each value it depends on
};

struct TensorType {
  ElementType type = ElementType::int8;
  Shape shape{};
  bool operator==(const TensorType &) const = default;
};

// For operators with as many inputs as their bodies have, or as many outputs as `infer` gives.
inline constexpr size_t any_number = static_cast<size_t>(-1);

// A random legal instance for the conformance run: a graph with this one node.
using RandomGraph = Graph (*)(std::mt19937 &random);

struct OpDef {
  std::string_view name{};
  std::string_view summary{};  // one line for `whit ops` and docs/support.md
  size_t least_inputs = 1;
  size_t most_inputs = 1;
  size_t outputs = 1;  // those that are variables count too, and stand last
  QuantizationRule quantization = QuantizationRule::same_scale;
  WeightOrder weight_order = WeightOrder::none;
  // With a weight order: the factor of each output channel that takes its integer sums to the output's scale.
  std::vector<QuantizedMultiplier> (*multipliers)(const NodeView &node) = nullptr;
  // Every attribute it reads; one that may be of two kinds stands twice. Not declared (null): any attribute passes the
  // verifier.
  std::optional<std::span<const AttributeRule>> attributes{};
  // Types and shapes of the outputs. UserError (with the node's place) when inputs or attributes make no sense.
  std::vector<TensorType> (*infer)(const NodeView &node) = nullptr;
  // Best first, portable last.
  std::span<const Kernel> kernels{};
  // A kernel's `call` computes one image of an N x H x W x C input; a node with N of them makes it N times, channel_last
  // and without overlap.
  bool image_by_image = false;
  // The values that input may hold (reals for float32): indices, arguments of a logarithm. Default: all of its type.
  std::optional<Interval> (*input_values)(const NodeView &node, size_t input) = nullptr;
  // Random legal instances, one generator a type family.
  std::span<const RandomGraph> random_graphs{};
  // Default: mixed.
  ChannelFlow (*channel_flow)(const NodeView &node) = nullptr;
  // Multiply-accumulate operations of one run. Default: none.
  int64_t (*macs)(const NodeView &node) = nullptr;
  // What the user can do when no kernel fits, by reason. Default: a list of supported types from the kernels.
  std::string_view limits{};
};

// Whether the host can run it.
constexpr bool is_portable(const Kernel &kernel) {
  return kernel.host != nullptr || kernel.view || kernel.control != Control::none;
}

consteval OpDef complete(OpDef definition) {
  if (definition.name.empty()) throw "an operator has no name";
  if (definition.summary.empty()) throw "an operator has no summary";
  if (definition.infer == nullptr) throw "an operator has no type and shape inference";
  if ((definition.weight_order == WeightOrder::none) != (definition.multipliers == nullptr))
    throw "an operator has weights without multipliers, or multipliers without weights";
  if (definition.kernels.empty()) throw "an operator has no kernel";
  if (!is_portable(definition.kernels.back()))
    throw "an operator's last kernel is not portable: the host cannot run it";
  if (definition.random_graphs.empty()) throw "an operator has no random instances";
  for (const Kernel &kernel : definition.kernels)
    if (kernel.fits == nullptr || kernel.cost == nullptr || (kernel.call == nullptr && !kernel.view && kernel.control == Control::none))
      throw "a kernel lacks fits, cost or call";
  return definition;
}

// All operators, in the order of ops.def.
std::span<const OpDef *const> all_operators();
// The operator of that name, or null.
const OpDef *find_operator(std::string_view name);
// The operator of a verified node. InternalError when there is none.
const OpDef &operator_of(const Node &node);
// The first portable kernel that fits, or null.
const Kernel *portable_kernel(const NodeView &node);
int64_t macs_of(const NodeView &node);
ChannelFlow channel_flow_of(const NodeView &node);
// For operators that never mix channels, whatever their attributes.
inline ChannelFlow monotone_flow(const NodeView &) { return ChannelFlow::monotone; }
inline ChannelFlow separate_flow(const NodeView &) { return ChannelFlow::separate; }

}  // namespace whit
