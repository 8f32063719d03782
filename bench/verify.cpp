// SPDX-License-Identifier: Apache-2.0
// Outputs are compared first, on all samples; only a difference is worth a second run with every layer's output.
#include "bench/verify.hpp"
#include "bench/temporary_folder.hpp"

#include "compiler/emit/names.hpp"
#include "ops/evaluate.hpp"

namespace whit {

namespace {

std::string value_text(const Tensor &tensor, const Bytes &bytes, size_t element) {
  const auto width = static_cast<size_t>(bits_of(tensor.type) / 8);
  const Bytes part(bytes.begin() + static_cast<std::ptrdiff_t>(element * width),
                   bytes.begin() + static_cast<std::ptrdiff_t>((element + 1) * width));
  switch (tensor.type) {
    case ElementType::int8: return std::to_string(static_cast<int8_t>(part[0]));
    case ElementType::int16: return std::to_string(values_of<int16_t>(part)[0]);
    case ElementType::int32: return std::to_string(values_of<int32_t>(part)[0]);
    case ElementType::float32: return fmt::format("{:.9g}", values_of<float>(part)[0]);
    default: return std::to_string(part[0]);
  }
}

std::optional<size_t> first_difference(const Bytes &a, const Bytes &b) {
  internal_check(a.size() == b.size(), "outputs of {} and {} bytes", a.size(), b.size());
  for (size_t index = 0; index < a.size(); ++index)
    if (a[index] != b[index]) return index;
  return std::nullopt;
}

void count_differences(Verification &result, const Graph &graph, const std::vector<Bytes> &host, const std::vector<Bytes> &chip) {
  for (size_t output = 0; output < host.size(); ++output) {
    internal_check(host[output].size() == chip[output].size(), "the chip gave {} bytes for {}", chip[output].size(), host[output].size());
    const Tensor &tensor = graph.tensor(graph.outputs[output]);
    const auto bytes = static_cast<size_t>(tensor.bytes());
    for (size_t index = 0; index < host[output].size(); ++index) {
      if (host[output][index] == chip[output][index]) continue;
      ++result.differing_bytes;
      if (result.divergence && result.divergence->sample <= index / bytes) continue;
      const size_t element = index % bytes * 8 / static_cast<size_t>(bits_of(tensor.type));
      const size_t place = index / bytes * bytes * 8 / static_cast<size_t>(bits_of(tensor.type)) + element;
      result.divergence = {.sample = index / bytes, .output = tensor.name, .element = element,
                           .host = value_text(tensor, host[output], place), .chip = value_text(tensor, chip[output], place)};
    }
    result.output_bytes += host[output].size();
  }
}

// Evaluates the planned graph on the host (channel_last) up to that sample, whose layers' outputs are compared.
std::string first_diverging_layer(const PlannedModel &model, const Samples &samples, size_t sample,
                                  const std::vector<Bytes> &layer_outputs) {
  Graph graph = model.graph;
  for (Tensor &tensor : graph.tensors) tensor.layout = Layout::channel_last;
  Evaluator evaluator(graph);
  for (size_t each = 0; each <= sample; ++each) {
    write_sample(evaluator, graph, samples, each);
    evaluator.run();
  }
  for (const Layer &layer : layers_of(model)) {
    const Node &node = model.graph.nodes[layer.node];
    const Tensor &tensor = model.graph.tensor(node.outputs[0]);
    const Bytes chip = in_channel_last(tensor, layer_outputs.at(layer.number));
    const auto host_bytes = evaluator.bytes(node.outputs[0]);
    const Bytes host(host_bytes.begin(), host_bytes.end());
    if (const auto index = first_difference(host, chip)) {
      const size_t element = *index * 8 / static_cast<size_t>(bits_of(tensor.type));
      return fmt::format("{} ({} by {}, {}), element {}: host {}, chip {}", layer_name(model, layer), node.op,
                         model.kernels[layer.node]->name, node.origin, element, value_text(tensor, host, element),
                         value_text(tensor, chip, element));
    }
  }
  return "no layer by itself: the passes changed the model's answer";
}

}  // namespace

Bytes in_channel_last(const Tensor &tensor, const Bytes &bytes) {
  if (tensor.layout != Layout::planar || layouts_coincide(tensor.shape)) return bytes;
  const auto width = static_cast<size_t>(bits_of(tensor.type) / 8);
  const auto pixels = static_cast<size_t>(tensor.shape[1] * tensor.shape[2]), channels = static_cast<size_t>(tensor.shape[3]);
  Bytes result(bytes.size());
  for (size_t channel = 0; channel < channels; ++channel)
    for (size_t pixel = 0; pixel < pixels; ++pixel)
      std::memcpy(&result[(pixel * channels + channel) * width], &bytes[(channel * pixels + pixel) * width], width);
  return result;
}

Verification verify_image(const ImportedModel &model, const Compilation &compilation, const Image &image, const Samples &samples) {
  const Simulation simulation = simulate(compilation, image, samples);
  check_stack(compilation.planned.target, image, simulation.stack);
  Verification result{.samples = samples.count};
  count_differences(result, model.graph, evaluate_samples(model.graph, samples), simulation.outputs);
  if (!result.divergence) return result;
  const size_t sample = result.divergence->sample;
  const Simulation detailed = simulate(compilation, image, samples, {.layers_of_sample = sample});
  result.divergence->layer = first_diverging_layer(compilation.planned, samples, sample, detailed.layer_outputs);
  return result;
}

Verification verify(const ImportedModel &model, const CompileOptions &options, const Samples &samples) {
  const Compilation compilation = compile_model(model, options);
  const TemporaryFolder folder;
  return verify_image(model, compilation, build_image(compilation, folder.path()), samples);
}

}  // namespace whit
