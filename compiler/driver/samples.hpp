// SPDX-License-Identifier: Apache-2.0
// Model inputs in the model's own types: from a user's file, or the fixed pseudo-random bytes of benchmarks.
#pragma once

#include <vector>

#include "compiler/base/bytes.hpp"
#include "ops/evaluate.hpp"

namespace whit {

struct Samples {
  size_t count = 0;
  std::vector<Bytes> inputs{};  // one an input of the graph: `count` tensors, one after the other
};

// Samples of xorshift32 bytes (seed 0x12345678, byte = x >> 24), running on from input to input and sample to sample.
// A float32 input takes one byte an element: (signed byte) / 64.
Samples pseudo_random_samples(const Graph &graph, size_t count);

// The bytes of one tensor of one sample.
std::span<const uint8_t> sample_of(const Samples &samples, const Graph &graph, size_t input, size_t sample);

// Writes the sample into the evaluator's inputs.
void write_sample(Evaluator &evaluator, const Graph &graph, const Samples &samples, size_t sample);

// Host outputs of all samples, one entry an output of the graph, samples one after the other. Samples run in order from
// one reset on: what a model remembers of a sample, the next one meets.
std::vector<Bytes> evaluate_samples(const Graph &graph, const Samples &samples);

}  // namespace whit
