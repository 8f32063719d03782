// SPDX-License-Identifier: Apache-2.0
// Reads the one dictionary that NumPy writes, keys in any order, and nothing more of Python.
#include "data/npy_header.hpp"

#include <charconv>

#include "compiler/base/error.hpp"

namespace whit {

namespace {

class HeaderReader {
 public:
  HeaderReader(const std::string &place, std::string_view text) : place_(place), rest_(text) {}

  NpyHeader read() {
    expect('{');
    while (!accept('}')) {
      read_entry();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (!rest_.empty() || entries_seen_ != all_entries) fail();
    return std::move(header_);
  }

 private:
  enum Entry : unsigned { type_entry = 1, order_entry = 2, shape_entry = 4, all_entries = 7 };

  void read_entry() {
    const std::string key = read_quoted();
    expect(':');
    if (key == "descr") {
      note(type_entry);
      header_.type = read_quoted();
    } else if (key == "fortran_order") {
      note(order_entry);
      header_.fortran_order = read_truth();
    } else if (key == "shape") {
      note(shape_entry);
      read_shape();
    } else {
      fail();
    }
  }

  void note(Entry entry) {
    if (entries_seen_ & entry) fail();
    entries_seen_ |= entry;
  }

  std::string read_quoted() {
    const char quote = accept('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const size_t end = rest_.find(quote);
    if (end == std::string_view::npos) fail();
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool read_truth() {
    if (accept_word("True")) return true;
    if (!accept_word("False")) fail();
    return false;
  }

  void read_shape() {
    expect('(');
    while (!accept(')')) {
      header_.shape.push_back(read_axis());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
  }

  int64_t read_axis() {
    skip_space();
    int64_t axis = 0;
    const auto [end, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), axis);
    if (code != std::errc{} || axis < 0) fail();
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return axis;
  }

  void skip_space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }

  bool accept(char character) { return accept_word(std::string_view(&character, 1)); }

  bool accept_word(std::string_view word) {
    skip_space();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  void expect(char character) {
    if (!accept(character)) fail();
  }

  [[noreturn]] void fail() const {
    throw UserError({place_, "the .npy header is damaged", "an array of plain numbers, as numpy.save writes it",
                     "save the array again"});
  }

  const std::string &place_;
  std::string_view rest_;
  NpyHeader header_{};
  unsigned entries_seen_ = 0;
};

}  // namespace

NpyHeader parse_npy_header(const std::string &place, std::string_view text) {
  return HeaderReader(place, text).read();
}

}  // namespace whit
