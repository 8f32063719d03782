// SPDX-License-Identifier: Apache-2.0
// The frame of an .npy file: magic, version, header length, header, elements.
#include "data/npy.hpp"

#include <array>
#include <cstring>

#include "data/npy_header.hpp"

namespace whit {

namespace {

constexpr std::string_view magic = "\x93NUMPY";

struct TypeFacts {
  std::string_view text;
  NpyType type;
  size_t bytes;
};

constexpr std::array<TypeFacts, 10> types{{{"|b1", NpyType::boolean, 1},
                                           {"|i1", NpyType::int8, 1},
                                           {"<i2", NpyType::int16, 2},
                                           {"<i4", NpyType::int32, 4},
                                           {"<i8", NpyType::int64, 8},
                                           {"|u1", NpyType::uint8, 1},
                                           {"<u2", NpyType::uint16, 2},
                                           {"<u4", NpyType::uint32, 4},
                                           {"<f4", NpyType::float32, 4},
                                           {"<f8", NpyType::float64, 8}}};

const TypeFacts &facts_of(const std::string &place, const std::string &text) {
  for (const TypeFacts &facts : types)
    if (text == facts.text) return facts;
  throw UserError({place, fmt::format("array of type '{}'", text),
                   "little-endian bool, int8 to int64, uint8 to uint32, float32, float64",
                   "convert with array.astype(numpy.float32) and save again"});
}

UserError damaged(const std::string &place, std::string found) {
  return UserError({place, std::move(found), ".npy files of versions 1 to 3", "save the array again"});
}

// Splits the header's text off the front of `rest`.
std::string_view take_header(const std::string &place, std::span<const uint8_t> &rest) {
  const size_t version_at = magic.size();
  if (rest.size() < version_at + 4 || std::memcmp(rest.data(), magic.data(), magic.size()) != 0)
    throw damaged(place, "not an .npy file");
  const uint8_t version = rest[version_at];
  if (version < 1 || version > 3) throw damaged(place, fmt::format(".npy version {}", version));
  const size_t length_bytes = version == 1 ? 2 : 4;
  rest = rest.subspan(version_at + 2);
  if (rest.size() < length_bytes) throw damaged(place, "truncated in the .npy header");
  size_t length = 0;
  for (size_t i = 0; i < length_bytes; ++i) length |= size_t{rest[i]} << (8 * i);
  rest = rest.subspan(length_bytes);
  if (length > rest.size()) throw damaged(place, "truncated in the .npy header");
  const std::string_view text(reinterpret_cast<const char *>(rest.data()), length);
  rest = rest.subspan(length);
  return text;
}

// True when the shape's elements take exactly `size` bytes; no product overflows.
bool shape_takes(const Shape &shape, size_t element_bytes, size_t size) {
  size_t bytes = element_bytes;
  for (const int64_t axis : shape)
    if (axis == 0) return size == 0;
  for (const int64_t axis : shape) {
    if (static_cast<size_t>(axis) > size / bytes) return false;
    bytes *= static_cast<size_t>(axis);
  }
  return bytes == size;
}

template <typename T, typename Sink>
void hand_on(std::span<const uint8_t> bytes, const Sink &sink) {
  for (size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, &bytes[at], sizeof(T));
    sink(value);
  }
}

std::string_view npy_type_of(ElementType type) {
  switch (type) {
    case ElementType::boolean: return "|b1";
    case ElementType::int8: return "|i1";
    case ElementType::uint8: return "|u1";
    case ElementType::int16: return "<i2";
    case ElementType::int32: return "<i4";
    case ElementType::int64: return "<i8";
    case ElementType::float32: return "<f4";
    case ElementType::int4: break;
  }
  throw InternalError("NumPy has no int4");
}

}  // namespace

bool is_integer(NpyType type) { return type != NpyType::float32 && type != NpyType::float64; }

NpyArray parse_npy(const std::string &place, std::span<const uint8_t> content) {
  std::span<const uint8_t> rest = content;
  const NpyHeader header = parse_npy_header(place, take_header(place, rest));
  const TypeFacts &facts = facts_of(place, header.type);
  if (header.fortran_order && header.shape.size() > 1)
    throw UserError({place, "array in Fortran order", "arrays in C order",
                     "save numpy.ascontiguousarray(array) instead"});
  if (!shape_takes(header.shape, facts.bytes, rest.size()))
    throw damaged(place, fmt::format("{} bytes of elements for an array {} of {}-byte elements", rest.size(),
                                     text_of(header.shape), facts.bytes));
  return {facts.type, header.shape, rest};
}

void for_each_element(const NpyArray &array, const std::function<void(int64_t)> &integer,
                      const std::function<void(double)> &real) {
  switch (array.type) {
    case NpyType::boolean:
    case NpyType::uint8: return hand_on<uint8_t>(array.bytes, integer);
    case NpyType::int8: return hand_on<int8_t>(array.bytes, integer);
    case NpyType::int16: return hand_on<int16_t>(array.bytes, integer);
    case NpyType::int32: return hand_on<int32_t>(array.bytes, integer);
    case NpyType::int64: return hand_on<int64_t>(array.bytes, integer);
    case NpyType::uint16: return hand_on<uint16_t>(array.bytes, integer);
    case NpyType::uint32: return hand_on<uint32_t>(array.bytes, integer);
    case NpyType::float32: return hand_on<float>(array.bytes, real);
    case NpyType::float64: return hand_on<double>(array.bytes, real);
  }
}

Bytes npy_file(ElementType type, const Shape &shape, std::span<const uint8_t> elements) {
  // Python writes a tuple of one with a comma.
  const std::string axes = fmt::format("{}{}", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", npy_type_of(type), axes);
  // NumPy aligns the elements to 64 bytes, the header's end is a new line.
  const size_t frame = magic.size() + 4;
  header.resize((frame + header.size() + 1 + 63) / 64 * 64 - frame - 1, ' ');
  header += '\n';
  internal_check(header.size() <= UINT16_MAX, "a shape of {} axes", shape.size());
  const char frame_end[] = {1, 0, static_cast<char>(header.size()), static_cast<char>(header.size() >> 8)};
  const std::string front = std::string(magic).append(frame_end, sizeof frame_end) + header;
  Bytes file(front.begin(), front.end());
  file.insert(file.end(), elements.begin(), elements.end());
  return file;
}

}  // namespace whit
