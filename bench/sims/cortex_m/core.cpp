// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the core: which Unicorn model executes, which instructions are legal, what they cost.
#include "bench/sims/cortex_m/core.hpp"

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include <map>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/fields.hpp"

namespace whit::sims {
namespace {

int read_model(Fields &fields) {
  static const std::map<std::string, int> models = {{"cortex-m0", UC_CPU_ARM_CORTEX_M0},
                                                    {"cortex-m3", UC_CPU_ARM_CORTEX_M3},
                                                    {"cortex-m4", UC_CPU_ARM_CORTEX_M4},
                                                    {"cortex-m7", UC_CPU_ARM_CORTEX_M7},
                                                    {"cortex-m33", UC_CPU_ARM_CORTEX_M33}};
  const std::string name = fields.text("emulator");
  const auto found = models.find(name);
  if (found == models.end())
    throw SimError("bad_request", fmt::format("`core.emulator` is \"{}\"; known are cortex-m0, -m3, -m4, -m7, -m33", name));
  return found->second;
}

Features read_features(Fields &fields) {
  Features features;
  const std::map<std::string, bool *> known = {{"thumb2", &features.thumb2}, {"dsp", &features.dsp},
                                               {"fpu", &features.fpu},       {"fpu5", &features.fpu5},
                                               {"fpu_double", &features.fpu_double}, {"armv8m", &features.armv8m}};
  for (const nlohmann::json &name : fields.list("features")) {
    const auto found = name.is_string() ? known.find(name.get<std::string>()) : known.end();
    if (found == known.end()) throw SimError("bad_request", "`core.features` may list thumb2, armv8m, dsp, fpu, fpu5 and fpu_double");
    *found->second = true;
  }
  return features;
}

}  // namespace

Core read_core(const nlohmann::json &json) {
  Fields fields(json, "core");
  Core core;
  core.unicorn_model = read_model(fields);
  core.features = read_features(fields);
  core.unaligned_data = core.features.thumb2;
  core.costs = costs_of(fields.text("family"), fields.has("costs") ? fields.any("costs") : nlohmann::json());
  fields.finish();
  return core;
}

}  // namespace whit::sims
