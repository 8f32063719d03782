// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// What an instruction costs on a Cortex-M or RISC-V core, in cycles at zero wait states, as a table of numbers. The values of
// the M0, M0+, M3 and M4 are from Arm's technical reference manuals (instruction timing tables; where a manual gives a
// range, the mean stands here). Of the M7 and M33 no such table is published: theirs follow
// published descriptions and are held against published firmware (docs/silicon.md).
// For RISC-V see the comments in costs.cpp. bench/sims/README.md explains each entry.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

namespace whit::sims {

#define WHIT_SIMS_COST_FIELDS(FIELD)                                          \
  FIELD(other) /* data processing, moves, saturation, IT, NOP */              \
  FIELD(load)                                                                 \
  FIELD(load_pipelined)     /* directly after a load that it does not use */  \
  FIELD(load_literal_extra) /* pc-relative */                                 \
  FIELD(store)                                                                \
  FIELD(transfer_multiple) /* LDM, STM, PUSH, POP, LDRD, STRD: to start... */ \
  FIELD(transfer_word)     /* ...and for each word */                         \
  FIELD(multiply)                                                             \
  FIELD(multiply_accumulate)                                                  \
  FIELD(multiply_long)                                                        \
  FIELD(multiply_accumulate_long)                                             \
  FIELD(divide)                                                               \
  FIELD(call)                  /* BL, BLX, before the taken branch */         \
  FIELD(table_branch)          /* TBB, TBH, before the taken branch */        \
  FIELD(pop_pc_extra)          /* POP and LDM with PC */                      \
  FIELD(system)                /* MRS, MSR, DMB, DSB, ISB */                  \
  FIELD(taken_direct)          /* refill after a branch to a fixed target */  \
  FIELD(taken_indirect)        /* refill after BX, POP {pc}, TBB, ... */      \
  FIELD(taken_unaligned)       /* target is 32-bit, not word-aligned */       \
  FIELD(address_dependency)    /* address made by the instruction before */   \
  FIELD(unaligned_part)        /* each further bus access of unaligned data */\
  FIELD(float_load)                                                           \
  FIELD(float_store)                                                          \
  FIELD(float_multiply_accumulate)                                            \
  FIELD(float_divide) /* and square root */                                   \
  FIELD(float_other)                                                          \
  FIELD(tracks_results) /* 1: who waits for what, by the fields below */      \
  FIELD(pairs)          /* issues two at a time: 1 16-bit ones, 2 any */      \
  FIELD(load_delay)     /* from a load's end until its result is there */     \
  FIELD(narrow_load_delay) /* likewise, of a byte or halfword */              \
  FIELD(multiply_delay) /* likewise, of a product */                          \
  FIELD(multiplier_busy) /* from a product to the next one; 0: any time */    \
  FIELD(float_delay)    /* likewise, of floating point */                     \
  FIELD(mispredicted)   /* more if a branch went where it did not last */     \
  FIELD(remembers_loop) /* 1: expects only the last backward branch, taken */ \
  FIELD(vector_issue)   /* until the next instruction may issue */            \
  FIELD(vector_unit)    /* until its unit takes the next one; 0: no vectors */\
  FIELD(vector_move)    /* between vectors and core registers */              \
  FIELD(vector_multiply_delay) /* like load_delay, of a vector product */     \
  FIELD(reduction_delay) /* likewise, of vectors reduced to a core register */\
  FIELD(loop_start)     /* DLS, WLS, with the first LE */                     \
  FIELD(loop_end)       /* LE, once the core knows the loop */

struct Costs {
#define WHIT_SIMS_COST_MEMBER(name) uint32_t name = 0;
  WHIT_SIMS_COST_FIELDS(WHIT_SIMS_COST_MEMBER)
#undef WHIT_SIMS_COST_MEMBER
};

// The family's costs, changed by the members of the object `overrides` (null: none). Throws SimError `bad_request`
// for an unknown family or member.
Costs costs_of(const std::string &family, const nlohmann::json &overrides);

}  // namespace whit::sims
