// SPDX-License-Identifier: Apache-2.0
#include "compiler/plan/layers.hpp"

namespace whit {

std::vector<size_t> layer_nodes(Kernels kernels) {
  std::vector<size_t> nodes;
  for (size_t node = 0; node < kernels.size(); ++node)
    if (!kernels[node]->view) nodes.push_back(node);
  return nodes;
}

}  // namespace whit
