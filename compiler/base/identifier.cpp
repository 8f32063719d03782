// SPDX-License-Identifier: Apache-2.0
// Runs of foreign characters become one underscore.
#include "compiler/base/identifier.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace whit {

namespace {

// Words of C and C++ that could be a model's or a tensor's name.
constexpr std::array<std::string_view, 58> keywords = {
    "alignas",  "alignof",  "and",      "asm",      "auto",     "bool",      "break",   "case",     "catch",  "char",
    "class",    "const",    "continue", "default",  "delete",   "do",        "double",  "else",     "enum",   "explicit",
    "export",   "extern",   "false",    "float",    "for",      "friend",    "goto",    "if",       "inline", "int",
    "long",     "mutable",  "namespace", "new",     "not",      "operator",  "or",      "private",  "public", "register",
    "return",   "short",    "signed",   "sizeof",   "static",   "struct",    "switch",  "template", "this",   "throw",
    "true",     "try",      "typedef",  "union",    "unsigned", "void",      "volatile", "while"};

bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool is_keyword(std::string_view name) { return std::find(keywords.begin(), keywords.end(), name) != keywords.end(); }

}  // namespace

std::string identifier_of(std::string_view name) {
  std::string result;
  for (char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!result.empty() && result.back() != '_')
      result += '_';
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  if (result.empty()) return "model";
  if (std::isdigit(static_cast<unsigned char>(result[0])) != 0 || is_keyword(result)) result = "model_" + result;
  return result;
}

bool is_identifier(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 && !is_keyword(name) &&
         std::all_of(name.begin(), name.end(), is_word_character);
}

std::string comment_text(std::string_view text) {
  std::string result;
  for (char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    const bool delimiter = !result.empty() && ((result.back() == '*' && c == '/') || (result.back() == '/' && c == '*'));
    if (delimiter) result += ' ';
    result += control || c == '\\' || c == '?' ? '_' : c;
  }
  return result;
}

std::string upper_case(std::string_view name) {
  std::string result(name);
  for (char &c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace whit
