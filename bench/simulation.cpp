// SPDX-License-Identifier: Apache-2.0
// Speaks the protocol of bench/sims/README.md; natively, runs the program with its samples on standard input.
#include "bench/simulation.hpp"

#include <nlohmann/json.hpp>

#include "bench/link_script.hpp"
#include "bench/missing_tool.hpp"
#include "bench/process.hpp"
#include "bench/simulator.hpp"
#include "compiler/emit/names.hpp"

namespace whit {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr uint64_t most_instructions_a_sample = 20'000'000'000;

// The address of a tensor within the one instance of the model.
std::string address_in_model(const PlannedModel &model, TensorId id) {
  return fmt::format("bench_model+{}", offset_in_struct(model, id));
}

json transfers(const PlannedModel &model, const std::vector<TensorId> &tensors, const fs::path &folder, const char *kind) {
  json list = json::array();
  for (size_t index = 0; index < tensors.size(); ++index)
    list.push_back({{"address", address_in_model(model, tensors[index])},
                    {"bytes", model.graph.tensor(tensors[index]).bytes()},
                    {"file", (folder / fmt::format("{}_{}.bin", kind, index)).string()}});
  return list;
}

// The output of layer K is whole when layer K + 1 begins, or at the end.
json layer_dumps(const PlannedModel &model, size_t sample) {
  json dumps = json::array();
  const std::vector<Layer> layers = layers_of(model);
  for (const Layer &layer : layers) {
    const TensorId output = model.graph.nodes[layer.node].outputs.at(0);
    json dump = {{"sample", sample}, {"address", address_in_model(model, output)}, {"bytes", model.graph.tensor(output).bytes()}};
    dump["at"] = layer.number + 1 < layers.size() ? json(layer.number + 1) : json("end");
    dumps.push_back(dump);
  }
  return dumps;
}

json request_for(const Compilation &compilation, const Image &image, const Samples &samples,
                 const SimulationOptions &options) {
  const PlannedModel &model = compilation.planned;
  const fs::path folder = image.program.parent_path();
  json markers = json::array();
  for (const Layer &layer : layers_of(model)) markers.push_back(layer_name(model, layer));
  json request = {{"firmware", image.program.string()},
                  {"stop", "bench_wait"},
                  {"measure", {{"from", model.name + "_run"}}},
                  {"markers", markers},
                  {"inputs", transfers(model, model.graph.inputs, folder, "input")},
                  {"outputs", transfers(model, model.graph.outputs, folder, "output")},
                  {"samples", samples.count},
                  {"count_samples", 1},
                  {"instruction_limit", most_instructions_a_sample}};
  if (options.layers_of_sample) request["dumps"] = layer_dumps(model, *options.layers_of_sample);
  return request;
}

Bytes bytes_from_hexadecimal(const std::string &text) {
  Bytes bytes;
  for (size_t index = 0; index + 1 < text.size(); index += 2)
    bytes.push_back(static_cast<uint8_t>(std::stoi(text.substr(index, 2), nullptr, 16)));
  return bytes;
}

Simulation read_reply(const json &reply) {
  Simulation result;
  if (!reply.at("counted").empty()) {
    const json &counted = reply.at("counted").at(0);
    result.total = counts_from(counted);
    if (counted.contains("stack")) result.stack = counted.at("stack").get<int64_t>();
    for (const json &marker : counted.at("markers")) result.layers.push_back(counts_from(marker));
  }
  if (reply.contains("dumps"))
    for (const json &dump : reply.at("dumps")) result.layer_outputs.push_back(bytes_from_hexadecimal(dump.get<std::string>()));
  return result;
}

Simulation simulate_chip(const Compilation &compilation, const Image &image, const Samples &samples,
                         const SimulationOptions &options) {
  const Target &target = compilation.planned.target;
  const fs::path folder = image.program.parent_path();
  for (size_t index = 0; index < samples.inputs.size(); ++index)
    write_file(folder / fmt::format("input_{}.bin", index), samples.inputs[index]);
  const json reply = ask_simulator(target, request_for(compilation, image, samples, options));
  if (!reply.at("ok").get<bool>())
    throw UserError({target.name, simulator_complaint(reply), "", "this firmware must not run on the chip; please report it"},
                    ExitCode::check_failed);
  Simulation result = read_reply(reply);
  for (size_t index = 0; index < compilation.planned.graph.outputs.size(); ++index)
    result.outputs.push_back(read_file(folder / fmt::format("output_{}.bin", index)));
  return result;
}

// All inputs of a sample together, sample after sample.
Bytes interleaved_inputs(const Graph &graph, const Samples &samples) {
  Bytes bytes;
  for (size_t sample = 0; sample < samples.count; ++sample)
    for (size_t input = 0; input < graph.inputs.size(); ++input) {
      const auto part = sample_of(samples, graph, input, sample);
      bytes.insert(bytes.end(), part.begin(), part.end());
    }
  return bytes;
}

// By itself, or through the emulator of another computer's programs that the core names. With `layers_of_sample` all
// outputs of that sample's layers, else the outputs of all samples.
std::string run_native(const Target &target, const Image &image, const Bytes &input,
                       std::optional<size_t> layers_of_sample = {}) {
  const fs::path folder = image.program.parent_path();
  const std::string through = target.core.simulator.value("through", "");
  write_file(folder / "samples.bin", input);
  const std::string layers = layers_of_sample ? std::to_string(*layers_of_sample) : "";
  const ProcessResult result = run_process({"/bin/sh", "-c", fmt::format("exec {} \"$0\" {} < \"$1\" > \"$2\"", through, layers),
                                            image.program.string(), (folder / "samples.bin").string(),
                                            (folder / "answers.bin").string()});
  if (result.status == 127 && !through.empty())
    throw MissingTool({target.name, fmt::format("the emulator {} is not installed", through), "",
                     fmt::format("apt-get install {}", fmt::join(target.core.toolchain.debian_packages, " "))});
  if (result.status != 0)
    throw UserError({image.program.string(), fmt::format("ended with status {}", result.status), "", "please report it"},
                    ExitCode::check_failed);
  const Bytes bytes = read_file(folder / "answers.bin");
  return {bytes.begin(), bytes.end()};
}

Simulation simulate_natively(const Compilation &compilation, const Image &image, const Samples &samples,
                             const SimulationOptions &options) {
  const Graph &graph = compilation.planned.graph;
  const Target &target = compilation.planned.target;
  Simulation result{.outputs = std::vector<Bytes>(graph.outputs.size())};
  const std::string answers = run_native(target, image, interleaved_inputs(graph, samples));
  size_t position = 0;
  const auto take = [&](const std::string &from, int64_t bytes) {
    internal_check(position + static_cast<size_t>(bytes) <= from.size(), "the native program answered too little");
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(position);
    position += static_cast<size_t>(bytes);
    return Bytes(begin, begin + bytes);
  };
  for (size_t sample = 0; sample < samples.count; ++sample)
    for (size_t output = 0; output < graph.outputs.size(); ++output) {
      const Bytes part = take(answers, graph.tensor(graph.outputs[output]).bytes());
      result.outputs[output].insert(result.outputs[output].end(), part.begin(), part.end());
    }
  if (!options.layers_of_sample) return result;
  const std::string layers = run_native(target, image, interleaved_inputs(graph, samples), options.layers_of_sample);
  position = 0;
  for (const Layer &layer : layers_of(compilation.planned)) {
    const Node &node = graph.nodes[layer.node];
    result.layer_outputs.push_back(take(layers, graph.tensor(node.outputs[0]).bytes()));
    for (size_t output = 1; output < node.outputs.size(); ++output) take(layers, graph.tensor(node.outputs[output]).bytes());
  }
  return result;
}

}  // namespace

Simulation simulate(const Compilation &compilation, const Image &image, const Samples &samples,
                    const SimulationOptions &options) {
  if (compilation.planned.target.core.simulator.at("program") == "native")
    return simulate_natively(compilation, image, samples, options);
  return simulate_chip(compilation, image, samples, options);
}

}  // namespace whit
