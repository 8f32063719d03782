// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// What a simulator reports instead of counts: one kind from the README's list, a sentence, and where the chip stood.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace whit::sims {

class SimError : public std::runtime_error {
 public:
  SimError(std::string kind, const std::string &message, std::optional<uint32_t> pc = std::nullopt)
      : std::runtime_error(message), kind_(std::move(kind)), pc_(pc) {}

  const std::string &kind() const { return kind_; }
  std::optional<uint32_t> pc() const { return pc_; }

 private:
  std::string kind_;
  std::optional<uint32_t> pc_;
};

}  // namespace whit::sims
