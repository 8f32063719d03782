// SPDX-License-Identifier: Apache-2.0
// Range checks, quantising as the quantize operator does it, and the way back.
#include "data/stored_values.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

namespace whit {

namespace {

struct Range {
  int64_t least;
  int64_t most;
};

Range range_of(ElementType type) {
  if (type == ElementType::boolean) return {0, 1};
  if (type == ElementType::uint8) return {0, UINT8_MAX};
  const int64_t most = std::numeric_limits<int64_t>::max() >> (64 - bits_of(type));
  return {-most - 1, most};
}

std::string text_of(const Range &range) { return fmt::format("{} to {}", range.least, range.most); }

bool quantised(const Tensor &tensor) { return tensor.type != ElementType::float32 && tensor.quantization.present(); }

// The integers that float32 holds without rounding, 24 bits and a sign.
constexpr Range exact_in_float32{-(1 << 24), 1 << 24};

// Scale and zero point of one element. Those of one slice of several have an offset instead, which may lie far from zero.
struct ElementScale {
  float scale = 1.0F;
  int64_t zero_point = 0;
  float offset = 0.0F;
};

// Element number `index`, counted in channel_last order from any sample's begin.
ElementScale scale_of(const Tensor &tensor, size_t index) {
  const Quantization &quantization = tensor.quantization;
  if (!quantization.per_axis()) return {quantization.scale(), quantization.zero_point()};
  size_t inner = 1;
  for (size_t axis = static_cast<size_t>(quantization.axis) + 1; axis < tensor.shape.size(); ++axis)
    inner *= static_cast<size_t>(tensor.shape[axis]);
  const size_t slice = index / inner % quantization.scales.size();
  const float scale = quantization.scales[slice];
  return {scale, 0, static_cast<float>(-static_cast<double>(scale) * static_cast<double>(quantization.zero_points[slice]))};
}

// Saturates; halves away from zero.
int64_t quantise(double value, const ElementScale &scale, const Range &range) {
  internal_check(scale.scale > 0, "a scale of {}", scale.scale);
  const auto real = static_cast<float>(std::clamp(value, -double{FLT_MAX}, double{FLT_MAX}));
  const double stored = static_cast<double>(std::round((real - scale.offset) / scale.scale)) + static_cast<double>(scale.zero_point);
  if (stored <= static_cast<double>(range.least)) return range.least;
  if (stored >= static_cast<double>(range.most)) return range.most;
  return static_cast<int64_t>(stored);
}

void check_countable(const std::string &place, const Tensor &tensor) {
  if (tensor.type == ElementType::int4)
    throw UserError({place, fmt::format("tensor {} is int4, two values to a byte", tensor.name),
                     "int4 in .bin files, as stored", "use a .bin file"});
}

template <typename T, typename Result>
void append_values(std::span<const uint8_t> bytes, std::vector<Result> &values) {
  for (const T value : values_of<T>(bytes)) values.push_back(static_cast<Result>(value));
}

}  // namespace

StoredValues::StoredValues(std::string place, const Tensor &tensor) : place_(std::move(place)), tensor_(tensor) {
  check_countable(place_, tensor_);
}

void StoredValues::add_integer(int64_t value) {
  const bool real = tensor_.type == ElementType::float32;
  const Range range = real ? exact_in_float32 : range_of(tensor_.type);
  if (value < range.least || value > range.most)
    refuse(std::to_string(value), fmt::format("stored values of {}, {}", name_of(tensor_.type), text_of(range)),
           quantised(tensor_) ? "give real values as float32, they are quantised with the input's scale" : "");
  if (real)
    add_real(static_cast<double>(value));
  else
    put(value);
}

void StoredValues::add_real(double value) {
  if (!std::isfinite(value)) refuse(fmt::format("{}", value), "finite numbers", "");
  if (tensor_.type == ElementType::float32) {
    if (std::abs(value) > double{FLT_MAX}) refuse(fmt::format("{}", value), "numbers in float32's range", "");
    const Bytes stored = bytes_of(std::vector<float>{static_cast<float>(value)});
    bytes_.insert(bytes_.end(), stored.begin(), stored.end());
    return;
  }
  const Range range = range_of(tensor_.type);
  if (quantised(tensor_)) return put(quantise(value, scale_of(tensor_, elements_stored()), range));
  // 2^63 is the first double beyond int64; narrower ranges are exact.
  const bool fits = value >= static_cast<double>(range.least) && value < static_cast<double>(range.most) + 1;
  if (!fits || value != std::trunc(value))
    refuse(fmt::format("{}", value), fmt::format("whole numbers, {}", text_of(range)), "the input has no scale");
  put(static_cast<int64_t>(value));
}

size_t StoredValues::elements_stored() const { return bytes_.size() * 8 / static_cast<size_t>(bits_of(tensor_.type)); }

void StoredValues::put(int64_t stored) {
  for (int bit = 0; bit < bits_of(tensor_.type); bit += 8)
    bytes_.push_back(static_cast<uint8_t>(static_cast<uint64_t>(stored) >> bit));
}

void StoredValues::refuse(const std::string &value, const std::string &supported, const std::string &hint) const {
  const auto index = static_cast<int64_t>(elements_stored());
  const int64_t elements = std::max<int64_t>(tensor_.elements(), 1);
  throw UserError({fmt::format("{}, sample {}, element {}", place_, index / elements, index % elements),
                   "value " + value, supported, hint});
}

std::vector<int64_t> stored_integers(const Tensor &tensor, std::span<const uint8_t> bytes) {
  check_countable("result", tensor);
  std::vector<int64_t> values;
  switch (tensor.type) {
    case ElementType::boolean:
    case ElementType::uint8: append_values<uint8_t>(bytes, values); break;
    case ElementType::int8: append_values<int8_t>(bytes, values); break;
    case ElementType::int16: append_values<int16_t>(bytes, values); break;
    case ElementType::int32: append_values<int32_t>(bytes, values); break;
    case ElementType::int64: append_values<int64_t>(bytes, values); break;
    case ElementType::int4:
    case ElementType::float32: throw InternalError("a tensor without stored integers");
  }
  return values;
}

std::vector<float> real_values(const Tensor &tensor, std::span<const uint8_t> bytes) {
  if (tensor.type == ElementType::float32) return values_of<float>(bytes);
  std::vector<float> values;
  for (const int64_t stored : stored_integers(tensor, bytes)) {
    const ElementScale scale = scale_of(tensor, values.size());
    values.push_back(static_cast<float>(stored - scale.zero_point) * scale.scale + scale.offset);
  }
  return values;
}

}  // namespace whit
