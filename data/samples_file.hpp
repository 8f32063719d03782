// SPDX-License-Identifier: Apache-2.0
// Files of samples for one tensor: read before a run, written after it. The format follows from the file's suffix.
//
// The rule for every format is in `sample_formats_help`, which the command line prints. All files are hostile: a wrong,
// truncated or huge one gives a UserError that names the file, what was found and what is accepted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/base/bytes.hpp"
#include "compiler/ir/graph.hpp"

namespace whit {

inline constexpr std::string_view sample_formats_help =
    R"(Sample files in (the suffix decides):
  .npy        NumPy array, C order, little-endian; the first axis counts the samples (it may be missing for a single
              sample), the others are the input's, axes of size 1 aside. Integers are stored values and must fit the
              input's type. Floats are real values: a quantised input quantises them with its scale.
  .csv .txt   one sample a line, values separated by comma, semicolon, tab or space; always REAL values, also when they
              are whole numbers: a quantised input quantises them with its scale. An input of integers without a scale
              takes whole numbers. Empty lines, lines that begin with #, and one line of column names are skipped.
  .png        one image, 8 bits a channel or with a palette, exactly the input's height x width x channels. The pixel's
              value 0..255 becomes: int8 value - 128, uint8 value, float32 value / 255. Gamma is ignored.
  .bin .raw   the stored bytes of one or more samples, one after the other, little-endian.
Quantising: stored = round(real / scale) + zero point, in float32, halves away from zero, then kept in the type's range.
Result files out: .npy, .csv or .txt (one sample a line, commas), .bin or .raw; stored values, or with --dequantize
  float32 real values = (stored - zero point) * scale.
Label files: .npy of integers, or text with one integer a line.)";

// The samples in `path`, one after the other, in the tensor's own type and in channel_last order:
// their number is size / tensor.bytes(), at least 1. UserError when the file does not hold samples for this tensor.
Bytes read_samples(const std::filesystem::path &path, const Tensor &tensor);

// The same for content that was read before; the path gives the suffix and the place in messages.
Bytes parse_samples(const std::filesystem::path &path, const Bytes &content, const Tensor &tensor);

// UserError where no values of that tensor can be written to a file of that suffix.
void check_results_file(const std::filesystem::path &path, const Tensor &tensor);

// Writes whole samples of the tensor (`bytes` as from read_samples). With `dequantize` the real values, as float32.
void write_samples(const std::filesystem::path &path, const Tensor &tensor, std::span<const uint8_t> bytes,
                   bool dequantize);

// The class of each sample: one integer a line, or an .npy of integers with one axis longer than 1 at most.
std::vector<int64_t> read_labels(const std::filesystem::path &path);

// The same for content that was read before.
std::vector<int64_t> parse_labels(const std::filesystem::path &path, const Bytes &content);

}  // namespace whit
