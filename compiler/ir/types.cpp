// SPDX-License-Identifier: Apache-2.0
// The table of element types, from which names, C types and widths are read.
#include "compiler/ir/types.hpp"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace whit {

namespace {

struct TypeFacts {
  ElementType type;
  std::string_view name;
  std::string_view c_type;
  int bits;
};

constexpr std::array<TypeFacts, 8> type_facts{{
    {ElementType::boolean, "boolean", "uint8_t", 8},
    {ElementType::int4, "int4", "int8_t", 4},
    {ElementType::int8, "int8", "int8_t", 8},
    {ElementType::uint8, "uint8", "uint8_t", 8},
    {ElementType::int16, "int16", "int16_t", 16},
    {ElementType::int32, "int32", "int32_t", 32},
    {ElementType::int64, "int64", "int64_t", 64},
    {ElementType::float32, "float32", "float", 32},
}};

const TypeFacts &facts_of(ElementType type) { return type_facts[static_cast<size_t>(type)]; }

}  // namespace

int bits_of(ElementType type) { return facts_of(type).bits; }
std::string_view name_of(ElementType type) { return facts_of(type).name; }
std::string_view c_type_of(ElementType type) { return facts_of(type).c_type; }

Interval stored_range(ElementType type) {
  if (type == ElementType::boolean) return {0, 1};
  if (type == ElementType::uint8) return {0, 255};
  if (type == ElementType::float32) return stored_range(ElementType::int64);
  const auto high = static_cast<int64_t>((uint64_t{1} << (bits_of(type) - 1)) - 1);
  return {-high - 1, high};
}

std::optional<ElementType> element_type_named(std::string_view name) {
  for (const TypeFacts &facts : type_facts)
    if (facts.name == name) return facts.type;
  return std::nullopt;
}

int64_t element_count(const Shape &shape) {
  int64_t count = 1;
  for (int64_t axis : shape) count *= axis;
  return count;
}

int64_t byte_count(ElementType type, const Shape &shape) { return (element_count(shape) * bits_of(type) + 7) / 8; }

std::string text_of(const Shape &shape) { return shape.empty() ? "scalar" : fmt::format("{}", fmt::join(shape, "x")); }

std::string_view name_of(Layout layout) { return layout == Layout::planar ? "planar" : "channel_last"; }

std::optional<Layout> layout_named(std::string_view name) {
  if (name == "planar") return Layout::planar;
  if (name == "channel_last") return Layout::channel_last;
  return std::nullopt;
}

bool layouts_coincide(const Shape &shape) {
  return shape.size() != 4 || shape[3] == 1 || shape[1] * shape[2] == 1;
}

}  // namespace whit
