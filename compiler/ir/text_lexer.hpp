// SPDX-License-Identifier: Apache-2.0
// Words, numbers, strings and signs of the text form, each with its place.
#pragma once

#include <string>
#include <string_view>

namespace whit {

enum class TokenKind { word, symbol, number, string, sign, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text{};  // a symbol without its %, a string without quotes and escapes
  int line = 1, column = 1;

  // "'graph'", "end of text": for messages.
  std::string described() const;
};

class Lexer {
 public:
  // Both must outlive the lexer.
  Lexer(std::string_view text, std::string_view file) : text_(text), file_(file) { advance(); }

  const Token &peek() const { return token_; }
  // The current token; the next one becomes current.
  Token take();

  bool at(TokenKind kind, std::string_view text) const { return token_.kind == kind && token_.text == text; }
  // Takes the token if it is that word or sign.
  bool accept(std::string_view text);
  void expect(std::string_view sign);
  // Takes a token of that kind; `what` names it in the message.
  std::string expect(TokenKind kind, std::string_view what);

  // UserError at the token's place.
  [[noreturn]] void fail(const Token &where, std::string found, std::string supported = "") const;

 private:
  void advance();
  void skip_blanks();
  std::string take_while(bool (*belongs)(char));
  std::string string_body();
  char escaped_character();
  void step();

  std::string_view text_, file_;
  size_t position_ = 0;
  int line_ = 1, column_ = 1;
  Token token_{};
};

// Whether every character of the name may stand in a symbol (%name).
bool is_symbol(std::string_view name);
// The name in quotes, with escapes.
std::string quoted_text(std::string_view name);

}  // namespace whit
