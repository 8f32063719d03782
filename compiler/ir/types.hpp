// SPDX-License-Identifier: Apache-2.0
// What a tensor is made of: element types, shapes, quantisation, memory layout.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whit {

enum class ElementType { boolean, int4, int8, uint8, int16, int32, int64, float32 };

// How wide one element lies in memory; int4 packs two to a byte, the lower nibble first.
int bits_of(ElementType type);
// "int8": the word of the text form.
std::string_view name_of(ElementType type);
// Every value from low to high, both included.
struct Interval {
  int64_t low = 0, high = 0;

  bool single() const { return low == high; }
  bool holds(int64_t value) const { return low <= value && value <= high; }
  bool operator==(const Interval &) const = default;
};

// The integers a type can store; for float32 as wide as the interval's own type.
Interval stored_range(ElementType type);
// The type of that word, if it is one.
std::optional<ElementType> element_type_named(std::string_view name);
// "int8_t": the word of emitted C. int4 is carried in bytes.
std::string_view c_type_of(ElementType type);

// Outermost axis first; any number of axes, none for a scalar.
using Shape = std::vector<int64_t>;

// The product of the axes (1 for a scalar). Shapes in a verified graph have counts that fit 31 bits.
int64_t element_count(const Shape &shape);
// Bytes that `shape` takes in memory, int4 rounded up to whole bytes.
int64_t byte_count(ElementType type, const Shape &shape);
// "1x49x10x1"
std::string text_of(const Shape &shape);

// real = scale * (stored - zero_point). One scale and zero point for the tensor (axis < 0), or one a slice of `axis`.
struct Quantization {
  std::vector<float> scales{};
  std::vector<int64_t> zero_points{};
  int axis = -1;

  bool present() const { return !scales.empty(); }
  bool per_axis() const { return axis >= 0; }
  // Per-tensor values; only meaningful when present.
  float scale() const { return scales.empty() ? 1.0F : scales[0]; }
  int64_t zero_point() const { return zero_points.empty() ? 0 : zero_points[0]; }
  bool operator==(const Quantization &) const = default;
};

// The order in memory of a 4-D activation (batch, height, width, channel). Other ranks know only channel_last,
// which is plain row-major order.
enum class Layout {
  channel_last,  // a pixel's channels lie together
  planar,        // a channel's pixels lie together, one plane after the other
};

std::string_view name_of(Layout layout);
std::optional<Layout> layout_named(std::string_view name);
// True when both layouts are the same bytes: one pixel, one channel, or not four axes.
bool layouts_coincide(const Shape &shape);

}  // namespace whit
