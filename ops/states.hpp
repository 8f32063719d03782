// SPDX-License-Identifier: Apache-2.0
// For operators that remember what the format keeps to itself: their variables follow from the data and the attributes.
#pragma once

#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"

namespace whit {

// What a node keeps from run to run, by its data (input 0) and attributes: its variables, which are its inputs after the
// data and its last outputs. UserError where data and attributes make no sense.
using States = std::vector<TensorType> (*)(const NodeView &node);

// The integer attribute. UserError where it is not within those limits.
int64_t limited(const NodeView &node, std::string_view name, int64_t least, int64_t most);

// The outputs, and after them the variables, once the node's inputs are such. UserError where they are not.
std::vector<TensorType> with_states(const NodeView &node, std::vector<TensorType> outputs,
                                    const std::vector<TensorType> &states);

// A random instance with its variables, those of type int32 counts from 0 on.
Graph random_with_states(RandomGraphBuilder &build, TensorId data, Attributes attributes, States states);

}  // namespace whit
