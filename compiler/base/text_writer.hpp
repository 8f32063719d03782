// SPDX-License-Identifier: Apache-2.0
// Writes source text line by line, so that emitters read like what they emit.
#pragma once

#include <string>
#include <utility>

#include <fmt/format.h>

namespace whit {

class TextWriter {
 public:
  // One line, formatted, with the current indentation; an empty text gives an empty line.
  template <typename... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments &&...arguments) {
    raw_line(fmt::format(format, std::forward<Arguments>(arguments)...));
  }
  void line() { text_ += '\n'; }
  // One line as it is.
  void raw_line(const std::string &text) {
    if (!text.empty()) text_.append(indentation_, ' ').append(text);
    text_ += '\n';
  }
  // Text as it is, without indentation.
  void raw(std::string_view text) { text_ += text; }

  void indent() { indentation_ += 2; }
  void outdent() { indentation_ -= 2; }

  const std::string &text() const { return text_; }

 private:
  std::string text_;
  size_t indentation_ = 0;
};

}  // namespace whit
