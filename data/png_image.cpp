// SPDX-License-Identifier: Apache-2.0
// Decodes through libpng. Its errors arrive by longjmp, so the functions it may leave hold nothing with a destructor.
#include "data/png_image.hpp"

#include <csetjmp>
#include <cstring>

#include <png.h>

namespace whit {

namespace {

// What libpng reads from and what it complained about.
struct Source {
  std::span<const uint8_t> rest{};
  char message[96] = "";
};

void read_bytes(png_structp png, png_bytep target, size_t count) {
  auto &source = *static_cast<Source *>(png_get_io_ptr(png));
  if (count > source.rest.size()) png_error(png, "truncated");
  std::memcpy(target, source.rest.data(), count);
  source.rest = source.rest.subspan(count);
}

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
  auto &source = *static_cast<Source *>(png_get_error_ptr(png));
  std::strncpy(source.message, message, sizeof source.message - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

class PngReader {
 public:
  explicit PngReader(std::span<const uint8_t> content) : source_{content} {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source_, on_error, on_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    internal_check(info_ != nullptr, "libpng has no memory");
    png_set_read_fn(png_, &source_, read_bytes);
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader &) = delete;
  PngReader &operator=(const PngReader &) = delete;

  const char *message() const { return source_.message; }
  int depth() const { return png_get_bit_depth(png_, info_); }
  ImageSize size() const {
    return {png_get_image_height(png_, info_), png_get_image_width(png_, info_), png_get_channels(png_, info_)};
  }

  // Both false when libpng found the file damaged.
  bool read_header() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_info(png_, info_);
    if (png_get_color_type(png_, info_) == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }
  bool read_pixels(uint8_t *pixels, size_t row_bytes, size_t rows) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    for (int pass = 0; pass < passes_; ++pass)
      for (size_t row = 0; row < rows; ++row) png_read_row(png_, pixels + row * row_bytes, nullptr);
    png_read_end(png_, nullptr);
    return true;
  }

 private:
  Source source_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  int passes_ = 1;
};

std::string text_of(const ImageSize &size) {
  return fmt::format("{} high, {} wide, {} channel{}", size.height, size.width, size.channels,
                     size.channels == 1 ? "" : "s");
}

UserError damaged(const std::string &place, const char *message) {
  return UserError({place, fmt::format("damaged PNG file ({})", message), "whole PNG files", "save the image again"});
}

}  // namespace

Bytes parse_png(const std::string &place, std::span<const uint8_t> content, const ImageSize &wanted) {
  PngReader reader(content);
  if (!reader.read_header()) throw damaged(place, reader.message());
  const std::string supported = "an 8-bit PNG image, " + text_of(wanted);
  if (reader.depth() != 8)
    throw UserError({place, fmt::format("{} bits a channel", reader.depth()), supported, "convert the image"});
  if (reader.size() != wanted)
    throw UserError({place, "an image " + text_of(reader.size()), supported, "scale or convert the image first"});
  const auto row_bytes = static_cast<size_t>(wanted.width * wanted.channels);
  Bytes pixels(row_bytes * static_cast<size_t>(wanted.height));
  if (!reader.read_pixels(pixels.data(), row_bytes, static_cast<size_t>(wanted.height)))
    throw damaged(place, reader.message());
  return pixels;
}

}  // namespace whit
