// SPDX-License-Identifier: Apache-2.0
// TFLM_DECODE: constants that the file holds encoded, decoded here once and for all. Each output has two inputs: the
// encoded values and an ancillary tensor, of which bytes 0 and 1 say which encoding, 4 and 5 its version and parameters,
// and byte 16 begins its table. Bits come from the top of each byte.
#include <algorithm>

#include "compiler/importers/tflite/operators.hpp"

namespace whit::tflite_operators {

namespace {

enum Encoding : uint8_t { look_up = 0, huffman = 1, pruned = 2 };
constexpr size_t kind_byte = 0, kind_version_byte = 1, version_byte = 4, parameter_byte = 5, stride_byte = 6, table_begin = 16;

class Bits {
 public:
  explicit Bits(const Bytes &bytes) : bytes_(bytes) {}
  // The next bits as a number; 0 behind the end, since decoders look ahead.
  uint32_t next(uint32_t count) {
    uint32_t value = 0;
    for (; count > 0; --count, ++place_)
      value = value << 1 | (place_ / 8 < bytes_.size() ? bytes_[place_ / 8] >> (7 - place_ % 8) & 1U : 0U);
    return value;
  }
  void put_back(uint32_t count) { place_ -= count; }
  // Whether no bit was taken from behind the end.
  bool sound() const { return place_ <= 8 * bytes_.size(); }

 private:
  const Bytes &bytes_;
  size_t place_ = 0;
};

struct Encoded {
  const OperatorReader &reader;
  const Bytes &values, &ancillary;
  const Tensor &output;

  size_t count() const { return static_cast<size_t>(output.elements()); }
  size_t width() const { return static_cast<size_t>(bits_of(output.type)) / 8; }
  size_t channels() const { return std::max<size_t>(1, output.quantization.scales.size()); }
  // The channel of an element; channels are slices of the first or the last axis.
  size_t channel_of(size_t element) const {
    const bool last = channels() > 1 && output.quantization.axis + 1 == static_cast<int>(output.shape.size());
    return last ? element % channels() : element / (count() / channels());
  }
  // UserError where `bits` for each element are more than there are.
  void check_length(size_t bits) const {
    if (count() > 8 * values.size() / bits) reader.fail("encoded values that are too short", "", damaged);
  }
  // Appends entry `index` of the table. UserError where the table ends before it.
  void append(Bytes &decoded, size_t index) const {
    const size_t begin = table_begin + index * width();
    if (begin + width() > ancillary.size()) reader.fail("a table that is too short", "", damaged);
    decoded.insert(decoded.end(), ancillary.begin() + static_cast<std::ptrdiff_t>(begin),
                   ancillary.begin() + static_cast<std::ptrdiff_t>(begin + width()));
  }
};

// Indices of a few bits into a table for each channel.
Bytes by_table(const Encoded &encoded) {
  const uint32_t width = encoded.ancillary[parameter_byte] & 7U;
  const size_t stride = encoded.ancillary[stride_byte];
  if (width == 0) encoded.reader.fail("indices of 0 bits", "1 to 7 bits", damaged);
  encoded.check_length(width);
  Bits bits(encoded.values);
  Bytes decoded;
  for (size_t element = 0; element < encoded.count(); ++element)
    encoded.append(decoded, encoded.channel_of(element) * stride + bits.next(width));
  return decoded;
}

// A bit for each element: the next value, or the zero point.
Bytes from_pruned(const Encoded &encoded) {
  const auto &zeros = encoded.output.quantization.zero_points;
  encoded.check_length(1);
  Bits bits(encoded.values);
  Bytes decoded;
  size_t taken = 0;
  for (size_t element = 0; element < encoded.count(); ++element) {
    if (bits.next(1) != 0) {
      encoded.append(decoded, taken++);
      continue;
    }
    decoded.insert(decoded.end(), encoded.width(), 0);
    if (encoded.width() == 1 && !zeros.empty())
      decoded.back() = static_cast<uint8_t>(zeros[zeros.size() == 1 ? 0 : encoded.channel_of(element)]);
  }
  return decoded;
}

// An entry of Huffman's tables: the top bit says that a symbol is found; then four bits, how many bits it takes of the
// last look-up, or less 1 how many the next takes; below them the symbol, or where the next table begins.
struct HuffmanEntry {
  bool found;
  uint32_t bits, value;
};

class HuffmanTables {
 public:
  explicit HuffmanTables(const Encoded &encoded)
      : encoded_(encoded), entry_bytes_((encoded.ancillary[parameter_byte] & 1U) != 0 ? 4 : 2) {}

