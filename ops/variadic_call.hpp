// SPDX-License-Identifier: Apache-2.0
// Host calls of kernels that take any number of inputs after their other arguments.
#pragma once

#include <array>
#include <span>
#include <utility>

namespace whit {

// `Run::run(arguments, sequence)` calls the kernel with as many inputs as the sequence has numbers; one to `most`, after
// `before` other arguments.
template <typename Run, size_t before, size_t most>
void variadic_call(std::span<void *const> arguments) {
  static constexpr auto by_count = []<size_t... index>(std::index_sequence<index...>) {
    return std::array{+[](std::span<void *const> all) { Run::run(all, std::make_index_sequence<index + 1>{}); }...};
  }(std::make_index_sequence<most>{});
  by_count.at(arguments.size() - before - 1)(arguments);
}

}  // namespace whit
