// SPDX-License-Identifier: Apache-2.0
// Kahn's topological sort; the earliest operator of the file that can run goes next.
#include "compiler/importers/tflite/order.hpp"

#include <functional>
#include <limits>
#include <queue>

namespace whit {

namespace {

constexpr size_t nobody = std::numeric_limits<size_t>::max();

std::vector<size_t> producers_of(const TfliteSubgraph &subgraph, const std::vector<bool> &given) {
  std::vector<size_t> producers(subgraph.tensors.size(), nobody);
  for (size_t position = 0; position < subgraph.operators.size(); ++position)
    for (int32_t output : subgraph.operators[position].outputs) {
      const std::string &origin = subgraph.operators[position].origin;
      size_t &producer = producers[static_cast<size_t>(output)];
      if (given[static_cast<size_t>(output)])
        throw UserError(
            {origin, fmt::format("writes tensor {}, a model input, constant or variable", output), "", damaged});
      if (producer != nobody)
        throw UserError({origin,
                         fmt::format("writes tensor {}, as does {}", output, subgraph.operators[producer].origin),
                         "one writer a tensor", damaged});
      producer = position;
    }
  return producers;
}

// For each operator how many inputs it waits for, and who waits for it.
struct Waiting {
  std::vector<size_t> count;
  std::vector<std::vector<size_t>> readers;
};

Waiting waiting_of(const TfliteSubgraph &subgraph, const std::vector<bool> &given) {
  const std::vector<size_t> producers = producers_of(subgraph, given);
  Waiting waiting{std::vector<size_t>(subgraph.operators.size()),
                  std::vector<std::vector<size_t>>(subgraph.operators.size())};
  for (size_t position = 0; position < subgraph.operators.size(); ++position)
    for (int32_t input : subgraph.operators[position].inputs) {
      if (input < 0 || given[static_cast<size_t>(input)]) continue;
      const size_t producer = producers[static_cast<size_t>(input)];
      if (producer == nobody)
        throw UserError({subgraph.operators[position].origin,
                         fmt::format("reads tensor {}, which nothing computes", input), "", damaged});
      ++waiting.count[position];
      waiting.readers[producer].push_back(position);
    }
  for (int32_t output : subgraph.outputs)
    if (!given[static_cast<size_t>(output)] && producers[static_cast<size_t>(output)] == nobody)
      throw UserError({fmt::format("tensor {}", output), "a model output that nothing computes", "", damaged});
  return waiting;
}

}  // namespace

std::vector<size_t> execution_order(const TfliteSubgraph &subgraph, const std::vector<bool> &given) {
  Waiting waiting = waiting_of(subgraph, given);
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t position = 0; position < waiting.count.size(); ++position)
    if (waiting.count[position] == 0) ready.push(position);
  std::vector<size_t> order;
  while (!ready.empty()) {
    order.push_back(ready.top());
    ready.pop();
    for (size_t reader : waiting.readers[order.back()])
      if (--waiting.count[reader] == 0) ready.push(reader);
  }
  for (size_t position = 0; position < waiting.count.size(); ++position)
    if (waiting.count[position] != 0)
      throw UserError({subgraph.operators[position].origin, "waits for its own output: the operators form a cycle",
                       "graphs without cycles", damaged});
  return order;
}

}  // namespace whit
