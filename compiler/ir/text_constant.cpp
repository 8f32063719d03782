// SPDX-License-Identifier: Apache-2.0
// Elements are read and written one at a time at their bit offset, so that all types share one path.
#include "compiler/ir/text_constant.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <random>

#include <fmt/ranges.h>

namespace whit {

namespace {

constexpr int64_t longest_list = 16;  // longer constants are printed in hexadecimal
constexpr size_t bytes_a_line = 64;

int64_t read_element(const Bytes &bytes, ElementType type, int64_t index) {
  const int bits = bits_of(type);
  uint64_t raw = 0;
  if (bits == 4)
    raw = (bytes[static_cast<size_t>(index / 2)] >> (index % 2 * 4)) & 0xf;
  else
    std::memcpy(&raw, &bytes[static_cast<size_t>(index * bits / 8)], static_cast<size_t>(bits / 8));
  if (stored_range(type).low == 0) return static_cast<int64_t>(raw);
  return static_cast<int64_t>(raw << (64 - bits)) >> (64 - bits);
}

void write_element(Bytes &bytes, ElementType type, int64_t index, int64_t value) {
  const int bits = bits_of(type);
  const auto raw = static_cast<uint64_t>(value);
  if (bits == 4)
    bytes[static_cast<size_t>(index / 2)] |= static_cast<uint8_t>((raw & 0xf) << (index % 2 * 4));
  else
    std::memcpy(&bytes[static_cast<size_t>(index * bits / 8)], &raw, static_cast<size_t>(bits / 8));
}

float float_of(int64_t element) { return std::bit_cast<float>(static_cast<int32_t>(element)); }

std::string element_text(const Bytes &bytes, ElementType type, int64_t index) {
  const int64_t value = read_element(bytes, type, index);
  return type == ElementType::float32 ? fmt::format("{}", float_of(value)) : fmt::format("{}", value);
}

// The element's stored bits, sign extended.
int64_t parse_element(Lexer &lexer, ElementType type) {
  if (type == ElementType::float32) return std::bit_cast<int32_t>(parse_float(lexer));
  const Token where = lexer.peek();
  const int64_t value = parse_integer(lexer);
  const Interval range = stored_range(type);
  if (!range.holds(value))
    lexer.fail(where, fmt::format("{} is no {}", value, name_of(type)), fmt::format("{} to {}", range.low, range.high));
  return value;
}

std::string hexadecimal(const Bytes &bytes) {
  std::string text = "hex";
  for (size_t begin = 0; begin < bytes.size(); begin += bytes_a_line) {
    const size_t end = std::min(bytes.size(), begin + bytes_a_line);
    text += bytes.size() > bytes_a_line ? "\n      \"" : " \"";
    for (size_t i = begin; i < end; ++i) text += fmt::format("{:02x}", bytes[i]);
    text += '"';
  }
  return text;
}

// Whether every element is one that the parser takes: infinities and booleans of 2 only come back as bytes.
bool all_readable(const Tensor &tensor) {
  const Bytes &bytes = *tensor.constant;
  for (int64_t index = 0; index < tensor.elements(); ++index) {
    const int64_t element = read_element(bytes, tensor.type, index);
    if (tensor.type == ElementType::float32 ? !std::isfinite(float_of(element))
                                            : !stored_range(tensor.type).holds(element))
      return false;
  }
  return true;
}

Bytes parse_list(Lexer &lexer, ElementType type, int64_t count, Bytes bytes) {
  for (int64_t index = 0; index < count; ++index) {
    if (index > 0) lexer.expect(",");
    write_element(bytes, type, index, parse_element(lexer, type));
  }
  lexer.expect("]");
  return bytes;
}

int nibble(char c) { return c >= '0' && c <= '9' ? c - '0' : (c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1); }

Bytes parse_hexadecimal(Lexer &lexer, size_t size) {
  Bytes bytes;
  while (bytes.size() < size) {
    const Token where = lexer.peek();
    const std::string digits = lexer.expect(TokenKind::string, "a string of hexadecimal digits");
    if (digits.empty() || digits.size() % 2 != 0) lexer.fail(where, "half a byte", "two digits a byte");
    for (size_t i = 0; i < digits.size(); i += 2) {
      const int high = nibble(digits[i]), low = nibble(digits[i + 1]);
      if (high < 0 || low < 0) lexer.fail(where, "no hexadecimal digit", "0-9 and a-f");
      bytes.push_back(static_cast<uint8_t>(high * 16 + low));
    }
    if (bytes.size() > size)
      lexer.fail(where, fmt::format("{} bytes", bytes.size()), fmt::format("{} bytes for this type", size));
  }
  return bytes;
}

Bytes filled(ElementType type, int64_t count, Bytes bytes, int64_t value) {
  for (int64_t index = 0; index < count; ++index) write_element(bytes, type, index, value);
  return bytes;
}

// Any value of up to 8 bits but the lowest of int8 (symmetric weights never hold it), wider integers in
// [-1024, 1023], floats in [-1, 1).
Bytes random_bytes(ElementType type, int64_t count, Bytes bytes, uint32_t seed) {
  std::mt19937 random(seed);
  for (int64_t index = 0; index < count; ++index) {
    const uint32_t bits = random();
    int64_t value = static_cast<int64_t>(bits >> 21) - 1024;
    if (type == ElementType::float32)
      value = std::bit_cast<int32_t>(static_cast<float>(static_cast<int32_t>(bits) >> 8) / 8388608.0F);
    else if (bits_of(type) <= 8)
      value = type == ElementType::boolean ? bits >> 31 : (bits >> 24 == 0x80 ? 0x81 : bits >> 24);
    write_element(bytes, type, index, value);
  }
  return bytes;
}

template <typename T>
T parse_number(Lexer &lexer, std::string_view what) {
  const Token token = lexer.peek();
  T value{};
  const char *end = token.text.data() + token.text.size();
  const auto result = std::from_chars(token.text.data(), end, value);
  if (token.kind != TokenKind::number || result.ec != std::errc() || result.ptr != end)
    lexer.fail(token, "found " + token.described(), std::string(what));
  lexer.take();
  return value;
}

}  // namespace

std::string constant_text(const Tensor &tensor) {
  const Bytes &bytes = *tensor.constant;
  const int64_t count = tensor.elements();
  const bool sized = count > 0 && static_cast<int64_t>(bytes.size()) == tensor.bytes();
  if (!sized || !all_readable(tensor)) return hexadecimal(bytes);
  const Bytes zeros(bytes.size());
  if (count > longest_list && filled(tensor.type, count, zeros, read_element(bytes, tensor.type, 0)) == bytes)
    return "fill " + element_text(bytes, tensor.type, 0);
  const bool spare_nibble = tensor.type == ElementType::int4 && count % 2 == 1 && bytes.back() > 0xf;
  if (count > longest_list || spare_nibble) return hexadecimal(bytes);
  std::vector<std::string> elements;
  for (int64_t index = 0; index < count; ++index) elements.push_back(element_text(bytes, tensor.type, index));
  return fmt::format("[{}]", fmt::join(elements, ", "));
}

Bytes parse_constant(Lexer &lexer, ElementType type, const Shape &shape, int64_t limit) {
  const Token where = lexer.peek();
  const int64_t count = element_count(shape), size = byte_count(type, shape);
  if (size > limit)
    lexer.fail(where, fmt::format("constants of {} bytes and more", size), fmt::format("{} bytes left", limit));
  if (lexer.accept("hex")) return parse_hexadecimal(lexer, static_cast<size_t>(size));
  Bytes zeros(static_cast<size_t>(size));
  if (lexer.accept("[")) return parse_list(lexer, type, count, std::move(zeros));
  if (lexer.accept("fill")) return filled(type, count, std::move(zeros), parse_element(lexer, type));
  if (lexer.accept("random"))
    return random_bytes(type, count, std::move(zeros), static_cast<uint32_t>(parse_integer(lexer)));
  lexer.fail(where, "found " + where.described(), "[values], hex \"bytes\", fill value, random seed");
}

int64_t parse_integer(Lexer &lexer) { return parse_number<int64_t>(lexer, "a 64-bit integer"); }
float parse_float(Lexer &lexer) { return parse_number<float>(lexer, "a number in the range of float32"); }
double parse_double(Lexer &lexer) { return parse_number<double>(lexer, "a number in the range of a double"); }

}  // namespace whit
