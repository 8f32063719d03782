// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/catboost/statistics.hpp"

#include <charconv>

namespace whit {

namespace {

constexpr size_t most_hashes = 1 << 16;

// How many splits the features of that kind have, by the length of a list of each.
int64_t splits_of(const JsonValue &info, const char *kind, const char *list) {
  if (!info.has(kind)) return 0;
  int64_t count = 0;
  for (size_t index = 0; index < info.member(kind).size(); ++index) {
    const JsonValue feature = info.member(kind).element(index);
    if (feature.has(list) && !feature.member(list).null()) count += static_cast<int64_t>(feature.member(list).size());
  }
  return count;
}

uint64_t whole_number(const JsonValue &value) {
  const std::string text = value.text();
  uint64_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ptr != text.data() + text.size() || text.empty()) value.refuse("a whole number in quotes");
  return number;
}

// CatBoost's hash of a list that holds one category, by the category's own hash with its sign.
uint64_t key_of(uint32_t hash) {
  constexpr uint64_t factor = 0x4906ba494954cb65;
  return factor * (factor * static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(hash))));
}

// How the numbers of a category become its statistic, in float32 as CatBoost computes it.
struct Rule {
  std::string type;
  size_t target = 0;
  float prior, prior_weight, shift, scale, denominator;

  float operator()(const std::vector<float> &numbers) const {
    float good = 0, all = denominator;
    if (type == "Counter" || type == "FeatureFreq") {
      good = numbers[0];
    } else if (type == "BinarizedTargetMeanValue" || type == "FloatTargetMeanValue") {
      good = numbers[0];
      all = numbers[1];
    } else {
      all = 0;
      for (size_t index = 0; index < numbers.size(); ++index) {
        all += numbers[index];
        if (type == "Borders" ? index > target : index == target) good += numbers[index];
      }
    }
    return ((good + prior) / (all + prior_weight) + shift) * scale;
  }
};

void check_width(const JsonValue &statistic, const Rule &rule, size_t width) {
  const bool counts = rule.type == "Counter" || rule.type == "FeatureFreq", means = rule.type == "BinarizedTargetMeanValue" || rule.type == "FloatTargetMeanValue";
  if (!counts && !means && rule.type != "Borders" && rule.type != "Buckets")
    statistic.member("ctr_type").refuse("Borders, Buckets, Counter, FeatureFreq, BinarizedTargetMeanValue, FloatTargetMeanValue", "train with simple_ctr of these");
  if (width < (counts ? 1U : 2U) || (!counts && !means && rule.target >= width)) statistic.refuse("tables with the numbers that the statistic needs");
}

}  // namespace

CatboostStatistics::CatboostStatistics(const JsonValue &file) : file_(file) {
  const JsonValue info = file.member("features_info");
  if (!info.has("ctrs")) return;
  int64_t next = splits_of(info, "float_features", "borders") + splits_of(info, "categorical_features", "values");
  const JsonValue list = info.member("ctrs");
  for (size_t index = 0; index < list.size(); ++index) {
    const auto borders = static_cast<int64_t>(list.element(index).member("borders").size());
    statistics_.push_back({list.element(index), next, next + borders});
    next += borders;
  }
  if (!info.has("cat_features_hash")) return;
  const JsonValue categories = info.member("cat_features_hash");
  if (categories.size() > most_hashes) categories.refuse(fmt::format("up to {} categories", most_hashes), "train with fewer categories");
  for (size_t index = 0; index < categories.size(); ++index) hashes_.push_back(static_cast<uint32_t>(categories.element(index).member("hash").integer(INT32_MIN, UINT32_MAX)));
}

const CatboostStatistics::Table &CatboostStatistics::table_of(const JsonValue &statistic) {
  const std::string name = statistic.member("identifier").text();
  const auto known = tables_.find(name);
  if (known != tables_.end()) return known->second;
  const JsonValue stored = file_.member("ctr_data").member(name), list = stored.member("hash_map");
  Table table{.stride = static_cast<size_t>(stored.member("hash_stride").integer(2, 1 << 16)), .denominator = static_cast<float>(stored.member("counter_denominator").real())};
  if (list.size() % table.stride != 0) list.refuse(fmt::format("rows of {}", table.stride));
  for (size_t begin = 0; begin < list.size(); begin += table.stride) {
    std::vector<float> &row = table.rows[whole_number(list.element(begin))];
    for (size_t column = 1; column < table.stride; ++column) row.push_back(static_cast<float>(list.element(begin + column).real()));
    row.resize(table.stride - 1);
  }
  return tables_[name] = std::move(table);
}

CatboostCategorySet CatboostStatistics::above(const JsonValue &statistic, float border) {
  const JsonValue elements = statistic.member("elements");
  if (elements.size() != 1 || elements.element(0).member("combination_element").text() != "cat_feature_value")
    elements.refuse("statistics of one feature", "train with max_ctr_complexity=1");
  if (hashes_.empty()) file_.member("features_info").refuse("the categories' hashes, cat_features_hash", "save_model with pool=train");
  const auto real = [&](const char *key) { return static_cast<float>(statistic.member(key).real()); };
  const Table &table = table_of(statistic);
  const Rule rule{statistic.member("ctr_type").text(), static_cast<size_t>(statistic.member("target_border_idx").integer(0, INT32_MAX)),
                  real("prior_numerator"), real("prior_denomerator"), real("shift"), real("scale"), table.denominator};
  check_width(statistic, rule, table.stride - 1);
  CatboostCategorySet set{.feature = elements.element(0).member("cat_feature_index").integer(0, INT32_MAX)};
  const std::vector<float> nothing(table.stride - 1);
  set.inverted = rule(nothing) > border;
  for (size_t place = 0; place < hashes_.size(); ++place) {
    const auto row = table.rows.find(key_of(hashes_[place]));
    const bool is_above = rule(row == table.rows.end() ? nothing : row->second) > border;
    if (is_above != set.inverted) set.places.push_back(static_cast<int64_t>(place));
  }
  return set;
}

const CatboostCategorySet &CatboostStatistics::set_of(const JsonValue &split) {
  const JsonValue number = split.member("split_index");
  const int64_t index = number.integer(0, INT32_MAX);
  const auto known = sets_.find(index);
  if (known != sets_.end()) return known->second;
  const auto border = static_cast<float>(split.member("border").real());
  for (const Statistic &statistic : statistics_) {
    if (index < statistic.first_split || index >= statistic.last_split) continue;
    const auto expected = static_cast<float>(statistic.place.member("borders").element(static_cast<size_t>(index - statistic.first_split)).real());
    if (border != expected) split.member("border").refuse(fmt::format("{}, the statistic's", expected));
    return sets_[index] = above(statistic.place, border);
  }
  number.refuse("splits of the statistics that there are");
}

}  // namespace whit
