// SPDX-License-Identifier: Apache-2.0
// The step "power": each feature raised to a power of its own. Integers get lines between knots, as close as they need.
#include <algorithm>
#include <cmath>

#include "compiler/importers/estimator/steps.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

struct Power {
  double exponent = 1;
  bool negative = false;

  double box_cox(double base, double power) const { return power == 0 ? std::log(base) : std::expm1(power * std::log(base)) / power; }
  double operator()(double x) const {
    if (!negative) return box_cox(x, exponent);
    return x < 0 ? -box_cox(1 - x, 2 - exponent) : box_cox(1 + x, exponent);
  }
};

// Knots from one place to another: halves, until lines are close enough.
class Curve {
 public:
  Curve(const Power &power, double from, double to) : power_(power), near_(std::abs(power(to) - power(from)) / steps) {
    knot(from);
    add(from, to, most_halvings);
    knot(to);
  }

  MapKnots knots{};

 private:
  static constexpr double steps = 8192;
  static constexpr int most_halvings = 14;

  void knot(double place) {
    knots.places.push_back(place);
    knots.values.push_back(power_(place));
  }

  void add(double from, double to, int halvings) {
    const double first = power_(from), last = power_(to), middle = (from + to) / 2;
    double off = 0;
    for (double part : {0.25, 0.5, 0.75}) off = std::max(off, std::abs(power_(from + part * (to - from)) - first - part * (last - first)));
    if (halvings == 0 || off <= near_) return;
    add(from, middle, halvings - 1);
    knot(middle);
    add(middle, to, halvings - 1);
  }

  const Power &power_;
  double near_;
};

TensorId add_powers(Graph &graph, TensorId data, const std::vector<double> &exponents, bool negative, const std::string &place) {
  const auto count = static_cast<int64_t>(exponents.size());
  const TensorId constant = graph.add_constant("exponents", ElementType::float32, {count}, bytes_of(std::vector<float>(exponents.begin(), exponents.end())));
  const TensorId result = graph.add_tensor({.name = "powers", .type = ElementType::float32, .shape = {1, count}});
  graph.nodes.push_back({.op = "power_features", .inputs = {data, constant}, .outputs = {result}, .attributes = {{"negative", int64_t{negative}}}, .origin = place});
  return result;
}

std::vector<double> one_each(const JsonValue &step, std::string_view name, int64_t count) {
  const std::vector<double> values = step.member(name).reals();
  if (static_cast<int64_t>(values.size()) != count) step.member(name).refuse(fmt::format("{} values, one a feature", count));
  for (double value : values)
    if (!std::isfinite(value) || std::abs(value) > 1e9) step.member(name).refuse("finite values up to 1e9", see_the_format);
  return values;
}

// Takes the middle of the values' range off them; what it was.
double centred(const JsonValue &step, std::vector<double> &values) {
  for (double value : values)
    if (!std::isfinite(value) || std::abs(value) > 1e30) step.member("exponents").refuse("powers up to 1e30", see_the_format);
  const auto [least, most] = std::ranges::minmax(values);
  const double middle = (least + most) / 2;
  for (double &value : values) value -= middle;
  return middle;
}

}  // namespace

Sample import_power(Graph &graph, const JsonValue &step, const Sample &sample) {
  const std::string method = step.member("method").text();
  if (method != "box-cox" && method != "yeo-johnson") step.member("method").refuse("box-cox, yeo-johnson", see_the_format);
  const bool negative = method == "yeo-johnson";
  const std::vector<double> exponents = one_each(step, "exponents", sample.count);
  if (!sample.integers())
    return {.tensor = add_powers(graph, real_sample(graph, sample, step.place()).tensor, exponents, negative, step.place()), .count = sample.count};
  const std::vector<double> least = one_each(step, "least", sample.count), most = one_each(step, "most", sample.count);
  std::vector<MapOutput> outputs;
  std::vector<double> centres;  // powers may differ by little of what they are
  for (size_t feature = 0; feature < exponents.size(); ++feature) {
    if (!(least[feature] < most[feature]) || (!negative && !(least[feature] > 0))) step.member("least").refuse("values below those of \"most\", for box-cox above 0");
    outputs.push_back({static_cast<int64_t>(feature), Curve({exponents[feature], negative}, least[feature], most[feature]).knots});
    centres.push_back(centred(step, outputs.back().knots.values));
  }
  Sample result = mapped_sample(graph, step, sample, outputs, true);
  result.offsets = std::move(centres);
  return result;
}

}  // namespace whit
