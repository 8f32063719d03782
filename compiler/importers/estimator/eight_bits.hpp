// SPDX-License-Identifier: Apache-2.0
// Samples in 8-bit integers of one unit, for steps that compare them with kept vectors.
#pragma once

#include "compiler/importers/estimator/sample.hpp"
#include "compiler/importers/json_value.hpp"

namespace whit {

// Rows of equal length, one after the other. UserError, with `of_what`, where one has another.
std::vector<double> read_matrix(const JsonValue &rows, size_t width, std::string_view of_what);

// The sample as 8-bit integers in which `vectors` (a value for each feature, one vector after the other) fit. What is stored in 8 bits
// with one scale and holds the vectors exactly stays. Where only differences count (`movable`), the middle of each
// feature's range is taken off the sample and the vectors, which gives the finest unit.
Sample eight_bit_sample(Graph &graph, const Sample &sample, std::vector<double> &vectors, bool movable, const std::string &place);

// The same in integers of `type`, the vectors up to so many `levels`.
Sample narrow_sample(Graph &graph, const Sample &sample, std::vector<double> &vectors, bool movable, ElementType type, double levels, const std::string &place);

}  // namespace whit
