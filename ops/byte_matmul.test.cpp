// SPDX-License-Identifier: Apache-2.0
// The requantisation by bytes against the reference, over all shifts that the host lets pass.
#define WHIT_HOST
#include "ops/byte_matmul.hpp"

#include <gtest/gtest.h>

#include <random>

#include "device/core/byte_matmul.hpp"
#include "ops/random_graph.hpp"

namespace whit {
namespace {

// A node of one value and one output, whose sum is the value, less its zero point of 0, times 1.
Graph single_product(double factor, int64_t output_zero, int32_t bias) {
  Graph graph;
  const auto tensor = [&](std::string name, ElementType type, Shape shape, float scale, int64_t zero) {
    Tensor t{.name = std::move(name), .type = type, .shape = std::move(shape)};
    t.quantization = {.scales = {scale}, .zero_points = {zero}};
    return graph.add_tensor(t);
  };
  const TensorId data = tensor("data", ElementType::int8, {1, 1}, static_cast<float>(factor), 0);
  const TensorId weights = tensor("weights", ElementType::int8, {1, 1}, 1.0F, 0);
  graph.tensor(weights).constant = std::make_shared<const Bytes>(Bytes{1});
  const TensorId offset = tensor("bias", ElementType::int32, {1}, static_cast<float>(factor), 0);
  graph.tensor(offset).constant = std::make_shared<const Bytes>(bytes_of(std::vector<int32_t>{bias}));
  const TensorId output = tensor("output", ElementType::int8, {1, 1}, 1.0F, output_zero);
  graph.nodes.push_back({.op = "fully_connected", .inputs = {data, weights, offset}, .outputs = {output}, .origin = "test"});
  graph.inputs = {data};
  graph.outputs = {output};
  return graph;
}

int8_t by_bytes(const ByteMatmulConstants &packed, int8_t value) {
  const auto biased = static_cast<uint8_t>(value + 128);
  int8_t output = 0;
  ByteMatmul run{};
  run.values = &biased;
  run.weights = packed.weights.data();
  run.constants = packed.constants.data();
  run.output = &output;
  run.rest = 1;
  run.channels = 1;
  start_from(run, biased);
  byte_matmul(&run);
  return output;
}

TEST(ByteMatmul, requantises_as_the_reference) {
  std::mt19937 random(8);
  size_t compared = 0;
  for (int instance = 0; instance < 400; ++instance) {
    const double factor = std::uniform_real_distribution<double>(0.3, 1.0)(random) / (1 << (1 + random() % 13));
    const auto zero = static_cast<int64_t>(random() % 256) - 128;
    const auto bias = static_cast<int32_t>(random() % (1U << 21)) - (1 << 20);
    const Graph graph = single_product(factor, zero, bias);
    const NodeView node(graph, graph.nodes[0]);
    const std::vector<QuantizedMultiplier> multipliers = operator_of(node.node()).multipliers(node);
    const auto packed = byte_matmul_constants(node, multipliers);
    if (!packed) continue;
    for (int value : {-128, -7, -1, 0, 1, 100, 127}) {
      const int32_t expected = requantize(value + bias, multipliers[0].multiplier, multipliers[0].shift);
      EXPECT_EQ(by_bytes(*packed, static_cast<int8_t>(value)), clamp(expected + static_cast<int32_t>(zero), -128, 127));
      ++compared;
    }
  }
  EXPECT_GT(compared, 2000U);
}

TEST(ByteMatmul, refuses_what_it_cannot_requantise) {
  for (const auto &[factor, bias] : {std::pair{0.75, 0}, std::pair{1e-6, 0}, std::pair{0.001, 1 << 22}}) {
    const Graph graph = single_product(factor, 0, bias);
    const NodeView node(graph, graph.nodes[0]);
    // A channel that never changes needs no factor, and fits whatever it is.
    const bool vanishes = factor < 1e-5;
    EXPECT_EQ(byte_matmul_constants(node, operator_of(node.node()).multipliers(node)).has_value(), vanishes) << factor;
  }
}

}  // namespace
}  // namespace whit
