// SPDX-License-Identifier: Apache-2.0
// What a core can do beyond the portable subset. Kernels ask for features, cores (compiler/targets/cores) list theirs;
// neither ever names a chip. No kernel asks for `unaligned` yet: it only describes the core.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whit {

// One line a feature: FEATURE(identifier, meaning). Names in target files are the identifiers.
#define WHIT_FEATURES(FEATURE)                                                        \
  FEATURE(dsp, "Armv7E-M SIMD in core registers: SMLAD, SXTB16, SMMLAR")              \
  FEATURE(mve, "Armv8.1-M vector extension (Helium)")                                 \
  FEATURE(fpu, "single precision floating point in hardware")                         \
  FEATURE(mul8, "8 x 8 -> 16 bit multiplication in hardware")                         \
  FEATURE(fast_multiplier, "32 x 32 bit multiplication in few cycles, no vectors")     \
  FEATURE(unaligned, "unaligned word and half-word access")                           \
  FEATURE(program_memory, "constants lie in an address space of their own (Harvard)")

enum class Feature : uint8_t {
#define WHIT_FEATURE_ENUMERATOR(name, meaning) name,
  WHIT_FEATURES(WHIT_FEATURE_ENUMERATOR)
#undef WHIT_FEATURE_ENUMERATOR
};

class Features {
 public:
  constexpr Features() = default;
  constexpr Features(std::initializer_list<Feature> features) {
    for (Feature feature : features) bits_ |= bit(feature);
  }
  constexpr void add(Feature feature) { bits_ |= bit(feature); }
  constexpr bool has(Feature feature) const { return (bits_ & bit(feature)) != 0; }
  constexpr bool includes(Features needed) const { return (bits_ & needed.bits_) == needed.bits_; }

 private:
  static constexpr uint32_t bit(Feature feature) { return uint32_t{1} << static_cast<uint32_t>(feature); }
  uint32_t bits_ = 0;
};

std::optional<Feature> feature_named(std::string_view name);
// The names of the features in the set, in the order of the list.
std::vector<std::string> names_of(Features features);

}  // namespace whit
