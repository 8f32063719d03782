// SPDX-License-Identifier: Apache-2.0
// From a tensor's stored bytes to a file that people and NumPy read.
#include "data/npy.hpp"
#include "data/samples_file.hpp"
#include "data/stored_values.hpp"

namespace whit {

namespace {

// The samples' axis takes the place of a batch of 1, or comes before the other axes.
Shape array_shape(const Shape &tensor, int64_t samples) {
  Shape shape = tensor;
  if (!shape.empty() && shape[0] == 1) shape.erase(shape.begin());
  shape.insert(shape.begin(), samples);
  return shape;
}

template <typename T>
std::string lines_of(const std::vector<T> &values, size_t per_line) {
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) text += fmt::format("{}{}", values[i], (i + 1) % per_line == 0 ? '\n' : ',');
  return text;
}

std::string text_of(const Tensor &tensor, std::span<const uint8_t> bytes, bool as_real) {
  const auto per_line = static_cast<size_t>(tensor.elements());
  return as_real ? lines_of(real_values(tensor, bytes), per_line) : lines_of(stored_integers(tensor, bytes), per_line);
}

bool is_text(const std::string &suffix) { return suffix == ".csv" || suffix == ".txt"; }
bool is_stored(const std::string &suffix) { return suffix == ".bin" || suffix == ".raw"; }

}  // namespace

void check_results_file(const std::filesystem::path &path, const Tensor &tensor) {
  const std::string suffix = path.extension().string();
  if (is_text(suffix) || is_stored(suffix)) return;
  if (suffix != ".npy")
    throw UserError({path.string(), fmt::format("results in a file of suffix '{}'", suffix), ".npy, .csv, .txt, .bin, .raw", "choose one of these"}, ExitCode::usage);
  if (tensor.type == ElementType::int4) throw UserError({path.string(), fmt::format("int4 values of {}", tensor.name), "int4 in .bin files", ""});
}

void write_samples(const std::filesystem::path &path, const Tensor &tensor, std::span<const uint8_t> bytes,
                   bool dequantize) {
  const auto sample = static_cast<size_t>(tensor.bytes());
  internal_check(sample > 0 && bytes.size() % sample == 0, "{} bytes are no whole samples of {}", bytes.size(), sample);
  check_results_file(path, tensor);
  const std::string suffix = path.extension().string();
  const bool as_real = dequantize || tensor.type == ElementType::float32;
  if (is_text(suffix)) return write_file(path, text_of(tensor, bytes, as_real));
  const Bytes converted = dequantize ? bytes_of(real_values(tensor, bytes)) : Bytes(bytes.begin(), bytes.end());
  if (is_stored(suffix)) return write_file(path, converted);
  const auto samples = static_cast<int64_t>(bytes.size() / sample);
  write_file(path, npy_file(as_real ? ElementType::float32 : tensor.type, array_shape(tensor.shape, samples), converted));
}

}  // namespace whit
