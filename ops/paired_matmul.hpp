// SPDX-License-Identifier: Apache-2.0
// Packing for device/core/paired_matmul.hpp: rows of int8 weights and their requantisation to constants.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ops/dsp_matmul.hpp"

namespace whit {

// Lengths of the runs of taps in which every row's magnitudes sum to at most 255, none longer than `longest`. Nothing
// where there would be more runs than wide sums bear (255).
std::optional<std::vector<int64_t>> paired_runs(std::span<const std::span<const int8_t>> rows, int64_t longest);

// The words of PairedRequantize for a channel in the exact form.
std::vector<int32_t> paired_requantize_words(const DspChannel &channel);

struct PairedMatmulConstants {
  Bytes stream{};
  Bytes weights{};
  int64_t first_bytes = 0;  // of the stream, where the first pair of rows overlaps the second; else 0
};

// Nothing for a single row, or where the runs would be too many.
std::optional<PairedMatmulConstants> paired_matmul_constants(const WeightRows &weights, const DspRequantize &requantize);

}  // namespace whit
