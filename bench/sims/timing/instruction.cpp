// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Decodes through Capstone, whole blocks at a time: an IT instruction governs those that follow it.
#include "bench/sims/timing/instruction.hpp"

#include <capstone/capstone.h>

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>

#include "bench/sims/timing/helium.hpp"
#include "bench/sims/timing/legality.hpp"

namespace whit::sims {
namespace {

class Disassembler {
 public:
  Disassembler() {
    const auto mode = static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS | CS_MODE_V8);
    if (cs_open(CS_ARCH_ARM, mode, &handle_) != CS_ERR_OK) throw std::runtime_error("Capstone does not start");
    cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
  }
  ~Disassembler() { cs_close(&handle_); }
  Disassembler(const Disassembler &) = delete;
  Disassembler &operator=(const Disassembler &) = delete;

  csh handle() const { return handle_; }

 private:
  csh handle_ = 0;
};

RegisterSet register_bit(unsigned reg) {
  if (reg >= ARM_REG_R0 && reg <= ARM_REG_R12) return RegisterSet{1} << (reg - ARM_REG_R0);
  if (reg >= ARM_REG_S0 && reg <= ARM_REG_S31) return RegisterSet{1} << (32 + reg - ARM_REG_S0);
  if (reg >= ARM_REG_D0 && reg <= ARM_REG_D15) return RegisterSet{3} << (32 + 2 * (reg - ARM_REG_D0));
  if (reg == ARM_REG_SP) return RegisterSet{1} << 13;
  if (reg == ARM_REG_LR) return RegisterSet{1} << 14;
  return reg == ARM_REG_PC ? RegisterSet{1} << 15 : 0;
}

constexpr RegisterSet pc_bit = RegisterSet{1} << 15;

RegisterSet set_of(const cs_regs &registers, uint8_t count) {
  RegisterSet set = 0;
  for (uint8_t i = 0; i < count; ++i) set |= register_bit(registers[i]);
  return set;
}

void describe_registers(csh handle, const cs_insn &decoded, Instruction &result) {
  cs_regs reads, writes;
  uint8_t read_count = 0, write_count = 0;
  cs_regs_access(handle, &decoded, reads, &read_count, writes, &write_count);
  result.read = set_of(reads, read_count);
  result.written = set_of(writes, write_count);
}

const cs_arm_op *memory_operand(const cs_arm &details) {
  for (uint8_t i = 0; i < details.op_count; ++i) {
    if (details.operands[i].type == ARM_OP_MEM) return &details.operands[i];
  }
  return nullptr;
}

struct Kind {
  enum Shape { simple, single, exclusive, pair, list, list_with_base, vector_single } shape = simple;
  uint32_t Costs::*cost = &Costs::other;
  bool loads = false;
};

// Kinds of all instructions that are not plain data processing.
const std::map<unsigned, Kind> &kinds() {
  static const std::map<unsigned, Kind> table = [] {
    std::map<unsigned, Kind> result;
    const auto add = [&](Kind kind, std::initializer_list<unsigned> ids) { for (unsigned id : ids) result[id] = kind; };
    add({Kind::single, &Costs::load, true},
        {ARM_INS_LDR, ARM_INS_LDRB, ARM_INS_LDRH, ARM_INS_LDRSB, ARM_INS_LDRSH, ARM_INS_LDRT, ARM_INS_LDRBT, ARM_INS_LDRHT,
         ARM_INS_LDRSBT, ARM_INS_LDRSHT});
    add({Kind::single, &Costs::store, false},
        {ARM_INS_STR, ARM_INS_STRB, ARM_INS_STRH, ARM_INS_STRT, ARM_INS_STRBT, ARM_INS_STRHT});
    add({Kind::exclusive, &Costs::load, true}, {ARM_INS_LDREX, ARM_INS_LDREXB, ARM_INS_LDREXH});
    add({Kind::exclusive, &Costs::store, false}, {ARM_INS_STREX, ARM_INS_STREXB, ARM_INS_STREXH});
    add({Kind::pair, &Costs::transfer_multiple, true}, {ARM_INS_LDRD});
    add({Kind::pair, &Costs::transfer_multiple, false}, {ARM_INS_STRD});
    add({Kind::list, &Costs::transfer_multiple, true}, {ARM_INS_POP, ARM_INS_VPOP});
    add({Kind::list, &Costs::transfer_multiple, false}, {ARM_INS_PUSH, ARM_INS_VPUSH});
    add({Kind::list_with_base, &Costs::transfer_multiple, true}, {ARM_INS_LDM, ARM_INS_LDMDB, ARM_INS_VLDMIA, ARM_INS_VLDMDB});
    add({Kind::list_with_base, &Costs::transfer_multiple, false}, {ARM_INS_STM, ARM_INS_STMDB, ARM_INS_VSTMIA, ARM_INS_VSTMDB});
    add({Kind::vector_single, &Costs::float_load, true}, {ARM_INS_VLDR});
    add({Kind::vector_single, &Costs::float_store, false}, {ARM_INS_VSTR});
    add({Kind::simple, &Costs::multiply}, {ARM_INS_MUL});
    add({Kind::simple, &Costs::multiply_accumulate}, {ARM_INS_MLA, ARM_INS_MLS});
    add({Kind::simple, &Costs::multiply_long}, {ARM_INS_SMULL, ARM_INS_UMULL});
    add({Kind::simple, &Costs::multiply_accumulate_long}, {ARM_INS_SMLAL, ARM_INS_UMLAL});
    add({Kind::simple, &Costs::divide}, {ARM_INS_SDIV, ARM_INS_UDIV});
    add({Kind::simple, &Costs::call}, {ARM_INS_BL, ARM_INS_BLX});
    add({Kind::simple, &Costs::table_branch}, {ARM_INS_TBB, ARM_INS_TBH});
    add({Kind::simple, &Costs::system}, {ARM_INS_MRS, ARM_INS_MSR, ARM_INS_DMB, ARM_INS_DSB, ARM_INS_ISB});
    add({Kind::simple, &Costs::float_divide}, {ARM_INS_VDIV, ARM_INS_VSQRT});
    add({Kind::simple, &Costs::float_multiply_accumulate},
        {ARM_INS_VMLA, ARM_INS_VMLS, ARM_INS_VNMLA, ARM_INS_VNMLS, ARM_INS_VFMA, ARM_INS_VFMS, ARM_INS_VFNMA, ARM_INS_VFNMS});
    return result;
  }();
  return table;
}

Branch branch_kind(unsigned id, const cs_arm &details, RegisterSet written) {
  switch (id) {
    case ARM_INS_B: case ARM_INS_BL: case ARM_INS_CBZ: case ARM_INS_CBNZ:
      return Branch::direct;
    case ARM_INS_BX: case ARM_INS_TBB: case ARM_INS_TBH:
      return Branch::indirect;
    case ARM_INS_BLX:
      return details.operands[0].type == ARM_OP_REG ? Branch::indirect : Branch::direct;
    default:
      return written & pc_bit ? Branch::indirect : Branch::none;
  }
}

uint8_t words_of(unsigned reg) { return reg >= ARM_REG_D0 && reg <= ARM_REG_D31 ? 2 : 1; }

void describe_list(const cs_arm &details, Kind kind, Instruction &result) {
  for (uint8_t i = kind.shape == Kind::list_with_base ? 1 : 0; i < details.op_count; ++i) {
    const auto reg = static_cast<unsigned>(details.operands[i].reg);
    result.words = static_cast<uint8_t>(result.words + words_of(reg));
    (kind.loads ? result.loaded : result.read_late) |= register_bit(reg);
  }
  result.written |= result.loaded;
  if (kind.shape == Kind::list_with_base) result.address_registers = register_bit(static_cast<unsigned>(details.operands[0].reg));
  result.pops_pc = kind.loads && (result.written & pc_bit);
}

void describe_memory(const cs_arm &details, Kind kind, Instruction &result) {
  result.is_memory = true;
  result.needs_alignment = kind.shape != Kind::single;
  if (kind.shape == Kind::list || kind.shape == Kind::list_with_base) return describe_list(details, kind, result);
  if (kind.shape == Kind::pair) result.words = 2;
  if (kind.shape == Kind::vector_single && words_of(static_cast<unsigned>(details.operands[0].reg)) == 2) {
    result.words = 2;
    result.cost = &Costs::transfer_multiple;
  }
  result.is_load = kind.shape == Kind::single && kind.loads;
  RegisterSet moved = register_bit(static_cast<unsigned>(details.operands[0].reg));
  if (kind.shape == Kind::pair) moved |= register_bit(static_cast<unsigned>(details.operands[1].reg));
  (kind.loads ? result.loaded : result.read_late) = moved;
  if (const cs_arm_op *operand = memory_operand(details)) {
    const auto base = static_cast<unsigned>(operand->mem.base);
    result.is_literal = result.is_load && base == ARM_REG_PC;
    result.address_registers = register_bit(base) | register_bit(static_cast<unsigned>(operand->mem.index));
    result.address_registers &= ~pc_bit;
  }
}

// Products, with their addend: the fourth operand of short ones, both results of long ones.
void describe_product(std::string_view name, const cs_arm &details, Instruction &result) {
  result.is_multiply = name.starts_with("mul") || name.starts_with("ml") || name.starts_with("sml") || name.starts_with("smm") ||
                       name.starts_with("smu") || name.starts_with("uml") || name.starts_with("umu") || name.starts_with("uma");
  if (!result.is_multiply || details.op_count != 4) return;
  const bool is_long = name.find("lal") != std::string_view::npos || name.find("lsl") != std::string_view::npos || name.starts_with("uma");
  const auto at = [&](size_t operand) { return register_bit(static_cast<unsigned>(details.operands[operand].reg)); };
  if (is_long) {
    result.read_late = at(0) | at(1);
  } else if (name != "smull" && name != "umull") {
    result.read_late = at(3);
  }
}

// What the instruction adds to SP, as far as it says so itself.
int32_t stack_change(unsigned id, const cs_arm &details, const Instruction &result) {
  const bool is_first = details.op_count > 0 && details.operands[0].type == ARM_OP_REG && details.operands[0].reg == ARM_REG_SP;
  const cs_arm_op *memory = memory_operand(details);
  switch (id) {
    case ARM_INS_PUSH: case ARM_INS_VPUSH:
      return -4 * result.words;
    case ARM_INS_POP: case ARM_INS_VPOP:
      return 4 * result.words;
    case ARM_INS_STMDB: case ARM_INS_VSTMDB:
      return is_first && details.writeback ? -4 * result.words : 0;
    case ARM_INS_LDM: case ARM_INS_VLDMIA:
      return is_first && details.writeback ? 4 * result.words : 0;
    case ARM_INS_SUB: case ARM_INS_SUBW: case ARM_INS_ADD: case ARM_INS_ADDW: {
      const cs_arm_op &last = details.operands[details.op_count - 1];
      if (!is_first || last.type != ARM_OP_IMM) return 0;
      return id == ARM_INS_SUB || id == ARM_INS_SUBW ? -last.imm : last.imm;
    }
    default:
      return memory && details.writeback && memory->mem.base == ARM_REG_SP ? memory->mem.disp : 0;
  }
}

Instruction describe(csh handle, const cs_insn &decoded, const Features &features) {
  const cs_arm &details = decoded.detail->arm;
  Instruction result;
  result.address = static_cast<uint32_t>(decoded.address);
  result.size = static_cast<uint8_t>(decoded.size);
  const std::string name = cs_insn_name(handle, decoded.id);
  describe_registers(handle, decoded, result);
  if (const auto found = kinds().find(decoded.id); found != kinds().end()) {
    result.cost = found->second.cost;
    if (found->second.shape != Kind::simple) describe_memory(details, found->second, result);
  } else if (decoded.mnemonic[0] == 'v') {
    result.cost = &Costs::float_other;
  }
  describe_product(name, details, result);
  result.branch = branch_kind(decoded.id, details, result.written);
  result.stack_change = stack_change(decoded.id, details, result);
  if (const auto reason = why_illegal(decoded, name, features))
    result.illegal = std::string(decoded.mnemonic) + " " + decoded.op_str + " " + *reason;
  return result;
}

// Of neighbours in an IT block. Capstone lists each condition beside its opposite, from EQ and NE on.
bool are_alternatives(const cs_insn &first, const cs_insn &second) {
  const auto condition = [](const cs_insn &instruction) { return instruction.detail->arm.cc; };
  if (condition(first) < ARM_CC_EQ || condition(first) > ARM_CC_LE) return false;
  return condition(second) - ARM_CC_EQ == ((condition(first) - ARM_CC_EQ) ^ 1);
}

// Whole instructions from the beginning of `code` on that Capstone decodes, until one that it does not.
uint32_t decode_plain(std::span<const uint8_t> code, uint32_t address, const Features &features, std::vector<Instruction> &result) {
  static const Disassembler disassembler;
  cs_insn *decoded = nullptr;
  const size_t count = cs_disasm(disassembler.handle(), code.data(), code.size(), address, 0, &decoded);
  uint32_t bytes = 0;
  for (size_t i = 0; i < count; ++i) {
    result.push_back(describe(disassembler.handle(), decoded[i], features));
    result.back().is_alternative = i != 0 && are_alternatives(decoded[i - 1], decoded[i]);
    bytes += result.back().size;
  }
  if (decoded) cs_free(decoded, count);
  return bytes;
}

Instruction unknown_at(uint32_t address) {
  Instruction unknown;
  unknown.address = address;
  unknown.size = 0;
  return unknown;
}

uint16_t half_at(std::span<const uint8_t> code, size_t offset) { return static_cast<uint16_t>(code[offset] | code[offset + 1] << 8); }

size_t size_at(std::span<const uint8_t> code, size_t offset) { return half_at(code, offset) >= 0xE800 ? 4 : 2; }

std::optional<Instruction> helium_at(std::span<const uint8_t> code, size_t offset, uint32_t address) {
  if (size_at(code, offset) != 4 || offset + 4 > code.size()) return std::nullopt;
  return decode_helium(half_at(code, offset), half_at(code, offset + 2), address + static_cast<uint32_t>(offset));
}

// The instructions that Capstone knows go through it a run at a time. Where it stops short the emulator knows better.
void decode_run(std::span<const uint8_t> code, uint32_t address, const Features &features, std::vector<Instruction> &result) {
  for (size_t done = 0; done < code.size();) {
    done += decode_plain(code.subspan(done), address + static_cast<uint32_t>(done), features, result);
    if (done >= code.size()) return;
    Instruction &other = result.emplace_back(unknown_at(address + static_cast<uint32_t>(done)));
    other.size = static_cast<uint8_t>(size_at(code, done));
    done += other.size;
  }
}

std::vector<Instruction> decode_with_helium(std::span<const uint8_t> code, uint32_t address, const Features &features) {
  std::vector<Instruction> result;
  size_t run = 0;  // where the instructions begin that are not decoded yet
  for (size_t offset = 0; offset + 1 < code.size(); offset += size_at(code, offset)) {
    const std::optional<Instruction> found = helium_at(code, offset, address);
    if (!found) continue;
    decode_run(code.subspan(run, offset - run), address + static_cast<uint32_t>(run), features, result);
    result.push_back(*found);
    run = offset + 4;
  }
  if (run < code.size()) decode_run(code.subspan(run), address + static_cast<uint32_t>(run), features, result);
  return result;
}

}  // namespace

std::vector<Instruction> decode(std::span<const uint8_t> code, uint32_t address, const Features &features) {
  if (features.mve) return decode_with_helium(code, address, features);
  std::vector<Instruction> result;
  const uint32_t end = decode_plain(code, address, features, result);
  if (end < code.size()) result.push_back(unknown_at(address + end));
  return result;
}

}  // namespace whit::sims
