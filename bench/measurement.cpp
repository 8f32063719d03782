// SPDX-License-Identifier: Apache-2.0
// One cell of the table.
#include "bench/measurement.hpp"

#include <algorithm>

#include "bench/missing_tool.hpp"
#include "bench/temporary_folder.hpp"
#include "compiler/emit/names.hpp"
#include "compiler/plan/map.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

template <typename T>
size_t largest_of(std::span<const uint8_t> bytes) {
  const std::vector<T> values = values_of<T>(bytes);
  return static_cast<size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

// The class that a sample's output names: a single integer is the class itself, otherwise the largest element's place.
size_t class_of(const Tensor &tensor, std::span<const uint8_t> bytes) {
  if (tensor.elements() == 1 && tensor.type == ElementType::uint8) return bytes[0];
  if (tensor.elements() == 1 && tensor.type == ElementType::int32)
    return static_cast<size_t>(values_of<int32_t>(bytes)[0]);

  switch (tensor.type) {
    case ElementType::int8: return largest_of<int8_t>(bytes);
    case ElementType::boolean:
    case ElementType::uint8: return largest_of<uint8_t>(bytes);
    case ElementType::int16: return largest_of<int16_t>(bytes);
    case ElementType::int32: return largest_of<int32_t>(bytes);
    case ElementType::int64: return largest_of<int64_t>(bytes);
    case ElementType::float32: return largest_of<float>(bytes);
    case ElementType::int4: break;
  }
  throw InternalError("outputs are never int4");
}

Measurement described(const ImportedModel &model, const CompileOptions &options) {
  Measurement result = measurement_on(options.target);
  result.model = model.path.stem().string();
  result.file = model.path.filename().string();
  result.options = fmt::format("--optimize {}", name_of(options.emphasis));
  return result;
}

void add_sizes(Measurement &result, const PlannedModel &model, const Image &image) {
  result.compiler = image.compiler;
  result.arena = model.plan.arena_bytes;
  result.scratch = model.plan.scratch_bytes;
  result.state = model.plan.state_bytes;
  if (!model.target.memories.empty()) result.library = image.library;
}

int64_t traffic_of(const NodeView &node) {
  int64_t bytes = 0;
  for (size_t index = 0; index < node.input_count(); ++index)
    if (node.has_input(index)) bytes += node.input(index).bytes();
  for (size_t index = 0; index < node.output_count(); ++index) bytes += node.graph().tensor(node.node().outputs[index]).bytes();
  return bytes;
}

void add_layers(Measurement &result, const PlannedModel &model, const Simulation &simulation) {
  for (const Layer &layer : layers_of(model)) {
    const NodeView node(model.graph, model.graph.nodes[layer.node]);
    LayerMeasurement entry{.name = layer_name(model, layer),
                           .op = node.node().op,
                           .kernel = std::string(model.kernels[layer.node]->name),
                           .shape = text_of(node.output().shape),
                           .macs = macs_of(node),
                           .bytes = traffic_of(node)};
    if (layer.number < simulation.layers.size()) entry.counts = simulation.layers[layer.number];
    result.layers.push_back(std::move(entry));
  }
}

void measure_into(Measurement &result, const ImportedModel &model, const MeasureOptions &options,
                  const std::vector<Bytes> &host_outputs) {
  const Compilation compilation = compile_model(model, options.compile);
  const TemporaryFolder folder;
  const Image image = build_image(compilation, folder.path());
  add_sizes(result, compilation.planned, image);
  const Simulation simulation = simulate(compilation, image, options.samples);
  result.total = simulation.total;
  result.stack = simulation.stack;
  result.samples = options.samples.count;
  result.bit_exact = simulation.outputs == host_outputs;
  if (!options.labels.empty()) result.accuracy = accuracy_of(model.graph, simulation.outputs, options.labels);
  add_layers(result, compilation.planned, simulation);
  for (const Node &node : model.graph.nodes) result.macs += macs_of(NodeView(model.graph, node));
  add_time_and_energy(result, options.compile.target, options.duty);
  result.memory_map_svg = memory_map_svg(compilation.planned.graph, compilation.planned.kernels, compilation.planned.plan);
  check_stack(options.compile.target, image, result.stack);
}

}  // namespace

Measurement measurement_on(const Target &target) {
  Measurement result;
  result.target = target.name;
  result.core = target.core.name;
  result.cycles_error = target.core.cycles_error;
  result.clock_hz = target.clock_hz;
  if (const Memory *flash = target.memory(MemoryKind::flash)) result.flash_size = flash->size;
  if (const Memory *ram = target.memory(MemoryKind::ram)) result.ram_size = ram->size;
  return result;
}

void add_time_and_energy(Measurement &result, const Target &target, const DutyOptions &duty) {
  if (!result.total || !target.clock_hz) return;
  result.milliseconds = static_cast<double>(result.total->board_cycles) / *target.clock_hz * 1e3;
  if (target.active_milliwatts) {
    result.microjoules = *result.milliseconds * *target.active_milliwatts;
    result.microjoules_error_percent = target.active_power_error_percent;
  }
  if (duty.any()) result.duty = duty_cycle(*result.milliseconds, target, duty);
}

Measurement measure(const ImportedModel &model, const MeasureOptions &options, const std::vector<Bytes> &host_outputs) {
  Measurement result = described(model, options.compile);
  try {
    measure_into(result, model, options, host_outputs);
  } catch (const MissingTool &error) {
    if (!options.list_missing_tools) throw;
    result = described(model, options.compile);
    result.missing = fmt::format("{} ({})", error.problems().at(0).found, error.problems().at(0).hint);
  } catch (const UserError &error) {
    if (error.code() != ExitCode::does_not_fit) throw;
    result = described(model, options.compile);
    result.misfit = error.problems().at(0).found;
  }
  return result;
}

int64_t class_count(const Tensor &output) {
  if (output.elements() == 1 && output.type == ElementType::uint8) return 256;
  if (output.elements() == 1 && output.type == ElementType::int32) return INT32_MAX;
  return output.elements();
}

double accuracy_of(const Graph &graph, const std::vector<Bytes> &outputs, const std::vector<int64_t> &labels) {
  const Tensor &tensor = graph.tensor(graph.outputs.at(0));
  const auto bytes = static_cast<size_t>(tensor.bytes());
  size_t right = 0;
  for (size_t sample = 0; sample < labels.size(); ++sample)
    if (static_cast<int64_t>(class_of(tensor, std::span(outputs[0]).subspan(sample * bytes, bytes))) == labels[sample])
      ++right;
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

}  // namespace whit
