// SPDX-License-Identifier: Apache-2.0
// Packing for device/core/matmul.dsp.hpp: rows of int8 weights and their requantisation to one stream of constants.
#pragma once

#include <span>
#include <vector>

#include "compiler/base/bytes.hpp"
#include "ops/dsp_requantize.hpp"

namespace whit {

// Weights of a matrix product, one row an output channel, in the order of the values in the kernel's columns.
struct WeightRows {
  int64_t rows = 0;
  int64_t columns = 0;
  std::vector<int8_t> values{};

  int8_t at(int64_t row, int64_t column) const { return values[static_cast<size_t>(row * columns + column)]; }
  std::span<const int8_t> row(int64_t index) const {
    return std::span(values).subspan(static_cast<size_t>(index * columns), static_cast<size_t>(columns));
  }
};

// Whether any two rows of these int8 weights can share 16-bit lanes: -128 beside a negative value would not fit.
bool rows_can_pair(std::span<const uint8_t> weights);

// Two rows' weights of two columns in one word: 256 * first + second in 16 bits each, the earlier column below.
int32_t lanes_of(std::span<const int8_t, 2> first, std::span<const int8_t, 2> second);

// First rows of the blocks of four: 0, then rows % 4, rows % 4 + 4, ...: where the rows are no multiple of four, the
// first block overlaps the second. At least four rows.
std::vector<int64_t> block_starts(int64_t rows);

// The stream, block by block as in block_starts. `weights.columns` is even.
Bytes matmul_stream(const WeightRows &weights, const DspRequantize &requantize);

// Bytes of one block of the stream.
int64_t matmul_block_bytes(int64_t columns, DspRequantizeForm form);

}  // namespace whit
