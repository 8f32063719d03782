// SPDX-License-Identifier: Apache-2.0
// The words of code that is made for one ensemble (ops/tree_ensemble/tree_code.cpp): tests become branches, leaves
// become additions to votes that live in registers. The answer is that of tree_ensemble.kernel.hpp.
#ifndef WHIT_OPS_TREE_ENSEMBLE_TREE_CODE_KERNEL_HPP
#define WHIT_OPS_TREE_ENSEMBLE_TREE_CODE_KERNEL_HPP

#include "device/core/core.hpp"
#include "device/core/ordered_bits.hpp"

// The side that more training samples took follows without a jump.
#if defined(__GNUC__) || defined(__clang__)
#define WHIT_MOSTLY(condition) __builtin_expect(!!(condition), 1)
#else
#define WHIT_MOSTLY(condition) (condition)
#endif

namespace whit {

// The class with the largest sum so far, the first of equals, and the second largest sum.
template <typename Sum>
struct TreeLeader {
  Sum most, second;
  uint8_t label;
};

// Output 0 has been the leader's begin; the others come in order.
template <typename Sum>
WHIT_INLINE void tree_next(TreeLeader<Sum> &leader, uint8_t output, Sum sum) {
  if (sum > leader.most) {
    leader.second = leader.most;
    leader.most = sum;
    leader.label = output;
  } else if (output == 1 || sum > leader.second) {
    leader.second = sum;
  }
}

}  // namespace whit

#endif
