// SPDX-License-Identifier: Apache-2.0
// Layers are the nodes that have code: views have none. Their numbers are the same in the memory map, in reports and in
// the emitted source (NAME_layer_3).
#pragma once

#include "compiler/plan/liveness.hpp"

namespace whit {

// The node of each layer, in the order they run: layer 3 is node layer_nodes(...)[3].
std::vector<size_t> layer_nodes(Kernels kernels);

}  // namespace whit
