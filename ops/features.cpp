// SPDX-License-Identifier: Apache-2.0
// Names of features, from the one list.
#include "ops/features.hpp"

namespace whit {

namespace {

struct NamedFeature {
  Feature feature;
  std::string_view name;
};

constexpr NamedFeature named_features[] = {
#define WHIT_NAMED_FEATURE(name, meaning) {Feature::name, #name},
    WHIT_FEATURES(WHIT_NAMED_FEATURE)
#undef WHIT_NAMED_FEATURE
};

}  // namespace

std::optional<Feature> feature_named(std::string_view name) {
  for (const NamedFeature &entry : named_features)
    if (entry.name == name) return entry.feature;
  return std::nullopt;
}

std::vector<std::string> names_of(Features features) {
  std::vector<std::string> names;
  for (const NamedFeature &entry : named_features)
    if (features.has(entry.feature)) names.emplace_back(entry.name);
  return names;
}

}  // namespace whit
