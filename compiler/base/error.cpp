// SPDX-License-Identifier: Apache-2.0
// Puts problems into words: one line for place and finding, one indented line each for what is supported and what to do.
#include "compiler/base/error.hpp"

namespace whit {

namespace {

std::string join(const std::vector<Problem> &problems) {
  std::string text;
  for (const Problem &problem : problems) {
    if (!text.empty()) text += '\n';
    text += problem.text();
  }
  return text;
}

}  // namespace

std::string Problem::text() const {
  std::string text = place.empty() ? found : fmt::format("{}: {}", place, found);
  if (!supported.empty()) text += "\n  supported: " + supported;
  if (!hint.empty()) text += "\n  hint: " + hint;
  return text;
}

UserError::UserError(Problem problem, ExitCode code) : UserError(std::vector<Problem>{std::move(problem)}, code) {}

UserError::UserError(std::vector<Problem> problems, ExitCode code)
    : std::runtime_error(join(problems)), problems_(std::move(problems)), code_(code) {}

void Problems::throw_if_any(ExitCode code) const {
  if (!problems_.empty()) throw UserError(problems_, code);
}

}  // namespace whit
