// SPDX-License-Identifier: Apache-2.0
// Whether a graph is well formed, whatever its operators mean: the rules of graph.hpp, checked.
#pragma once

#include <vector>

#include "compiler/base/error.hpp"
#include "compiler/ir/graph.hpp"

namespace whit {

// Tensors: legal axes, constants of the right size, quantisation that suits type and shape. Graph: ids in range, one
// producer a tensor, an order that can run. Empty when all holds. Only then may anything else look into the graph.
std::vector<Problem> structure_problems(const Graph &graph);

// "graph 'main', node 3, operator 3, CONV_2D (conv2d)"
std::string place_of(const Graph &graph, size_t node);

}  // namespace whit
