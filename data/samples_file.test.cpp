// SPDX-License-Identifier: Apache-2.0
// Files of every format become the tensor's stored bytes by the stated rules, or are refused with a reason.
#include "data/samples_file.hpp"

#include <limits>

#include <gtest/gtest.h>
#include <png.h>

#include "data/npy.hpp"

namespace whit {
namespace {

namespace fs = std::filesystem;

class SamplesFile : public ::testing::Test {
 protected:
  // A folder of each test's own: CTest runs several at once.
  SamplesFile()
      : folder_(fs::temp_directory_path() /
                fmt::format("whit_samples_{}", ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::create_directories(folder_);
  }
  ~SamplesFile() override { fs::remove_all(folder_); }

  fs::path file(const std::string &name, const Bytes &bytes) const {
    write_file(folder_ / name, bytes);
    return folder_ / name;
  }
  fs::path file(const std::string &name, const std::string &text) const {
    return file(name, Bytes(text.begin(), text.end()));
  }
  template <typename T>
  fs::path npy(ElementType type, const Shape &shape, const std::vector<T> &values) const {
    return file("x.npy", npy_file(type, shape, bytes_of(values)));
  }

  fs::path folder_;
};

Tensor tensor_of(ElementType type, Shape shape, float scale = 0, int64_t zero_point = 0) {
  Tensor tensor{.name = "input", .type = type, .shape = std::move(shape)};
  if (scale > 0) tensor.quantization = {{scale}, {zero_point}, -1};
  return tensor;
}

template <typename Function>
std::string message_of(const Function &function) {
  try {
    function();
  } catch (const UserError &error) {
    return error.what();
  }
  return "accepted";
}

Bytes int8s(const std::vector<int8_t> &values) { return bytes_of(values); }

TEST_F(SamplesFile, integers_in_npy_are_stored_values) {
  const Tensor tensor = tensor_of(ElementType::int8, {1, 1, 3, 1}, 0.5F, 10);
  EXPECT_EQ(read_samples(npy<int8_t>(ElementType::int8, {2, 1, 3, 1}, {1, 2, 3, -4, -5, -6}), tensor),
            int8s({1, 2, 3, -4, -5, -6}));
  EXPECT_EQ(read_samples(npy<int64_t>(ElementType::int64, {3}, {-128, 0, 127}), tensor), int8s({-128, 0, 127}));
}

TEST_F(SamplesFile, integers_beyond_the_type_are_refused) {
  const Tensor tensor = tensor_of(ElementType::int8, {1, 3}, 0.5F, 10);
  const fs::path path = npy<uint8_t>(ElementType::uint8, {2, 3}, {1, 2, 3, 4, 200, 6});
  EXPECT_EQ(message_of([&] { read_samples(path, tensor); }),
            path.string() + ", sample 1, element 1: value 200\n  supported: stored values of int8, -128 to 127\n"
                            "  hint: give real values as float32, they are quantised with the input's scale");
}

TEST_F(SamplesFile, floats_are_quantised_halves_away_from_zero_and_saturate) {
  const Tensor tensor = tensor_of(ElementType::int8, {1, 8}, 0.5F, 10);
  const Bytes wanted = int8s({10, 11, 9, 12, 8, 127, -128, 127});
  const std::vector<float> reals{0.0F, 0.25F, -0.25F, 0.75F, -0.75F, 100.0F, -100.0F, 3e38F};
  EXPECT_EQ(read_samples(npy(ElementType::float32, {8}, reals), tensor), wanted);
  EXPECT_EQ(read_samples(file("x.csv", "0, .25; -0.25\t0.75 -0.75,1e2,-1e2,1e300\n"), tensor), wanted);
}

TEST_F(SamplesFile, values_that_are_not_finite_are_refused) {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
    for (const Tensor &tensor : {tensor_of(ElementType::int8, {1}, 0.5F), tensor_of(ElementType::float32, {1})})
      EXPECT_THROW(read_samples(npy<float>(ElementType::float32, {1}, {value}), tensor), UserError);
  EXPECT_THROW(read_samples(file("x.csv", "1\nnan\n"), tensor_of(ElementType::float32, {1})), UserError);
  EXPECT_THROW(read_samples(file("x.csv", "1e39\n"), tensor_of(ElementType::float32, {1})), UserError);
}

TEST_F(SamplesFile, an_integer_tensor_without_scale_takes_whole_numbers) {
  const Tensor tensor = tensor_of(ElementType::int32, {2});
  EXPECT_EQ(read_samples(file("x.csv", "2147483647,-2147483648"), tensor),
            bytes_of(std::vector<int32_t>{INT32_MAX, INT32_MIN}));
  EXPECT_THROW(read_samples(file("x.csv", "2147483648,0"), tensor), UserError);
  EXPECT_THROW(read_samples(file("x.csv", "0.5,0"), tensor), UserError);
  EXPECT_THROW(read_samples(file("x.csv", "9.3e18"), tensor_of(ElementType::int64, {1})), UserError);
}

TEST_F(SamplesFile, the_sample_axis_and_axes_of_one_may_be_missing) {
  const Tensor tensor = tensor_of(ElementType::uint8, {1, 2, 3, 1});
  for (const Shape &shape : {Shape{2, 3}, {1, 2, 3}, {2, 3, 1}, {1, 2, 3, 1}, {1, 1, 2, 3}})
    EXPECT_EQ(read_samples(npy(ElementType::uint8, shape, Bytes(6)), tensor).size(), 6U) << text_of(shape);
  for (const Shape &shape : {Shape{2, 2, 3}, {2, 1, 2, 3, 1}})
    EXPECT_EQ(read_samples(npy(ElementType::uint8, shape, Bytes(12)), tensor).size(), 12U) << text_of(shape);
  for (const Shape &shape : {Shape{2, 3, 2}, {2, 6}, {12}, {2, 1, 3, 2}})
    EXPECT_THROW(read_samples(npy(ElementType::uint8, shape, Bytes(12)), tensor), UserError) << text_of(shape);
  EXPECT_THROW(read_samples(npy(ElementType::uint8, {0, 2, 3}, Bytes()), tensor), UserError);
}

TEST_F(SamplesFile, text_skips_names_comments_and_empty_lines) {
  const Tensor tensor = tensor_of(ElementType::float32, {2});
  EXPECT_EQ(read_samples(file("x.csv", "# by hand\nleft,right\r\n\n1,+2\r\n3 , 4"), tensor),
            bytes_of(std::vector<float>{1, 2, 3, 4}));
}

TEST_F(SamplesFile, damaged_text_is_refused_with_its_line) {
  const Tensor tensor = tensor_of(ElementType::float32, {2});
  const auto message = [&](const std::string &text) {
    const fs::path path = file("x.csv", text);
    return message_of([&] { read_samples(path, tensor); }).substr(path.string().size());
  };
  EXPECT_EQ(message("1,2\n3,x\n"),
            ", line 2: 'x' where a number should stand\n  supported: finite numbers with a decimal point");
  EXPECT_EQ(message("1,2,3\n"),
            ", line 1: 3 values\n  supported: 2 values a line (input input, float32 2)\n  hint: one sample a line");
  EXPECT_NE(message("1,2\nleft,right\n"), "");
  EXPECT_NE(message("1,,2\n"), "");
  EXPECT_EQ(message("left,right\n"), ": no line of numbers\n  supported: one sample a line");
  EXPECT_EQ(message(""), ": no line of numbers\n  supported: one sample a line");
}

TEST_F(SamplesFile, stored_bytes_come_in_whole_samples) {
  const Tensor tensor = tensor_of(ElementType::int16, {2});
  EXPECT_EQ(read_samples(file("x.bin", Bytes{1, 2, 3, 4, 5, 6, 7, 8}), tensor).size(), 8U);
  EXPECT_THROW(read_samples(file("x.bin", Bytes(6)), tensor), UserError);
  EXPECT_THROW(read_samples(file("x.raw", Bytes()), tensor), UserError);
}

Bytes png_of(uint32_t format, uint32_t width, uint32_t height, const Bytes &pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.format = format;
  image.width = width;
  image.height = height;
  png_alloc_size_t size = 0;
  EXPECT_TRUE(png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr));
  Bytes file(size);
  EXPECT_TRUE(png_image_write_to_memory(&image, file.data(), &size, 0, pixels.data(), 0, nullptr));
  return file;
}

TEST_F(SamplesFile, pixels_become_values_by_type) {
  const fs::path path = file("x.png", png_of(PNG_FORMAT_GRAY, 3, 1, {0, 128, 255}));
  EXPECT_EQ(read_samples(path, tensor_of(ElementType::int8, {1, 1, 3, 1}, 1.0F, -128)), int8s({-128, 0, 127}));
  EXPECT_EQ(read_samples(path, tensor_of(ElementType::uint8, {1, 3})), (Bytes{0, 128, 255}));
  EXPECT_EQ(read_samples(path, tensor_of(ElementType::float32, {1, 3, 1})),
            bytes_of(std::vector<float>{0.0F, 128.0F / 255.0F, 1.0F}));
  EXPECT_THROW(read_samples(path, tensor_of(ElementType::int16, {1, 3})), UserError);
}

TEST_F(SamplesFile, images_of_other_sizes_and_damaged_images_are_refused) {
  const Bytes image = png_of(PNG_FORMAT_RGB, 2, 1, {1, 2, 3, 4, 5, 6});
  const fs::path path = file("x.png", image);
  EXPECT_EQ(read_samples(path, tensor_of(ElementType::uint8, {1, 1, 2, 3})), (Bytes{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(message_of([&] { read_samples(path, tensor_of(ElementType::uint8, {1, 2, 1, 3})); }),
            path.string() + ": an image 1 high, 2 wide, 3 channels\n"
                            "  supported: an 8-bit PNG image, 2 high, 1 wide, 3 channels\n"
                            "  hint: scale or convert the image first");
  EXPECT_THROW(read_samples(path, tensor_of(ElementType::uint8, {6})), UserError);
  for (const size_t size : {size_t{0}, size_t{8}, size_t{30}, image.size() - 20}) {
    const Bytes part(image.begin(), image.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_THROW(read_samples(file("part.png", part), tensor_of(ElementType::uint8, {1, 1, 2, 3})), UserError) << size;
  }
}

TEST_F(SamplesFile, results_read_back_and_the_sample_axis_replaces_the_batch) {
  const Tensor tensor = tensor_of(ElementType::int8, {1, 2}, 0.5F, 10);
  const Bytes stored = int8s({10, 11, -128, 127});
  for (const std::string name : {"y.npy", "y.bin"}) {
    write_samples(folder_ / name, tensor, stored, false);
    EXPECT_EQ(read_samples(folder_ / name, tensor), stored) << name;
  }
  write_samples(folder_ / "y.npy", tensor, stored, true);
  const Bytes reals = read_file(folder_ / "y.npy");
  const NpyArray array = parse_npy("y.npy", reals);
  EXPECT_EQ(array.type, NpyType::float32);
  EXPECT_EQ(array.shape, (Shape{2, 2}));
  EXPECT_EQ(values_of<float>(array.bytes), (std::vector<float>{0.0F, 0.5F, -69.0F, 58.5F}));
}

TEST_F(SamplesFile, text_results_are_one_sample_a_line) {
  const Tensor tensor = tensor_of(ElementType::int8, {1, 2}, 0.5F, 10);
  const auto text = [&](bool dequantize) {
    write_samples(folder_ / "y.csv", tensor, int8s({10, 11, -128, 127}), dequantize);
    const Bytes bytes = read_file(folder_ / "y.csv");
    return std::string(bytes.begin(), bytes.end());
  };
  EXPECT_EQ(text(false), "10,11\n-128,127\n");
  EXPECT_EQ(text(true), "0,0.5\n-69,58.5\n");
}

TEST_F(SamplesFile, samples_of_other_suffixes_are_bad_data) {
  const Tensor tensor = tensor_of(ElementType::int8, {1});
  try {
    read_samples("x.jpeg", tensor);
    FAIL() << "accepted";
  } catch (const UserError &error) {
    EXPECT_EQ(error.code(), ExitCode::model);
  }
  EXPECT_THROW(write_samples(folder_ / "y.png", tensor, Bytes(1), false), UserError);
}

TEST_F(SamplesFile, labels_are_one_integer_a_line_or_an_array) {
  EXPECT_EQ(read_labels(file("l.txt", "3\n\n -1 \r\n7")), (std::vector<int64_t>{3, -1, 7}));
  EXPECT_EQ(read_labels(npy<int16_t>(ElementType::int16, {3, 1}, {3, -1, 7})), (std::vector<int64_t>{3, -1, 7}));
  EXPECT_THROW(read_labels(file("l.txt", "3\n4.5\n")), UserError);
  EXPECT_THROW(read_labels(file("l.txt", "")), UserError);
  EXPECT_THROW(read_labels(npy<float>(ElementType::float32, {1}, {1})), UserError);
  EXPECT_THROW(read_labels(npy<int16_t>(ElementType::int16, {2, 2}, {1, 2, 3, 4})), UserError);
}

}  // namespace
}  // namespace whit
