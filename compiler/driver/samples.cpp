// SPDX-License-Identifier: Apache-2.0
// The generator that published instruction counts use, and the loop over samples on the host.
#include "compiler/driver/samples.hpp"

#include <algorithm>

namespace whit {

namespace {

class XorShift32 {
 public:
  uint8_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return static_cast<uint8_t>(state_ >> 24);
  }

 private:
  uint32_t state_ = 0x12345678U;
};

void append_random(Bytes &bytes, const Tensor &tensor, XorShift32 &random) {
  if (tensor.type == ElementType::float32) {
    std::vector<float> values(static_cast<size_t>(tensor.elements()));
    for (float &value : values) value = static_cast<float>(static_cast<int8_t>(random.next())) / 64.0F;
    const Bytes added = bytes_of(values);
    bytes.insert(bytes.end(), added.begin(), added.end());
    return;
  }
  for (int64_t count = tensor.bytes(); count > 0; --count) bytes.push_back(random.next());
}

}  // namespace

Samples pseudo_random_samples(const Graph &graph, size_t count) {
  Samples samples{.count = count, .inputs = std::vector<Bytes>(graph.inputs.size())};
  XorShift32 random;
  for (size_t sample = 0; sample < count; ++sample)
    for (size_t input = 0; input < graph.inputs.size(); ++input)
      append_random(samples.inputs[input], graph.tensor(graph.inputs[input]), random);
  return samples;
}

std::span<const uint8_t> sample_of(const Samples &samples, const Graph &graph, size_t input, size_t sample) {
  const auto bytes = static_cast<size_t>(graph.tensor(graph.inputs.at(input)).bytes());
  internal_check((sample + 1) * bytes <= samples.inputs.at(input).size(), "sample {} is not there", sample);
  return std::span(samples.inputs[input]).subspan(sample * bytes, bytes);
}

void write_sample(Evaluator &evaluator, const Graph &graph, const Samples &samples, size_t sample) {
  for (size_t input = 0; input < graph.inputs.size(); ++input) {
    const auto bytes = sample_of(samples, graph, input, sample);
    std::copy(bytes.begin(), bytes.end(), evaluator.bytes(graph.inputs[input]).begin());
  }
}

std::vector<Bytes> evaluate_samples(const Graph &graph, const Samples &samples) {
  std::vector<Bytes> outputs(graph.outputs.size());
  Evaluator evaluator(graph);
  for (size_t sample = 0; sample < samples.count; ++sample) {
    write_sample(evaluator, graph, samples, sample);
    evaluator.run();
    for (size_t output = 0; output < graph.outputs.size(); ++output) {
      const auto bytes = evaluator.bytes(graph.outputs[output]);
      outputs[output].insert(outputs[output].end(), bytes.begin(), bytes.end());
    }
  }
  return outputs;
}

}  // namespace whit
