// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// By the tables of the RISC-V unprivileged specification (RV32I, M, A, C). A 16-bit instruction is read as the 32-bit
// one that it abbreviates. (Capstone 4 knows no RISC-V.)
#include "bench/sims/timing/riscv.hpp"

#include <fmt/format.h>

#include <optional>

namespace whit::sims {
namespace {

enum class Kind : uint8_t { unknown, compute, load, store, branch, jump, jump_register, multiply, multiply_high, divide, atomic, system };

// Registers 0 stand for "none" as well: x0 depends on nothing.
struct Decoded {
  Kind kind = Kind::unknown;
  uint32_t rd = 0, rs1 = 0, rs2 = 0;
  bool is_narrow = false;
  int32_t stack_change = 0;
};

constexpr uint32_t sp = 2;
constexpr uint32_t ra = 1;

constexpr uint32_t bits(uint32_t word, int high, int low) { return (word >> low) & ((2u << (high - low)) - 1); }

constexpr int32_t sign_extended(uint32_t value, int width) {
  return static_cast<int32_t>(value << (32 - width)) >> (32 - width);
}

Kind product_or_quotient(uint32_t function) {
  if (function == 0) return Kind::multiply;
  return function < 4 ? Kind::multiply_high : Kind::divide;
}

Decoded immediate_operation(uint32_t word, Decoded result) {
  const uint32_t function = bits(word, 14, 12), top = bits(word, 31, 25);
  if (function == 1 && top != 0) return {};
  if (function == 5 && top != 0 && top != 0x20) return {};
  result.kind = Kind::compute;
  result.rs2 = 0;
  if (function == 0 && result.rd == sp && result.rs1 == sp) result.stack_change = sign_extended(bits(word, 31, 20), 12);
  return result;
}

Decoded register_operation(uint32_t word, Decoded result) {
  const uint32_t function = bits(word, 14, 12), top = bits(word, 31, 25);
  if (top == 1) {
    result.kind = product_or_quotient(function);
  } else if (top == 0 || (top == 0x20 && (function == 0 || function == 5))) {
    result.kind = Kind::compute;
  }
  return result;
}

Decoded decode_word(uint32_t word) {
  const uint32_t function = bits(word, 14, 12);
  const Decoded all{.rd = bits(word, 11, 7), .rs1 = bits(word, 19, 15), .rs2 = bits(word, 24, 20)};
  switch (bits(word, 6, 0)) {
    case 0x37: case 0x17: return {.kind = Kind::compute, .rd = all.rd};
    case 0x6F: return {.kind = Kind::jump, .rd = all.rd};
    case 0x67: return function == 0 ? Decoded{.kind = Kind::jump_register, .rd = all.rd, .rs1 = all.rs1} : Decoded{};
    case 0x63: return function != 2 && function != 3 ? Decoded{.kind = Kind::branch, .rs1 = all.rs1, .rs2 = all.rs2} : Decoded{};
    case 0x03: return function <= 5 && function != 3 ? Decoded{.kind = Kind::load, .rd = all.rd, .rs1 = all.rs1, .is_narrow = function != 2} : Decoded{};
    case 0x23: return function <= 2 ? Decoded{.kind = Kind::store, .rs1 = all.rs1, .rs2 = all.rs2} : Decoded{};
    case 0x13: return immediate_operation(word, all);
    case 0x33: return register_operation(word, all);
    case 0x2F: return {.kind = Kind::atomic, .rd = all.rd, .rs1 = all.rs1, .rs2 = all.rs2};
    case 0x0F: return {.kind = Kind::system};
    case 0x73: return {.kind = Kind::system, .rd = all.rd, .rs1 = function < 4 ? all.rs1 : 0};
    default: return {};
  }
}

// Three bits name x8 to x15.
constexpr uint32_t small(uint32_t word, int low) { return 8 + bits(word, low + 2, low); }

Decoded decode_quadrant_0(uint32_t word) {
  switch (bits(word, 15, 13)) {
    case 0: return bits(word, 12, 5) != 0 ? Decoded{.kind = Kind::compute, .rd = small(word, 2), .rs1 = sp} : Decoded{};
    case 2: return {.kind = Kind::load, .rd = small(word, 2), .rs1 = small(word, 7)};
    case 6: return {.kind = Kind::store, .rs1 = small(word, 7), .rs2 = small(word, 2)};
    default: return {};
  }
}

Decoded decode_short_arithmetic(uint32_t word) {
  const uint32_t rd = small(word, 7);
  if (bits(word, 11, 10) != 3) return {.kind = Kind::compute, .rd = rd, .rs1 = rd};
  return bits(word, 12, 12) == 0 ? Decoded{.kind = Kind::compute, .rd = rd, .rs1 = rd, .rs2 = small(word, 2)} : Decoded{};
}

// Multiples of 16, their bits scattered.
int32_t stack_immediate(uint32_t word) {
  const uint32_t value = bits(word, 12, 12) << 9 | bits(word, 4, 3) << 7 | bits(word, 5, 5) << 6 | bits(word, 2, 2) << 5 | bits(word, 6, 6) << 4;
  return sign_extended(value, 10);
}

Decoded decode_quadrant_1(uint32_t word) {
  const uint32_t rd = bits(word, 11, 7);
  switch (bits(word, 15, 13)) {
    case 0: return {.kind = Kind::compute, .rd = rd, .rs1 = rd,
                    .stack_change = rd == sp ? sign_extended(bits(word, 12, 12) << 5 | bits(word, 6, 2), 6) : 0};
    case 1: return {.kind = Kind::jump, .rd = ra};
    case 2: return {.kind = Kind::compute, .rd = rd};
    case 3: return rd == sp ? Decoded{.kind = Kind::compute, .rd = sp, .rs1 = sp, .stack_change = stack_immediate(word)}
                            : Decoded{.kind = Kind::compute, .rd = rd};
    case 4: return decode_short_arithmetic(word);
    case 5: return {.kind = Kind::jump};
    default: return {.kind = Kind::branch, .rs1 = small(word, 7)};
  }
}

Decoded decode_quadrant_2(uint32_t word) {
  const uint32_t rd = bits(word, 11, 7), rs2 = bits(word, 6, 2);
  const bool is_link = bits(word, 12, 12) != 0;
  switch (bits(word, 15, 13)) {
    case 0: return {.kind = Kind::compute, .rd = rd, .rs1 = rd};
    case 2: return rd != 0 ? Decoded{.kind = Kind::load, .rd = rd, .rs1 = sp} : Decoded{};
    case 4:
      if (rs2 != 0) return {.kind = Kind::compute, .rd = rd, .rs1 = is_link ? rd : 0, .rs2 = rs2};
      if (rd == 0) return {.kind = is_link ? Kind::system : Kind::unknown};
      return {.kind = Kind::jump_register, .rd = is_link ? ra : 0, .rs1 = rd};
    case 6: return {.kind = Kind::store, .rs1 = sp, .rs2 = rs2};
    default: return {};
  }
}

Decoded decode_halfword(uint32_t word) {
  switch (word & 3) {
    case 0: return decode_quadrant_0(word);
    case 1: return decode_quadrant_1(word);
    default: return decode_quadrant_2(word);
  }
}

std::optional<std::string> why_illegal(const Decoded &decoded, uint32_t size, const RiscvFeatures &features) {
  if (decoded.kind == Kind::unknown) return "is no instruction of RV32IMAC";
  if (size == 2 && !features.compressed) return "is a 16-bit instruction, which the core lacks (C)";
  const bool is_product = decoded.kind == Kind::multiply || decoded.kind == Kind::multiply_high || decoded.kind == Kind::divide;
  if (is_product && !features.multiply) return "multiplies or divides, which the core cannot (M)";
  if (decoded.kind == Kind::atomic && !features.atomic) return "is atomic, which the core lacks (A)";
  if (features.embedded && (decoded.rd | decoded.rs1 | decoded.rs2) >= 16) return "names a register beyond x15 (E)";
  return std::nullopt;
}

uint32_t Costs::*cost_of(Kind kind) {
  switch (kind) {
    case Kind::load: case Kind::atomic: return &Costs::load;
    case Kind::store: return &Costs::store;
    case Kind::jump: case Kind::jump_register: return &Costs::call;
    case Kind::multiply: return &Costs::multiply;
    case Kind::multiply_high: return &Costs::multiply_long;
    case Kind::divide: return &Costs::divide;
    case Kind::system: return &Costs::system;
    default: return &Costs::other;
  }
}

Branch branch_of(Kind kind) {
  if (kind == Kind::branch || kind == Kind::jump) return Branch::direct;
  return kind == Kind::jump_register ? Branch::indirect : Branch::none;
}

RegisterSet bit_of(uint32_t reg) { return reg == 0 ? 0 : RegisterSet{1} << reg; }

Instruction describe(const Decoded &decoded, uint32_t address, uint32_t size) {
  Instruction result;
  result.address = address;
  result.size = static_cast<uint8_t>(size);
  result.cost = cost_of(decoded.kind);
  result.branch = branch_of(decoded.kind);
  result.is_conditional = decoded.kind == Kind::branch;
  result.is_load = decoded.kind == Kind::load;
  result.is_memory = result.is_load || decoded.kind == Kind::store || decoded.kind == Kind::atomic;
  result.is_narrow = decoded.is_narrow;
  result.needs_alignment = result.is_memory;
  result.is_multiply = decoded.kind == Kind::multiply || decoded.kind == Kind::multiply_high;
  result.read = bit_of(decoded.rs1) | bit_of(decoded.rs2);
  result.written = bit_of(decoded.rd);
  if (result.is_memory) {
    result.loaded = result.written;
    result.address_registers = bit_of(decoded.rs1);
  }
  result.stack_change = decoded.stack_change;
  return result;
}

Instruction nothing_at(uint32_t address) {
  Instruction unknown;
  unknown.address = address;
  unknown.size = 0;
  return unknown;
}

}  // namespace

std::vector<Instruction> decode_riscv(std::span<const uint8_t> code, uint32_t address, const RiscvFeatures &features) {
  std::vector<Instruction> result;
  for (size_t at = 0; at < code.size();) {
    const auto place = static_cast<uint32_t>(address + at);
    const uint32_t size = (code[at] & 3) == 3 ? 4 : 2;
    if (at + size > code.size()) {
      result.push_back(nothing_at(place));
      break;
    }
    uint32_t word = 0;
    for (uint32_t i = 0; i < size; ++i) word |= static_cast<uint32_t>(code[at + i]) << (8 * i);
    const Decoded decoded = size == 4 ? decode_word(word) : decode_halfword(word);
    result.push_back(describe(decoded, place, size));
    if (const auto reason = why_illegal(decoded, size, features)) result.back().illegal = fmt::format("{:#x} {}", word, *reason);
    at += size;
  }
  if (result.empty()) result.push_back(nothing_at(address));
  return result;
}

}  // namespace whit::sims
