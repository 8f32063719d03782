// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// The lists are from the Armv6-M and Armv7-M architecture reference manuals.
#include "bench/sims/timing/legality.hpp"

#include <fmt/format.h>

#include <set>

namespace whit::sims {
namespace {

bool in_armv6m(const cs_insn &instruction) {
  static const std::set<unsigned> wide = {ARM_INS_BL, ARM_INS_MSR, ARM_INS_MRS, ARM_INS_DMB, ARM_INS_DSB, ARM_INS_ISB, ARM_INS_UDF};
  static const std::set<unsigned> narrow_of_armv7m = {ARM_INS_CBZ, ARM_INS_CBNZ, ARM_INS_IT};
  return instruction.size == 4 ? wide.contains(instruction.id) : !narrow_of_armv7m.contains(instruction.id);
}

bool in_dsp_extension(unsigned id) {
  static const std::set<unsigned> ids = {
      ARM_INS_PKHBT,   ARM_INS_PKHTB,   ARM_INS_QADD,    ARM_INS_QADD16,  ARM_INS_QADD8,   ARM_INS_QASX,    ARM_INS_QDADD,
      ARM_INS_QDSUB,   ARM_INS_QSAX,    ARM_INS_QSUB,    ARM_INS_QSUB16,  ARM_INS_QSUB8,   ARM_INS_SADD16,  ARM_INS_SADD8,
      ARM_INS_SASX,    ARM_INS_SEL,     ARM_INS_SHADD16, ARM_INS_SHADD8,  ARM_INS_SHASX,   ARM_INS_SHSAX,   ARM_INS_SHSUB16,
      ARM_INS_SHSUB8,  ARM_INS_SMLABB,  ARM_INS_SMLABT,  ARM_INS_SMLATB,  ARM_INS_SMLATT,  ARM_INS_SMLAD,   ARM_INS_SMLADX,
      ARM_INS_SMLALBB, ARM_INS_SMLALBT, ARM_INS_SMLALTB, ARM_INS_SMLALTT, ARM_INS_SMLALD,  ARM_INS_SMLALDX, ARM_INS_SMLAWB,
      ARM_INS_SMLAWT,  ARM_INS_SMLSD,   ARM_INS_SMLSDX,  ARM_INS_SMLSLD,  ARM_INS_SMLSLDX, ARM_INS_SMMLA,   ARM_INS_SMMLAR,
      ARM_INS_SMMLS,   ARM_INS_SMMLSR,  ARM_INS_SMMUL,   ARM_INS_SMMULR,  ARM_INS_SMUAD,   ARM_INS_SMUADX,  ARM_INS_SMULBB,
      ARM_INS_SMULBT,  ARM_INS_SMULTB,  ARM_INS_SMULTT,  ARM_INS_SMULWB,  ARM_INS_SMULWT,  ARM_INS_SMUSD,   ARM_INS_SMUSDX,
      ARM_INS_SSAT16,  ARM_INS_SSAX,    ARM_INS_SSUB16,  ARM_INS_SSUB8,   ARM_INS_SXTAB,   ARM_INS_SXTAB16, ARM_INS_SXTAH,
      ARM_INS_SXTB16,  ARM_INS_UADD16,  ARM_INS_UADD8,   ARM_INS_UASX,    ARM_INS_UHADD16, ARM_INS_UHADD8,  ARM_INS_UHASX,
      ARM_INS_UHSAX,   ARM_INS_UHSUB16, ARM_INS_UHSUB8,  ARM_INS_UMAAL,   ARM_INS_UQADD16, ARM_INS_UQADD8,  ARM_INS_UQASX,
      ARM_INS_UQSAX,   ARM_INS_UQSUB16, ARM_INS_UQSUB8,  ARM_INS_USAD8,   ARM_INS_USADA8,  ARM_INS_USAT16,  ARM_INS_USAX,
      ARM_INS_USUB16,  ARM_INS_USUB8,   ARM_INS_UXTAB,   ARM_INS_UXTAB16, ARM_INS_UXTAH,   ARM_INS_UXTB16};
  return ids.contains(id);
}

// Moves of 64-bit registers are part of the single-precision unit, arithmetic on them is not.
bool is_double_arithmetic(const cs_arm &details) {
  switch (details.vector_data) {
    case ARM_VECTORDATA_F64: case ARM_VECTORDATA_F64F16: case ARM_VECTORDATA_F16F64: case ARM_VECTORDATA_F32F64:
    case ARM_VECTORDATA_F64F32: case ARM_VECTORDATA_F64S16: case ARM_VECTORDATA_F64S32: case ARM_VECTORDATA_F64U16:
    case ARM_VECTORDATA_F64U32: case ARM_VECTORDATA_S32F64: case ARM_VECTORDATA_U32F64: case ARM_VECTORDATA_S16F64:
    case ARM_VECTORDATA_U16F64:
      return true;
    default:
      return false;
  }
}

bool is_neon(const cs_insn &instruction) {
  const cs_detail &detail = *instruction.detail;
  for (uint8_t i = 0; i < detail.groups_count; ++i) {
    if (detail.groups[i] == ARM_GRP_NEON) return true;
  }
  return false;
}

bool in_fpv5(const std::string &name) {
  for (const char *prefix : {"vsel", "vmaxnm", "vminnm", "vrint", "vcvta", "vcvtn", "vcvtp", "vcvtm"}) {
    if (name.starts_with(prefix)) return true;
  }
  return false;
}

// Load-acquire, store-release, and the security extension.
bool in_armv8m(const std::string &name) {
  static const std::set<std::string> names = {"lda",  "ldab",  "ldah",  "ldaex", "ldaexb", "ldaexh", "stl", "stlb", "stlh",
                                              "stlex", "stlexb", "stlexh", "tt",    "tta",    "ttt",    "sg",  "bxns", "blxns"};
  return names.contains(name);
}

std::optional<std::string> why_illegal_float(const cs_insn &instruction, const std::string &name, const Features &features) {
  if (!features.fpu) return "needs a floating-point unit";
  if (!features.fpu5 && in_fpv5(name)) return "needs a floating-point unit of version 5";
  if (is_neon(instruction)) return "is a NEON instruction";
  if (!features.fpu_double && is_double_arithmetic(instruction.detail->arm)) return "needs a double-precision floating-point unit";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> why_illegal(const cs_insn &instruction, const std::string &name, const Features &features) {
  if (!features.thumb2 && !in_armv6m(instruction)) return "is not in ARMv6-M";
  if (!features.dsp && in_dsp_extension(instruction.id)) return "needs the DSP extension";
  if (!features.armv8m && in_armv8m(name)) return "is not in ARMv7-M";
  if (name.starts_with('v')) return why_illegal_float(instruction, name, features);
  return std::nullopt;
}

}  // namespace whit::sims
