// SPDX-License-Identifier: Apache-2.0
// The lanes of weights and the factors that the DSP kernel reads, and the bound on its sums.
#define WHIT_HOST
#include "ops/lstm/lstm_dsp.hpp"

#include <array>
#include <cstdlib>

#include "ops/dsp_matmul.hpp"
#include "ops/int16/sigmoid_int16.hpp"
#include "ops/lstm/lstm.hpp"

namespace whit::lstm_dsp {

namespace {

using namespace lstm_input;

// One of a unit's rows: of the input or of the hidden values.
std::span<const uint8_t> row_of(const NodeView &node, size_t matrix, size_t unit) {
  const auto row = static_cast<size_t>(node.input(matrix).shape[1]);
  return std::span(*node.input(matrix).constant).subspan(unit * row, row);
}

// Two values of a row, 0 beyond its end.
std::array<int8_t, 2> two_of(std::span<const uint8_t> row, size_t first, size_t second) {
  const auto value = [&](size_t index) { return index < row.size() ? static_cast<int8_t>(row[index]) : int8_t{0}; };
  return {value(first), value(second)};
}

constexpr int64_t whole_eights(int64_t count) { return (count + 7) / 8 * 8; }

// By fours of values, in which 0 and 2 lie together as widening leaves them: gates 0 and 1, then 2 and 3.
void append_rows(std::vector<int32_t> &words, const NodeView &node, size_t first, size_t unit) {
  const auto count = static_cast<size_t>(whole_eights(node.input(first).shape[1]));
  for (size_t begin = 0; begin < count; begin += 4)
    for (size_t gate : {0, 2})
      for (size_t at : {begin, begin + 1})
        words.push_back(lanes_of(two_of(row_of(node, first + gate, unit), at, at + 2),
                                 two_of(row_of(node, first + gate + 1, unit), at, at + 2)));
}

std::vector<int32_t> lanes(const NodeView &node) {
  std::vector<int32_t> words;
  for (size_t unit = 0; unit < static_cast<size_t>(lstm_size(node).units); ++unit)
    for (size_t first : {weights, recurrent}) append_rows(words, node, first, unit);
  return words;
}

// The multiplication doubles first.
int left_of(const QuantizedMultiplier &factor) { return 1 + std::max(0, factor.shift); }

std::vector<int32_t> factors(const NodeView &node) {
  std::vector<int32_t> result;
  for (const QuantizedMultiplier &factor : lstm_gate_multipliers(node)) {
    const int right = std::max(0, -factor.shift);
    result.insert(result.end(), {factor.multiplier, left_of(factor), right, right == 0 ? 0 : int32_t{1} << (right - 1)});
  }
  return result;
}

// The largest size of the sum of products.
int64_t largest_sum(std::span<const uint8_t> row) {
  int64_t sum = 0;
  for (uint8_t byte : row) sum += 128 * std::abs(static_cast<int8_t>(byte));
  return sum;
}

bool sums_fit(const NodeView &node) {
  const std::vector<int32_t> pairs = lstm_biases(node);
  const std::vector<QuantizedMultiplier> multipliers = lstm_gate_multipliers(node);
  for (size_t index = 0; index < pairs.size(); ++index) {
    const size_t place = index % (2 * lstm_gate_count), unit = index / (2 * lstm_gate_count);
    const std::span<const uint8_t> row = row_of(node, (place % 2 == 0 ? weights : recurrent) + place / 2, unit);
    const int64_t products = largest_sum(row), sum = products + std::abs(int64_t{pairs[index]});
    const int left = left_of(multipliers[place]);
    if (!rows_can_pair(row) || products >= int64_t{1} << 23 || left > 31 || sum > INT32_MAX >> left) return false;
  }
  return true;
}

}  // namespace

bool fits(const NodeView &node) {
  if (!lstm_is_int8(node)) return false;
  const LstmIntegerParameters p = lstm_integer_parameters(node);
  return p.forget_shift < 0 && p.input_shift < 0 && p.hidden_shift < 0 && sums_fit(node);
}

KernelCall call(const NodeView &node) {
  return {.function = "lstm_int8_dsp",
          .parameters = parameters_from(lstm_integer_parameters(node)),
          .constants = {{"table", ElementType::int16, sigmoid_int16::table()},
                        {"weights", ElementType::int32, bytes_of(lanes(node))},
                        {"bias", ElementType::int32, bytes_of(lstm_biases(node))},
                        {"factors", ElementType::int32, bytes_of(factors(node))}},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(data), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument(1), output_argument(2),
                        output_argument(0), scratch_argument()}};
}

int64_t scratch(const NodeView &node) {
  const LstmSize size = lstm_size(node);
  return 2 * (whole_eights(size.inputs) + whole_eights(size.units));
}

Cost cost(const NodeView &node) {
  const LstmSize size = lstm_size(node);
  const auto units = static_cast<double>(size.batches * size.steps * size.units);
  return {.cycles = units * (5.8 * static_cast<double>(size.inputs + size.units) + 400), .code_bytes = 1700};
}

}  // namespace whit::lstm_dsp
