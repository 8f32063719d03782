// SPDX-License-Identifier: Apache-2.0
// The cast operator: attribute "type", the output's.
#define WHIT_HOST
#include "ops/cast/cast.kernel.hpp"

#include <array>

#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view header = "ops/cast/cast.kernel.hpp";

// The integers have 32 bits without sign.
bool is_unsigned(const NodeView &node) { return node.attributes().integer("unsigned", 0) != 0; }

std::vector<TensorType> infer(const NodeView &node) {
  const std::string name = node.attributes().text("type");
  const std::optional<ElementType> type = element_type_named(name);
  if (!type || *type == int4)
    throw UserError({node.place(), fmt::format("casts to '{}'", name), "types of whole bytes", ""});
  const ElementType from = node.input(0).type;
  if (is_unsigned(node) && !(from == int32 && *type == float32) && !(from == float32 && *type == int32))
    throw UserError({node.place(), fmt::format("casts {} to {} without sign", name_of(from), name), "int32 to float32 and back", ""});
  return {{*type, node.input(0).shape}};
}

template <ElementType type>
struct Stored;
#define WHIT_STORED(type, T) \
  template <>                \
  struct Stored<type> {      \
    using Type = T;          \
  };
WHIT_STORED(boolean, uint8_t)
WHIT_STORED(int8, int8_t)
WHIT_STORED(uint8, uint8_t)
WHIT_STORED(int16, int16_t)
WHIT_STORED(int32, int32_t)
WHIT_STORED(int64, int64_t)
WHIT_STORED(float32, float)

// Casts take stored values as they are, whatever their scales.
template <ElementType from, ElementType to>
bool fits(const NodeView &node) {
  return node.input(0).type == from && node.output().type == to && !is_unsigned(node);
}

template <ElementType from>
bool fits_unsigned(const NodeView &node) {
  return is_unsigned(node) && node.input(0).type == from;
}

KernelCall call_unsigned(const NodeView &node) {
  const bool given = node.input(0).type == int32;
  return unary_call(given ? "unary<CastFromUnsigned>" : "unary<CastToUnsigned>", parameters_from(CastParameters{count_of(node)}));
}

KernelCall call(const NodeView &node) {
  const std::string_view from = c_type_of(node.input(0).type), to = c_type_of(node.output().type);
  const std::string operation = node.output().type == boolean ? fmt::format("CastToBoolean<{}>", from)
                                                              : fmt::format("Cast<{}, {}>", from, to);
  return unary_call(fmt::format("unary<{}>", operation), parameters_from(CastParameters{count_of(node)}));
}

template <ElementType from, ElementType to>
struct Operation {
  using Type = std::conditional_t<to == boolean, CastToBoolean<typename Stored<from>::Type>,
                                  Cast<typename Stored<from>::Type, typename Stored<to>::Type>>;
};

template <ElementType from, ElementType to>
constexpr Kernel kernel(std::string_view name) {
  return unary_kernel<12>(name, header, fits<from, to>, call, host_call<unary<typename Operation<from, to>::Type>>);
}

#define WHIT_CASTS_FROM(from)                                                                                       \
  kernel<from, boolean>("cast_" #from "_boolean"), kernel<from, int8>("cast_" #from "_int8"),                       \
      kernel<from, uint8>("cast_" #from "_uint8"), kernel<from, int16>("cast_" #from "_int16"),                     \
      kernel<from, int32>("cast_" #from "_int32"), kernel<from, int64>("cast_" #from "_int64"),                     \
      kernel<from, float32>("cast_" #from "_float32")

constexpr Kernel kernels[] = {unary_kernel<12>("cast_uint32_float32", header, fits_unsigned<int32>, call_unsigned,
                                               host_call<unary<CastFromUnsigned>>),
                              unary_kernel<12>("cast_float32_uint32", header, fits_unsigned<float32>, call_unsigned,
                                               host_call<unary<CastToUnsigned>>),
                              WHIT_CASTS_FROM(boolean), WHIT_CASTS_FROM(int8),  WHIT_CASTS_FROM(uint8),
                              WHIT_CASTS_FROM(int16),   WHIT_CASTS_FROM(int32), WHIT_CASTS_FROM(int64),
                              WHIT_CASTS_FROM(float32)};

template <ElementType from, ElementType to>
Graph random_cast(std::mt19937 &random) {
  return random_unary(random, "cast", from, {{"type", std::string(name_of(to))}});
}

template <ElementType from, ElementType to>
Graph random_unsigned(std::mt19937 &random) {
  return random_unary(random, "cast", from, {{"type", std::string(name_of(to))}, {"unsigned", int64_t{1}}});
}

// Reals beyond every integer type, or beyond the narrow ones.
std::optional<Interval> real_values(const NodeView &node, size_t) {
  if (node.input(0).type != float32) return std::nullopt;
  const int64_t most = node.input(0).elements() % 2 == 0 ? 5'000'000'000 : 400;
  return Interval{-most, most};
}

#define WHIT_GRAPHS_FROM(from)                                                                       \
  random_cast<from, boolean>, random_cast<from, int8>, random_cast<from, uint8>, random_cast<from, int16>, \
      random_cast<from, int32>, random_cast<from, int64>, random_cast<from, float32>

constexpr RandomGraph random_graphs[] = {WHIT_GRAPHS_FROM(boolean), WHIT_GRAPHS_FROM(int8),  WHIT_GRAPHS_FROM(uint8),
                                         WHIT_GRAPHS_FROM(int16),   WHIT_GRAPHS_FROM(int32), WHIT_GRAPHS_FROM(int64),
                                         WHIT_GRAPHS_FROM(float32), random_unsigned<int32, float32>,
                                         random_unsigned<float32, int32>};
constexpr AttributeRules<2> attributes{{{"type", AttributeKind::text}, {"unsigned"}}};

}  // namespace

extern const OpDef cast_op;
constinit const OpDef cast_op =
    complete({.name = "cast", .summary = "stored values as another type", .quantization = QuantizationRule::convert,
              .attributes = attributes, .infer = infer, .kernels = kernels, .input_values = real_values,
              .random_graphs = random_graphs,
              .channel_flow = separate_flow, .limits = "every type but int4"});

}  // namespace whit
