// SPDX-License-Identifier: Apache-2.0
// The three ways whit can fail, and how a message is laid out for the person who reads it.
//
// UserError: the model, its data, an option or the chosen chip is at fault; it carries where, what was found, what is
// supported and what to do. InternalError: whit itself is at fault. Problems that can be collected are collected
// (`Problems`), so that a user sees all of them at once.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace whit {

// What a user's script can act on; the values are the exit codes of the command line.
enum class ExitCode { done = 0, usage = 1, model = 2, does_not_fit = 3, check_failed = 4, internal = 70 };

// One problem of the user's making. Empty parts are left out of the message.
struct Problem {
  std::string place{};      // file, operator, tensor, line: wherever the user can look
  std::string found{};      // what is wrong there
  std::string supported{};  // what would have been accepted
  std::string hint{};       // what to do next

  std::string text() const;
};

// The model, its data, an option or the target is at fault.
class UserError : public std::runtime_error {
 public:
  explicit UserError(Problem problem, ExitCode code = ExitCode::model);
  explicit UserError(std::vector<Problem> problems, ExitCode code = ExitCode::model);

  const std::vector<Problem> &problems() const { return problems_; }
  ExitCode code() const { return code_; }

 private:
  std::vector<Problem> problems_;
  ExitCode code_;
};

// whit broke one of its own rules; the text says which.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Collects problems while a stage goes on, and throws them together.
class Problems {
 public:
  void add(Problem problem) { problems_.push_back(std::move(problem)); }
  bool empty() const { return problems_.empty(); }
  // Throws a UserError with everything collected; does nothing when there is nothing.
  void throw_if_any(ExitCode code = ExitCode::model) const;

 private:
  std::vector<Problem> problems_;
};

// States a rule of whit's own: throws InternalError with the text when it does not hold.
template <typename... Arguments>
void internal_check(bool holds, fmt::format_string<Arguments...> text, Arguments &&...arguments) {
  if (!holds) throw InternalError(fmt::format(text, std::forward<Arguments>(arguments)...));
}

}  // namespace whit
