// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// The cost tables of the core families.
#include "bench/sims/timing/costs.hpp"

#include <fmt/format.h>

#include <map>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/fields.hpp"

namespace whit::sims {
namespace {

constexpr uint64_t largest_cost = 1000;

// Two cycles of refill, direct or indirect, agree with published silicon results within 8 % on 20 programs.
constexpr Costs m4 = {.other = 1, .load = 2, .load_pipelined = 1, .load_literal_extra = 1, .store = 1,
                      .transfer_multiple = 1, .transfer_word = 1, .multiply = 1, .multiply_accumulate = 1,
                      .multiply_long = 1, .multiply_accumulate_long = 1, .divide = 7, .call = 1, .table_branch = 2,
                      .pop_pc_extra = 0, .system = 1, .taken_direct = 2, .taken_indirect = 2, .taken_unaligned = 1,
                      .address_dependency = 1, .unaligned_part = 1, .float_load = 2, .float_store = 2,
                      .float_multiply_accumulate = 3, .float_divide = 14, .float_other = 1};

// No single-cycle multiply-accumulate, and long products of 3 to 7 cycles.
constexpr Costs m3 = [] {
  Costs costs = m4;
  costs.multiply_accumulate = 2;
  costs.multiply_long = 4;
  costs.multiply_accumulate_long = 6;
  return costs;
}();

constexpr Costs m0plus = {.other = 1, .load = 2, .load_pipelined = 2, .load_literal_extra = 0, .store = 2,
                          .transfer_multiple = 1, .transfer_word = 1, .multiply = 1, .multiply_accumulate = 1,
                          .multiply_long = 1, .multiply_accumulate_long = 1, .divide = 1, .call = 2, .table_branch = 1,
                          .pop_pc_extra = 1, .system = 3, .taken_direct = 1, .taken_indirect = 1, .taken_unaligned = 0,
                          .address_dependency = 0, .unaligned_part = 0, .float_load = 0, .float_store = 0,
                          .float_multiply_accumulate = 0, .float_divide = 0, .float_other = 0};

// Three stages instead of two: one more cycle to refill.
constexpr Costs m0 = [] {
  Costs costs = m0plus;
  costs.taken_direct = 2;
  costs.taken_indirect = 2;
  return costs;
}();

// Six stages, two instructions at a time, branches predicted. Loads, products and floating point take part in pairs,
// one of each in a cycle.
constexpr Costs m7 = {.other = 1, .load = 1, .load_pipelined = 1, .load_literal_extra = 0, .store = 1,
                      .transfer_multiple = 1, .transfer_word = 1, .multiply = 1, .multiply_accumulate = 1,
                      .multiply_long = 1, .multiply_accumulate_long = 1, .divide = 7, .call = 1, .table_branch = 2,
                      .pop_pc_extra = 0, .system = 1, .taken_direct = 0, .taken_indirect = 0, .taken_unaligned = 0,
                      .address_dependency = 0, .unaligned_part = 1, .float_load = 1, .float_store = 1,
                      .float_multiply_accumulate = 1, .float_divide = 16, .float_other = 1,
                      .tracks_results = 1, .pairs = 2, .load_delay = 1, .narrow_load_delay = 1, .multiply_delay = 1, .float_delay = 2, .mispredicted = 7};

// Three stages; pairs of 16-bit instructions issue together.
constexpr Costs m33 = {.other = 1, .load = 1, .load_pipelined = 1, .load_literal_extra = 0, .store = 1,
                       .transfer_multiple = 1, .transfer_word = 1, .multiply = 1, .multiply_accumulate = 1,
                       .multiply_long = 1, .multiply_accumulate_long = 1, .divide = 7, .call = 1, .table_branch = 2,
                       .pop_pc_extra = 0, .system = 1, .taken_direct = 2, .taken_indirect = 2, .taken_unaligned = 1,
                       .address_dependency = 0, .unaligned_part = 1, .float_load = 1, .float_store = 1,
                       .float_multiply_accumulate = 3, .float_divide = 14, .float_other = 1,
                       .tracks_results = 1, .pairs = 1, .load_delay = 1, .narrow_load_delay = 1, .multiply_delay = 1, .float_delay = 1, .mispredicted = 0};

// The M33's pairs of 16-bit instructions. A vector instruction holds its unit for two cycles, two of the four beats in each,
// while the next one begins if it takes another unit; delays are those of the model that the SLOTHY optimiser uses for this
// core ("approximate", by engineers of Arm). The end of a low-overhead loop costs nothing once the core has seen it.
constexpr Costs m55 = [] {
  Costs costs = m33;
  costs.vector_issue = 1;
  costs.vector_unit = 2;
  costs.vector_move = 1;
  costs.vector_multiply_delay = 1;
  costs.reduction_delay = 2;
  costs.loop_start = 3;
  costs.loop_end = 0;
  return costs;
}();

// Ibex user manual, pipeline details: two stages, single-cycle multiplier, no branch target ALU. A jump takes 2 cycles,
// a taken branch 3; `call` stands for jumps.
constexpr Costs ibex = {.other = 1, .load = 2, .load_pipelined = 2, .store = 2, .multiply = 1, .multiply_long = 2, .divide = 37,
                        .call = 0, .system = 1, .taken_direct = 2, .taken_indirect = 2, .tracks_results = 1};

// QingKe V2 (measured on a CH32V003: github.com/jnk0le/random, "pipeline cycle test"): two stages, loads, stores 2 cycles, a taken
// branch or jump 3, and one more to a 32-bit instruction off a word.
constexpr Costs qingke_v2 = {.other = 1, .load = 2, .load_pipelined = 2, .store = 2, .call = 1, .system = 1, .taken_direct = 2,
                             .taken_indirect = 2, .taken_unaligned = 1, .tracks_results = 1};

// SiFive E31 manual (FE310's chapter "E31 core"): five stages, predicted branches, 3 cycles for a wrong prediction; results of
// word loads after 2 cycles, of narrower ones after 3, of products after 5, and the multiplier takes one at a time; division 2
// to 33 (here the mean).
constexpr Costs e31 = {.other = 1, .load = 1, .load_pipelined = 1, .store = 1, .multiply = 1, .multiply_long = 1, .divide = 17,
                       .call = 1, .system = 1, .taken_direct = 0, .taken_indirect = 0, .tracks_results = 1, .load_delay = 1,
                       .narrow_load_delay = 2, .multiply_delay = 4, .multiplier_busy = 5, .mispredicted = 3};

// Hazard3 (its documentation, "Instruction Cycle Counts" and "Branch Predictor", in the RP2350's configuration, which its
// test bench has: MUL_FASTER, MULH_FAST, MULDIV_UNROLL 2, BRANCH_PREDICTOR): three stages; a loaded value that the next
// instruction needs takes one cycle more, a product does not; a jump takes 2, a branch 2 where it is not expected, a
// division 18, an unaligned 32-bit target one more.
constexpr Costs hazard3 = {.other = 1, .load = 1, .load_pipelined = 1, .store = 1, .multiply = 1, .multiply_long = 1, .divide = 18,
                           .call = 1, .system = 1, .taken_direct = 1, .taken_indirect = 1, .taken_unaligned = 1,
                           .tracks_results = 1, .load_delay = 1, .narrow_load_delay = 1, .remembers_loop = 1};

// Nuclei Bumblebee (GD32VF103). Its brief manual tells of two stages and a "simple dynamic branch predictor", and of no cycles;
// the rest is assumed.
constexpr Costs bumblebee = {.other = 1, .load = 1, .load_pipelined = 1, .store = 1, .multiply = 1, .multiply_long = 1,
                             .divide = 17, .call = 1, .system = 1, .taken_direct = 1, .taken_indirect = 1, .tracks_results = 1,
                             .load_delay = 1, .narrow_load_delay = 1, .mispredicted = 2};

// ESP32-C3: four stages; no cycle table is published. Products in a cycle and divisions in 34 as others measured (160 MHz: 121
// million products, 4.63 million divisions a second; github.com/wled/WLED/issues/4206); branches and loads are assumed.
constexpr Costs esp32c3 = {.other = 1, .load = 1, .load_pipelined = 1, .store = 1, .multiply = 1, .multiply_long = 1,
                           .divide = 34, .call = 1, .system = 1, .taken_direct = 2, .taken_indirect = 2, .tracks_results = 1,
                           .load_delay = 1, .narrow_load_delay = 1};

}  // namespace

Costs costs_of(const std::string &family, const nlohmann::json &overrides) {
  static const std::map<std::string, Costs> families = {{"m0", m0}, {"m0plus", m0plus}, {"m3", m3}, {"m4", m4}, {"m7", m7},
                                                        {"m33", m33}, {"m55", m55}, {"ibex", ibex}, {"e31", e31}, {"hazard3", hazard3}, {"bumblebee", bumblebee},
                                                        {"esp32c3", esp32c3}, {"qingke_v2", qingke_v2}};
  const auto found = families.find(family);
  if (found == families.end())
    throw SimError("bad_request", fmt::format("`core.family` is \"{}\"; known are m0, m0plus, m3, m4, m7, m33, m55, ibex, e31, hazard3, bumblebee, esp32c3, qingke_v2", family));
  Costs costs = found->second;
  if (overrides.is_null()) return costs;
  Fields fields(overrides, "core.costs");
#define WHIT_SIMS_COST_READ(name) costs.name = static_cast<uint32_t>(fields.number(#name, 0, largest_cost, costs.name));
  WHIT_SIMS_COST_FIELDS(WHIT_SIMS_COST_READ)
#undef WHIT_SIMS_COST_READ
  fields.finish();
  if (costs.load_pipelined > costs.load) throw SimError("bad_request", "`core.costs.load_pipelined` is more than `load`");
  return costs;
}

}  // namespace whit::sims
