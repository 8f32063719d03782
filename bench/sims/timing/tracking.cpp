// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// A scoreboard: when each register's newest value can be used. An instruction issues in the cycle of the one before
// it where both may pair and it needs nothing that is not there yet; else when the one before is through and its operands are there.
#include "bench/sims/timing/tracking.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "bench/sims/timing/block.hpp"

namespace whit::sims {
namespace {

constexpr RegisterSet floating = ~RegisterSet{0} << 32;

class Scoreboard {
 public:
  explicit Scoreboard(const Costs &costs) : costs_(costs) {}

  void issue(const Instruction &instruction) {
    uint32_t wanted = std::max(operands_ready(instruction), unit_free_[static_cast<size_t>(instruction.unit)]);
    if (instruction.is_multiply) wanted = std::max(wanted, multiplier_free_);
    const uint32_t cycles = cycles_alone(instruction, costs_);
    const bool pairs = previous_ && wanted <= start_ && cycles == 1 && end_ == start_ + 1 && may_pair(*previous_, instruction);
    if (!pairs) start_ = std::max(end_, wanted);
    end_ = start_ + cycles;
    if (instruction.is_multiply && costs_.multiplier_busy != 0) multiplier_free_ = start_ + costs_.multiplier_busy;
    if (instruction.unit != Unit::core) unit_free_[static_cast<size_t>(instruction.unit)] = start_ + costs_.vector_unit;
    note_results(instruction);
    previous_ = pairs ? nullptr : &instruction;
  }

  uint32_t end() const { return end_; }

 private:
  uint32_t operands_ready(const Instruction &instruction) const {
    uint32_t ready = 0;
    for (RegisterSet left = instruction.read & ~instruction.read_late; left != 0; left &= left - 1)
      ready = std::max(ready, ready_[static_cast<size_t>(std::countr_zero(left))]);
    for (RegisterSet left = instruction.read_late; left != 0; left &= left - 1) {
      const uint32_t at = ready_[static_cast<size_t>(std::countr_zero(left))];
      ready = std::max(ready, at == 0 ? 0 : at - 1);
    }
    return ready;
  }

  bool may_pair(const Instruction &first, const Instruction &second) const {
    if (costs_.pairs == 0) return false;
    if (costs_.pairs == 1 && (first.size != 2 || second.size != 2)) return false;
    if (first.branch != Branch::none || (first.written & (second.read | second.written)) != 0) return false;
    const bool both_float = ((first.read | first.written) & floating) != 0 && ((second.read | second.written) & floating) != 0;
    return !(first.is_memory && second.is_memory) && !(first.is_multiply && second.is_multiply) && !both_float;
  }

  void note_results(const Instruction &instruction) {
    for (RegisterSet left = instruction.written; left != 0; left &= left - 1) {
      const auto reg = static_cast<size_t>(std::countr_zero(left));
      ready_[reg] = end_ + delay_of(instruction, RegisterSet{1} << reg);
    }
  }

  uint32_t delay_of(const Instruction &instruction, RegisterSet result) const {
    if (instruction.is_reduction) return instruction.unit == Unit::vector_multiply ? costs_.reduction_delay : 0;
    if (instruction.unit != Unit::core) return instruction.unit == Unit::vector_multiply ? costs_.vector_multiply_delay : 0;
    if (instruction.is_memory && (instruction.loaded & result) == 0) return 0;
    if (instruction.is_memory) return instruction.is_narrow ? costs_.narrow_load_delay : costs_.load_delay;
    if (instruction.is_multiply) return costs_.multiply_delay;
    return (result & floating) != 0 ? costs_.float_delay : 0;
  }

  const Costs &costs_;
  std::array<uint32_t, 64> ready_{};
  std::array<uint32_t, 4> unit_free_{};
  uint32_t multiplier_free_ = 0;
  const Instruction *previous_ = nullptr;  // issued alone in its cycle so far
  uint32_t start_ = 0;                     // of the newest cycle of issue
  uint32_t end_ = 0;
};

}  // namespace

uint32_t tracked_cycles(std::span<const Instruction> instructions, const Costs &costs) {
  Scoreboard scoreboard(costs);
  for (const Instruction &instruction : instructions) scoreboard.issue(instruction);
  return scoreboard.end();
}

uint32_t tracked_cycles_after(std::span<const Instruction> before, std::span<const Instruction> instructions, const Costs &costs) {
  Scoreboard scoreboard(costs);
  for (const Instruction &instruction : before) scoreboard.issue(instruction);
  const uint32_t begin = scoreboard.end();
  for (const Instruction &instruction : instructions) scoreboard.issue(instruction);
  return scoreboard.end() - begin;
}

}  // namespace whit::sims