  HuffmanEntry entry(size_t index) const {
    const size_t begin = table_begin + index * entry_bytes_;
    if (index > encoded_.ancillary.size() || begin + entry_bytes_ > encoded_.ancillary.size())
      encoded_.reader.fail("a table that is too short", "", damaged);
    uint32_t bits = 0;
    for (size_t byte = entry_bytes_; byte-- > 0;) bits = bits << 8 | encoded_.ancillary[begin + byte];
    const uint32_t value_bits = entry_bytes_ == 4 ? 27 : 11;
    return {(bits >> (value_bits + 4) & 1U) != 0, bits >> value_bits & 15U, bits & ((1U << value_bits) - 1U)};
  }
  uint32_t first_bits() const { return (encoded_.ancillary[parameter_byte] >> 4) + 1U; }

  uint32_t symbol(Bits &bits) const {
    uint32_t looked_up = first_bits();
    size_t place = bits.next(looked_up);
    HuffmanEntry found = entry(place);
    for (size_t step = 0; !found.found; ++step) {
      if (step > encoded_.ancillary.size()) encoded_.reader.fail("a table that leads nowhere", "", damaged);
      looked_up = found.bits + 1;
      place += found.value + bits.next(looked_up);
      found = entry(place);
    }
    if (found.bits == 0) encoded_.reader.fail("a code of 0 bits", "", damaged);
    if (looked_up > found.bits) bits.put_back(looked_up - found.bits);
    return found.value;
  }

 private:
  const Encoded &encoded_;
  size_t entry_bytes_;
};

Bytes from_huffman(const Encoded &encoded) {
  if (encoded.output.type != ElementType::int8 && encoded.output.type != ElementType::int16)
    encoded.reader.fail("Huffman codes of " + std::string(name_of(encoded.output.type)), "int8 and int16", damaged);
  encoded.check_length(1);
  const HuffmanTables tables(encoded);
  Bits bits(encoded.values);
  Bytes decoded;
  for (size_t element = 0; element < encoded.count() && bits.sound(); ++element) {
    const uint32_t symbol = tables.symbol(bits);
    for (size_t byte = 0; byte < encoded.width(); ++byte) decoded.push_back(static_cast<uint8_t>(symbol >> (8 * byte)));
  }
  if (!bits.sound()) encoded.reader.fail("encoded values that are too short", "", damaged);
  return decoded;
}

Bytes decoded(const Encoded &encoded) {
  if (encoded.ancillary.size() < table_begin || encoded.ancillary[kind_version_byte] != 1 || encoded.ancillary[version_byte] != 1)
    encoded.reader.fail("an ancillary tensor of another version", "version 1", damaged);
  switch (encoded.ancillary[kind_byte]) {
    case look_up: return by_table(encoded);
    case huffman: return from_huffman(encoded);
    case pruned: return from_pruned(encoded);
    default:
      encoded.reader.fail(fmt::format("encoding {}", encoded.ancillary[kind_byte]), "tables, Huffman codes and pruned values",
                          "store the tensor in one of these");
  }
}

}  // namespace

Node decode(OperatorReader &reader) {
  if (reader.output_count() == 0 || reader.input_count() != 2 * reader.output_count())
    reader.fail(fmt::format("{} inputs for {} outputs", reader.input_count(), reader.output_count()), "two for each", damaged);
  for (size_t place = 0; place < reader.output_count(); ++place) {
    const Tensor &values = reader.tensor(2 * place), &ancillary = reader.tensor(2 * place + 1);
    if (!values.is_constant() || !ancillary.is_constant()) reader.fail("encoded values that are computed", "constants", damaged);
    const Tensor &output = reader.output(place);
    if (bits_of(output.type) < 8) reader.fail("values of " + std::string(name_of(output.type)), "whole bytes", damaged);
    reader.settle_constant(decoded({reader, *values.constant, *ancillary.constant, output}));
  }
  return {};
}

}  // namespace whit::tflite_operators
