// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// By the encodings of the Armv8.1-M architecture reference manual, where vectors have the coprocessor numbers 8, 14 and 15 and
// the space of Neon. Bits are counted as the manual does, in each half from 15 to 0.
#include "bench/sims/timing/helium.hpp"

namespace whit::sims {
namespace {

constexpr uint32_t bits(uint32_t half, int high, int low) { return half >> low & ((1u << (high - low + 1)) - 1); }
constexpr bool bit(uint32_t half, int at) { return (half >> at & 1) != 0; }

RegisterSet core(uint32_t number) { return RegisterSet{1} << number; }
RegisterSet vector(uint32_t number) { return RegisterSet{15} << (32 + 4 * number); }

// The usual places of vector registers.
RegisterSet qd(uint32_t second) { return vector(bits(second, 15, 13)); }
RegisterSet qn(uint32_t first) { return vector(bits(first, 3, 1)); }
RegisterSet qm(uint32_t second) { return vector(bits(second, 3, 1)); }

void take(Instruction &result, Unit unit) {
  result.unit = unit;
  result.cost = &Costs::vector_issue;
}

void compute(Instruction &result, Unit unit, RegisterSet read, RegisterSet written) {
  take(result, unit);
  result.read |= read;
  result.written |= written;
}

// VLDR, VSTR contiguous or with a vector of offsets, VLD2, VLD4 and their stores.
void describe_memory(uint32_t first, uint32_t second, Instruction &result) {
  take(result, Unit::vector_memory);
  result.is_memory = true;
  const bool loads = bit(first, 4), writes_base = bit(first, 5), whole = bit(second, 12);
  const bool offsets_alone = whole && bits(first, 15, 8) == 0xFD, interleaved = whole && bits(first, 15, 8) == 0xFC;
  const bool offsets = !whole && !bit(first, 8) && !writes_base;
  RegisterSet moved = qd(second);
  if (interleaved)
    for (uint32_t i = 1; i < (bit(second, 0) ? 4u : 2u); ++i) moved |= vector((bits(second, 15, 13) + i) % 8);
  const RegisterSet base = offsets_alone ? qn(first) : core(whole || offsets ? bits(first, 3, 0) : bits(first, 2, 0));
  result.address_registers = base;
  result.read |= base | (offsets ? qm(second) : 0);
  if (writes_base) result.written |= base;
  if (loads) {
    result.loaded = moved;
    result.written |= moved;
  } else {
    result.read |= moved;
    result.read_late = moved;
  }
}

// Two lanes of a vector and two core registers.
void describe_pair_move(uint32_t first, uint32_t second, Instruction &result) {
  const RegisterSet pair = core(bits(first, 3, 0)) | core(bits(second, 3, 0)), lanes = qd(second);
  result.cost = &Costs::vector_move;
  result.read = bit(first, 4) ? pair | lanes : lanes;
  result.written = bit(first, 4) ? lanes : pair;
}

// One lane, or all of them from one core register (VDUP).
void describe_lane_move(uint32_t first, uint32_t second, Instruction &result) {
  const RegisterSet reg = core(bits(second, 15, 12)), lanes = qn(first);
  const bool duplicates = bit(first, 7) && !bit(first, 4);
  result.cost = &Costs::vector_move;
  if (duplicates) take(result, Unit::vector_integer);
  result.read = bit(first, 4) ? lanes : duplicates ? reg : reg | lanes;
  result.written = bit(first, 4) ? reg : lanes;
}

// Vectors to a core register: VMLADAV, VMLALDAV, VADDV, VADDLV, VMAXV, VABAV and their like.
void describe_reduction(uint32_t first, uint32_t second, Instruction &result) {
  const bool eight_bits = bit(second, 8), adds = eight_bits && bit(first, 0);
  const bool picks = eight_bits && bits(first, 7, 4) == 14, differs = eight_bits && bit(second, 0);
  const RegisterSet low = picks || differs ? core(bits(second, 15, 12)) : core(2 * bits(second, 15, 13));
  const bool is_long = !picks && !differs && bits(first, 6, 4) != 7;
  const RegisterSet sum = low | (is_long ? core(2 * bits(first, 6, 4) + 1) : 0);
  compute(result, adds || picks || differs ? Unit::vector_integer : Unit::vector_multiply, qm(second) | (adds || picks ? 0 : qn(first)), sum);
  result.is_reduction = true;
  if (picks || differs || bit(second, 5)) {
    result.read |= sum;
    result.read_late = sum;
  }
}

// Shifts that narrow or widen, VMOVL, VSHLC.
void describe_width_change(uint32_t first, uint32_t second, Instruction &result) {
  const bool with_carry = bits(first, 7, 5) == 5 && bits(second, 7, 4) == 12 && !bit(first, 8);
  compute(result, Unit::vector_integer, qm(second) | qd(second), qd(second));
  if (with_carry) {
    result.read |= core(bits(second, 3, 0));
    result.written |= core(bits(second, 3, 0));
  }
}

bool multiplies(uint32_t first, uint32_t second) {
  const uint32_t form = bits(second, 6, 4);
  const bool odd = bit(first, 0), size_three = bits(first, 5, 4) == 3;
  if (bit(second, 8)) return size_three && !odd;  // VQDMULL, float sums with a core register
  if (size_three && odd) return form == 4 || (form == 6 && !bit(second, 12));  // VFMA, VMUL.F; else VSHL, VMOVN, VMAXA
  return !(form == 6 && bit(second, 12) && bit(first, 12) && odd);             // VBRSR
}

// Coprocessors 14 and 15: products, operations with a core register, comparisons, narrowing moves.
void describe_operation(uint32_t first, uint32_t second, Instruction &result) {
  if (bits(second, 11, 0) == 0xF4D) return;  // VPST, VPNOT
  const uint32_t form = bits(second, 6, 4);
  const bool odd = bit(first, 0), with_core = bit(second, 6);
  const Unit unit = multiplies(first, second) ? Unit::vector_multiply : Unit::vector_integer;
  const bool compares = bit(second, 8) && odd && form != 4 + 2 && (bit(first, 12) || bits(first, 5, 4) == 3);
  if (compares) return compute(result, unit, qn(first) | (with_core ? core(bits(second, 3, 0)) : qm(second)), 0);
  if (bit(second, 8) && odd && form == 6) return compute(result, unit, core(2 * bits(first, 3, 1)), qd(second) | core(2 * bits(first, 3, 1)));  // VIDUP
  const bool moves = bits(first, 5, 4) == 3 && odd && form == 0;
  const bool accumulates = !bit(second, 8) && (!odd || form == 4);
  compute(result, unit, (with_core ? core(bits(second, 3, 0)) : qm(second)) | (moves ? qd(second) : qn(first)), qd(second));
  if (accumulates) {
    result.read |= qd(second);
    result.read_late = qd(second);
  }
}

// The space of Neon: three registers, shifts by a constant, constants.
void describe_neon_space(uint32_t first, uint32_t second, Instruction &result) {
  const uint32_t kind = bits(second, 11, 8);
  if (!bit(first, 7)) {
    const bool multiplies = kind == 9 || kind == 11 || kind >= 12;
    const bool accumulates = kind == 12;
    compute(result, multiplies ? Unit::vector_multiply : Unit::vector_integer, qn(first) | qm(second) | (accumulates ? qd(second) : 0), qd(second));
    return;
  }
  const bool constant = bits(first, 5, 3) == 0 && bit(second, 4) && !bit(second, 7);
  compute(result, Unit::vector_integer, constant ? 0 : qm(second), qd(second));
  if (constant && kind % 2 == 0) result.unit = Unit::core;  // either unit takes VMOV of a constant
  if ((bit(first, 12) && (kind == 4 || kind == 5)) || (constant && kind % 2 == 1)) result.read |= qd(second);
}

void describe_vector(uint32_t first, uint32_t second, Instruction &result) {
  const uint32_t top = bits(first, 15, 8);
  const bool in_vector_space = bits(second, 11, 9) == 7;
  if (top == 0xEF || top == 0xFF) return describe_neon_space(first, second, result);
  if (!in_vector_space && (top & 0xEF) != 0xEE) return compute(result, Unit::vector_multiply, qn(first) | qm(second) | qd(second), qd(second));  // VCMLA, VCADD
  if (!in_vector_space) return describe_lane_move(first, second, result);
  if ((top & 0xEE) == 0xEC && (first & 0xFFE0) == 0xEC00 && bits(second, 12, 5) == 0x78) return describe_pair_move(first, second, result);
  if ((top & 0xEE) == 0xEC) return describe_memory(first, second, result);
  if (!bit(first, 7)) return describe_operation(first, second, result);
  return bit(second, 6) ? describe_width_change(first, second, result) : describe_reduction(first, second, result);
}

bool is_vector(uint32_t first, uint32_t second) {
  const uint32_t top = bits(first, 15, 8), coprocessor = bits(second, 11, 8);
  if (top == 0xEF || top == 0xFF) return true;
  if ((top & 0xEC) != 0xEC) return false;
  if (coprocessor >= 14) return true;
  if (coprocessor == 8) return (top & 0xFE) == 0xFC;
  return top == 0xEE && coprocessor == 11 && bits(second, 4, 0) == 16 && (bit(first, 4) || bit(first, 7) || (first & 0xFF90) == 0xEE00);
}

// DLS, WLS, LE, LCTP and their like, VCTP.
bool is_loop(uint32_t first, uint32_t second) { return bits(first, 15, 8) == 0xF0 && (second & 0xD001) == 0xC001; }

void describe_loop(uint32_t first, uint32_t second, Instruction &result) {
  const RegisterSet count = core(14);
  if ((second & 0xF801) == 0xE801) {  // VCTP
    result.read = core(bits(first, 3, 0));
  } else if (bits(first, 3, 0) == 15) {
    const bool ends = bits(second, 15, 12) == 12;
    result.cost = ends ? &Costs::loop_end : &Costs::other;
    if (ends) result.branch = Branch::loop;
  } else {
    result.cost = &Costs::loop_start;
    result.read = core(bits(first, 3, 0));
    result.written = count;
    if (bits(second, 15, 12) == 12) result.branch = Branch::direct;  // WLS
  }
}

// CSEL and its like, and shifts of one or two core registers, in the space of ORRS with impossible operands.
bool is_selection(uint32_t first, uint32_t second) { return (first & 0xFFF0) == 0xEA50 && bits(second, 15, 14) == 2; }
bool is_long_shift(uint32_t first, uint32_t second) { return (first & 0xFFF0) == 0xEA50 && !bit(second, 15) && (bits(second, 3, 0) & 13) == 13; }

void describe_selection(uint32_t first, uint32_t second, Instruction &result) {
  const RegisterSet real = 0x7FFF;  // 15 stands for zero
  result.read = (core(bits(first, 3, 0)) | core(bits(second, 3, 0))) & real;
  result.written = core(bits(second, 11, 8));
}

void describe_long_shift(uint32_t first, uint32_t second, Instruction &result) {
  const bool single = bits(second, 11, 8) == 15;
  const RegisterSet value = single ? core(bits(first, 3, 0)) : core(2 * bits(first, 3, 1)) | core(2 * bits(second, 11, 9) + 1);
  result.read = value | (bits(second, 3, 0) == 13 ? core(bits(second, 15, 12)) : 0);
  result.written = value;
}

}  // namespace

std::optional<Instruction> decode_helium(uint16_t first, uint16_t second, uint32_t address) {
  Instruction result;
  result.address = address;
  result.size = 4;
  if (is_vector(first, second)) {
    describe_vector(first, second, result);
  } else if (is_loop(first, second)) {
    describe_loop(first, second, result);
  } else if (is_selection(first, second)) {
    describe_selection(first, second, result);
  } else if (is_long_shift(first, second)) {
    describe_long_shift(first, second, result);
  } else if (first != 0xE89F && first != 0xEC9F) {  // CLRM, VSCCLRM
    return std::nullopt;
  }
  return result;
}

}  // namespace whit::sims
