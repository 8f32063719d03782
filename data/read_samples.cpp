// SPDX-License-Identifier: Apache-2.0
// From a file to a tensor's stored bytes: one function a format, chosen by suffix.
#include <algorithm>

#include "data/npy.hpp"
#include "data/png_image.hpp"
#include "data/samples_file.hpp"
#include "data/stored_values.hpp"
#include "data/text_values.hpp"

namespace whit {

namespace {

Shape without_ones(Shape shape) {
  std::erase(shape, 1);
  return shape;
}

std::string description_of(const Tensor &tensor) {
  return fmt::format("input {}, {} {}", tensor.name, name_of(tensor.type), text_of(tensor.shape));
}

// True when the array is one sample of the tensor, or several along its first axis; axes of size 1 do not count.
bool holds_samples(const Shape &array, const Shape &tensor) {
  const Shape sample = without_ones(tensor);
  if (without_ones(array) == sample) return true;
  return !array.empty() && array[0] > 0 && without_ones(Shape(array.begin() + 1, array.end())) == sample;
}

Bytes read_npy(const std::string &place, const Bytes &content, const Tensor &tensor) {
  const NpyArray array = parse_npy(place, content);
  if (!array.shape.empty() && array.shape[0] == 0) throw UserError({place, "no samples", "at least one", ""});
  if (!holds_samples(array.shape, tensor.shape))
    throw UserError({place, fmt::format("array of shape {}", text_of(array.shape)),
                     fmt::format("a first axis of samples, then {} ({})", text_of(tensor.shape),
                                 description_of(tensor)),
                     "reshape the array; channels come last"});
  StoredValues stored(place, tensor);
  for_each_element(
      array, [&](int64_t value) { stored.add_integer(value); }, [&](double value) { stored.add_real(value); });
  return stored.take();
}

Bytes read_text(const std::string &place, const Bytes &content, const Tensor &tensor) {
  StoredValues stored(place, tensor);
  for (const TextLine &line : parse_text_values(place, {reinterpret_cast<const char *>(content.data()), content.size()})) {
    if (line.values.size() != static_cast<size_t>(tensor.elements()))
      throw UserError({fmt::format("{}, line {}", place, line.number), fmt::format("{} values", line.values.size()),
                       fmt::format("{} values a line ({})", tensor.elements(), description_of(tensor)),
                       "one sample a line"});
    for (const double value : line.values) stored.add_real(value);
  }
  return stored.take();
}

// The tensor as an image: height, width and channels, after a batch of 1; a tensor of two axes is grey.
ImageSize image_size_of(const std::string &place, const Tensor &tensor) {
  Shape shape = tensor.shape;
  if (shape.size() == 4 && shape[0] == 1) shape.erase(shape.begin());
  if (shape.size() == 2) shape.push_back(1);
  if (shape.size() != 3 || shape[2] > 4)
    throw UserError({place, "an image for " + description_of(tensor),
                     "images for inputs of height x width x 1 to 4 channels", "give the values as .npy or .csv"});
  return {shape[0], shape[1], shape[2]};
}

Bytes read_png(const std::string &place, const Bytes &content, const Tensor &tensor) {
  Bytes pixels = parse_png(place, content, image_size_of(place, tensor));
  switch (tensor.type) {
    case ElementType::uint8: return pixels;
    case ElementType::int8:
      for (uint8_t &pixel : pixels) pixel ^= 0x80;  // pixel - 128 in two's complement
      return pixels;
    case ElementType::float32: {
      std::vector<float> values;
      for (const uint8_t pixel : pixels) values.push_back(static_cast<float>(pixel) / 255.0F);
      return bytes_of(values);
    }
    default:
      throw UserError({place, "an image for " + description_of(tensor), "images for int8, uint8 and float32 inputs",
                       "give the values as .npy or .csv"});
  }
}

Bytes read_stored(const std::string &place, const Bytes &content, const Tensor &tensor) {
  const auto sample = static_cast<size_t>(tensor.bytes());
  if (content.empty() || content.size() % sample != 0)
    throw UserError({place, fmt::format("{} bytes", content.size()),
                     fmt::format("samples of {} bytes each ({})", sample, description_of(tensor)), ""});
  return content;
}

using Reader = Bytes (*)(const std::string &place, const Bytes &content, const Tensor &tensor);

Reader reader_of(const std::filesystem::path &path) {
  const std::string suffix = path.extension().string();
  if (suffix == ".npy") return read_npy;
  if (suffix == ".csv" || suffix == ".txt") return read_text;
  if (suffix == ".png") return read_png;
  if (suffix == ".bin" || suffix == ".raw") return read_stored;
  throw UserError({path.string(), fmt::format("samples in a file of suffix '{}'", suffix),
                   ".npy, .csv, .txt, .png, .bin, .raw", "rename or convert the file"});
}

}  // namespace

Bytes parse_samples(const std::filesystem::path &path, const Bytes &content, const Tensor &tensor) {
  internal_check(tensor.bytes() > 0, "input {} without elements", tensor.name);
  return reader_of(path)(path.string(), content, tensor);
}

Bytes read_samples(const std::filesystem::path &path, const Tensor &tensor) {
  reader_of(path);  // a wrong suffix is said before a missing file
  return parse_samples(path, read_file(path), tensor);
}

std::vector<int64_t> read_labels(const std::filesystem::path &path) { return parse_labels(path, read_file(path)); }

std::vector<int64_t> parse_labels(const std::filesystem::path &path, const Bytes &content) {
  const std::string place = path.string();
  if (path.extension() != ".npy")
    return parse_text_integers(place, {reinterpret_cast<const char *>(content.data()), content.size()});
  const NpyArray array = parse_npy(place, content);
  if (!is_integer(array.type) || without_ones(array.shape).size() > 1 || array.bytes.empty())
    throw UserError({place, fmt::format("labels of shape {}", text_of(array.shape)),
                     "integers along one axis, one for each sample", ""});
  std::vector<int64_t> labels;
  for_each_element(array, [&](int64_t label) { labels.push_back(label); }, [](double) {});
  return labels;
}

}  // namespace whit
