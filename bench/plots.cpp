// SPDX-License-Identifier: Apache-2.0
#include "bench/plots.hpp"

#include <algorithm>
#include <array>

namespace whit {

LogScale LogScale::around(const std::vector<double> &values, double begin, double end) {
  if (values.empty()) return {1, 10, begin, end};
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const double low = std::pow(10, std::floor(std::log10(*least))), high = std::pow(10, std::ceil(std::log10(*most)));
  return {low, std::max(high, low * 10), begin, end};
}

std::vector<double> LogScale::decades() const {
  std::vector<double> ticks;
  for (double tick = low; tick <= high * 1.001; tick *= 10) ticks.push_back(tick);
  return ticks;
}

std::string escaped(const std::string &text) {
  std::string result;
  for (char c : text) {
    if (c == '<') result += "&lt;";
    else if (c == '>') result += "&gt;";
    else if (c == '&') result += "&amp;";
    else if (c == '"') result += "&quot;";
    else result += c;
  }
  return result;
}

const char *colour(size_t index) {
  static constexpr std::array<const char *, 8> colours{"#2f6fb0", "#d1782c", "#3c8f4e", "#a84a6f", "#7a62b8", "#8a7a2f", "#2f9c9c", "#7d8894"};
  return colours[index % colours.size()];
}

}  // namespace whit
