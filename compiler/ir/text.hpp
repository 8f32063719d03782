// SPDX-License-Identifier: Apache-2.0
// The readable text form of graphs: what tests are written in, what traces show, what can be sent in a bug report.
//
//   graph "main" {
//     input %data: int8[1,4,4,2] scale 0.5 zero -3
//     constant %weights: int8[8,3,3,2] scale [0.1, 0.2] zero [0, 0] axis 0 = random 7
//     %conv: int8[1,4,4,8] scale 0.25 zero -128 = conv2d(%data, %weights, none)
//         {activation = "relu", padding_top = 1} from "operator 0, CONV_2D"
//     output %conv
//   }
//
// Statements, in any order that names a tensor before it is read:
//   input|variable|unused TENSOR           a graph input, a state, a tensor nobody computes
//   constant TENSOR = VALUES               values: [1, 2], hex "0102", fill 3, random SEED
//   variable TENSOR = VALUES               the same before the first run; without, zeros
//   TENSOR, TENSOR = op(%a, none, %b) {name = value} from "origin" graph "then" {...} graph "else" {...}
//   output %a, %b
// TENSOR is %symbol: type[axes], then as needed "scale S zero Z" (lists and "axis N" where per axis), "planar". It reads
// "%symbol @5 "name": ..." where its number is not the count of those before it, or where the name is no symbol (a symbol
// of digits only names nobody). A variable that a node writes is given by its symbol alone.
// Attributes: 1 is an integer, 1.0 a real, "text", [1, 2] integers. '#' comments to the end of the line.
#pragma once

#include <string>
#include <string_view>

#include "compiler/ir/graph.hpp"

namespace whit {

enum class ConstantText {
  exact,   // parses back to the same graph
  elided,  // "...": for people
};

std::string to_text(const Graph &graph, ConstantText constants = ConstantText::exact);
std::string to_text(const Module &module, ConstantText constants = ConstantText::exact);

// UserError with `file`, line and column at the first thing that is not understood. What comes back is well-formed
// (known tensors, one producer each, executable order) but its operators are unchecked: see ops/verify.hpp.
Module parse_module(std::string_view text, std::string_view file = "text");
// The same for text that holds exactly one graph.
Graph parse_graph(std::string_view text, std::string_view file = "text");

}  // namespace whit
