// SPDX-License-Identifier: Apache-2.0
// One token ahead; every character passes through step(), which keeps line and column.
#include "compiler/ir/text_lexer.hpp"

#include <algorithm>

#include "compiler/base/error.hpp"

namespace whit {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool in_word(char c) { return is_letter(c) || is_digit(c); }
bool in_symbol(char c) { return in_word(c) || c == '.' || c == '/' || c == '-'; }
bool in_number(char c) { return in_word(c) || c == '.' || c == '-' || c == '+'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string Token::described() const {
  if (kind == TokenKind::end) return "the end of the text";
  if (kind == TokenKind::symbol) return "'%" + text + "'";
  return "'" + text.substr(0, 40) + "'";
}

void Lexer::step() {
  if (text_[position_++] == '\n') {
    ++line_;
    column_ = 1;
  } else {
    ++column_;
  }
}

void Lexer::skip_blanks() {
  bool comment = false;
  for (; position_ < text_.size(); step()) {
    const char c = text_[position_];
    if (c == '\n') comment = false;
    if (c == '#') comment = true;
    if (!comment && c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
  }
}

std::string Lexer::take_while(bool (*belongs)(char)) {
  const size_t begin = position_;
  while (position_ < text_.size() && belongs(text_[position_])) step();
  return std::string(text_.substr(begin, position_ - begin));
}

char Lexer::escaped_character() {
  step();
  const std::string_view rest = text_.substr(position_);
  if (rest.starts_with('n')) return step(), '\n';
  if (rest.starts_with('"') || rest.starts_with('\\')) return step(), rest[0];
  if (rest.size() >= 3 && rest[0] == 'x' && hex_digit(rest[1]) >= 0 && hex_digit(rest[2]) >= 0) {
    for (int i = 0; i < 3; ++i) step();
    return static_cast<char>(hex_digit(rest[1]) * 16 + hex_digit(rest[2]));
  }
  fail(token_, "a string with an unknown escape", R"(\n, \", \\ and \x with two digits 0-9a-f)");
}

std::string Lexer::string_body() {
  step();
  std::string value;
  while (position_ < text_.size() && text_[position_] != '"' && text_[position_] != '\n') {
    if (text_[position_] == '\\') {
      value += escaped_character();
    } else {
      value += text_[position_];
      step();
    }
  }
  if (position_ >= text_.size() || text_[position_] == '\n') fail(token_, "a string without its closing quote");
  step();
  return value;
}

void Lexer::advance() {
  skip_blanks();
  token_ = {.line = line_, .column = column_};
  if (position_ >= text_.size()) return;
  const char c = text_[position_];
  if (is_letter(c)) {
    token_.kind = TokenKind::word;
    token_.text = take_while(in_word);
  } else if (is_digit(c) || c == '-') {
    token_.kind = TokenKind::number;
    token_.text = take_while(in_number);
  } else if (c == '"') {
    token_.kind = TokenKind::string;
    token_.text = string_body();
  } else if (c == '%') {
    step();
    token_.kind = TokenKind::symbol;
    token_.text = take_while(in_symbol);
    if (token_.text.empty()) fail(token_, "a % without a name", "%name or %5");
  } else {
    token_.kind = TokenKind::sign;
    token_.text = std::string(1, c);
    step();
  }
}

Token Lexer::take() {
  Token taken = std::move(token_);
  advance();
  return taken;
}

bool Lexer::accept(std::string_view text) {
  const bool found = at(TokenKind::word, text) || at(TokenKind::sign, text);
  if (found) advance();
  return found;
}

void Lexer::expect(std::string_view sign) {
  if (!accept(sign)) fail(token_, "found " + token_.described(), fmt::format("'{}' here", sign));
}

std::string Lexer::expect(TokenKind kind, std::string_view what) {
  if (token_.kind != kind) fail(token_, "found " + token_.described(), fmt::format("{} here", what));
  return take().text;
}

void Lexer::fail(const Token &where, std::string found, std::string supported) const {
  throw UserError({.place = fmt::format("{}, line {}, column {}", file_, where.line, where.column),
                   .found = std::move(found), .supported = std::move(supported)});
}

bool is_symbol(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), in_symbol) &&
         !std::all_of(name.begin(), name.end(), is_digit);
}

std::string quoted_text(std::string_view name) {
  std::string text = "\"";
  for (char c : name) {
    if (c == '\n')
      text += "\\n";
    else if (c == '"' || c == '\\')
      text += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      text += c;
  }
  return text + "\"";
}

}  // namespace whit
