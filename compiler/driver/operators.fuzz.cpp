// SPDX-License-Identifier: Apache-2.0
// Fuzzer: graphs with every operator, one to four in a row, changed in any place: refused with an explanation, or their
// answers survive the passes and they compile for every kind of core.
//
// The input is a list of choices: which operators' random instances (`OpDef::random_graphs`), what is changed in them,
// and for which chip they are compiled.
#include <fuzzer/FuzzedDataProvider.h>

#include <limits>
#include <map>

#include "compiler/driver/compile.hpp"
#include "compiler/ir/text.hpp"
#include "compiler/passes/pipeline.hpp"
#include "ops/small_graph.hpp"
#include "ops/verify.hpp"

namespace {

using namespace whit;

constexpr int64_t telling_integers[] = {-1, 0, 1, 2, 3, 4, 5, 7, 8, 127, 128, 255, 32767, 65536, 0x7FFFFFFF, std::numeric_limits<int64_t>::min()};
constexpr double telling_reals[] = {0.0, 1e-38, 1e-12, 0.00390625, 0.5, -1.0, 1e10, 3e38, std::numeric_limits<double>::infinity(),
                                    std::numeric_limits<double>::quiet_NaN()};
constexpr const char *telling_words[] = {"none", "relu", "relu6", "relu_n1_to_1", "", "reflect", "int8", "float32"};
constexpr const char *chips[] = {"nucleo-l4r5zi", "nucleo-g0b1re", "arduino-uno", "mps3-an547", "esp32-c3"};

Graph random_graph(FuzzedDataProvider &choices) {
  const OpDef &definition = *all_operators()[choices.ConsumeIntegralInRange<size_t>(0, all_operators().size() - 1)];
  const size_t family = choices.ConsumeIntegralInRange<size_t>(0, definition.random_graphs.size() - 1);
  std::mt19937 random(choices.ConsumeIntegral<uint16_t>());
  return definition.random_graphs[family](random);
}

// Whether the shape, which nobody has verified, is one that a constant may have here.
bool is_handy(const Shape &shape) {
  int64_t elements = 1;
  for (int64_t length : shape) {
    if (length < 0 || length > 4096) return false;
    elements *= length;
    if (elements > 4096) return false;
  }
  return true;
}

class Change {
 public:
  Change(FuzzedDataProvider &choices, Graph &graph) : choices_(choices), graph_(graph) {}

  void apply() {
    switch (choices_.ConsumeIntegralInRange(0, 9)) {
      case 0:
      case 1: return append(random_graph(choices_));
      case 2: return change_shape(pick(graph_.tensors));
      case 3: return change_quantization(pick(graph_.tensors));
      case 4: return change_constant(pick(graph_.tensors));
      case 5: pick(graph_.tensors).type = static_cast<ElementType>(choices_.ConsumeIntegralInRange(0, 7)); return;
      case 6: return change_ports(pick(graph_.nodes));
      case 7: return change_body(pick(graph_.nodes));
      default: return change_attribute(pick(graph_.nodes));
    }
  }

 private:
  size_t index(size_t count) { return choices_.ConsumeIntegralInRange<size_t>(0, count - 1); }
  template <typename T>
  T &pick(std::vector<T> &values) {
    return values[index(values.size())];
  }
  int64_t integer(int64_t old) {
    return choices_.ConsumeBool() ? choices_.PickValueInArray(telling_integers)
                                 : static_cast<int64_t>(static_cast<uint64_t>(old) + static_cast<uint64_t>(choices_.ConsumeIntegralInRange<int64_t>(-2, 2)));
  }

  void change_integers(std::vector<int64_t> &values) {
    if (choices_.ConsumeIntegralInRange(0, 7) == 0) values.resize(choices_.ConsumeIntegralInRange<size_t>(0, 6), 1);
    if (int64_t *value = values.empty() ? nullptr : &pick(values)) *value = integer(*value);
  }

  void change_shape(Tensor &tensor) {
    change_integers(tensor.shape);
    if (tensor.is_constant() && is_handy(tensor.shape))  // else the verifier sees to it
      tensor.constant = resized(*tensor.constant, tensor.bytes());
  }

  static std::shared_ptr<const Bytes> resized(Bytes bytes, int64_t size) {
    bytes.resize(static_cast<size_t>(size), 1);
    return std::make_shared<const Bytes>(std::move(bytes));
  }

  void change_quantization(Tensor &tensor) {
    Quantization &quantization = tensor.quantization;
    switch (choices_.ConsumeIntegralInRange(0, 3)) {
      case 0: return change_integers(quantization.zero_points);
      case 1: quantization.axis = static_cast<int>(integer(quantization.axis)); return;
      case 2: quantization.scales.resize(choices_.ConsumeIntegralInRange<size_t>(0, 6), 0.5F); return;
      default:
        if (!quantization.scales.empty()) pick(quantization.scales) = static_cast<float>(choices_.PickValueInArray(telling_reals));
    }
  }

  // Other bytes; or what was computed becomes known, or the other way round.
  void change_constant(Tensor &tensor) {
    if (!tensor.is_constant() && is_handy(tensor.shape)) {
      const auto id = static_cast<TensorId>(&tensor - graph_.tensors.data());
      std::erase(graph_.inputs, id);
      tensor.constant = resized({}, tensor.bytes());
    } else if (tensor.is_constant() && choices_.ConsumeIntegralInRange(0, 7) == 0) {
      graph_.inputs.push_back(static_cast<TensorId>(&tensor - graph_.tensors.data()));
      tensor.constant = nullptr;
    } else if (tensor.is_constant() && !tensor.constant->empty() && is_handy(tensor.shape)) {
      Bytes bytes = *tensor.constant;
      for (uint8_t byte : choices_.ConsumeBytes<uint8_t>(choices_.ConsumeIntegralInRange<size_t>(0, 8))) pick(bytes) = byte;
      tensor.constant = resized(std::move(bytes), tensor.bytes());
    }
  }

  void change_ports(Node &node) {
    std::vector<TensorId> &ids = choices_.ConsumeIntegralInRange(0, 3) == 0 ? node.outputs : node.inputs;
    if (choices_.ConsumeIntegralInRange(0, 3) == 0) ids.resize(choices_.ConsumeIntegralInRange<size_t>(0, ids.size() + 1), no_tensor);
    if (!ids.empty()) pick(ids) = static_cast<TensorId>(choices_.ConsumeIntegralInRange<int64_t>(-2, static_cast<int64_t>(graph_.tensors.size())));
  }

  void change_body(Node &node) {
    if (node.bodies.empty()) return;
    std::shared_ptr<const Graph> &body = pick(node.bodies);
    auto changed = std::make_shared<Graph>(*body);
    if (!changed->nodes.empty() && !changed->tensors.empty()) Change(choices_, *changed).apply();
    body = std::move(changed);
  }

  void change_attribute(Node &node) {
    if (node.attributes.values().empty()) return;
    auto place = node.attributes.values().begin();
    std::advance(place, index(node.attributes.values().size()));
    AttributeValue value = place->second;
    if (auto *number = std::get_if<int64_t>(&value)) *number = integer(*number);
    else if (auto *real = std::get_if<double>(&value)) *real = choices_.PickValueInArray(telling_reals);
    else if (auto *word = std::get_if<std::string>(&value)) *word = choices_.PickValueInArray(telling_words);
    else change_integers(std::get<std::vector<int64_t>>(value));
    node.attributes.set(std::string(place->first), std::move(value));
  }

  // The other graph's nodes behind these; its first input becomes the last output, its own shape and type notwithstanding.
  void append(const Graph &next) {
    if (graph_.nodes.size() > 3 || next.inputs.empty() || graph_.outputs.empty()) return;
    const auto first = static_cast<TensorId>(graph_.tensors.size());
    const TensorId joint = graph_.outputs.back();
    const auto renumbered = [&](std::vector<TensorId> ids) {
      for (TensorId &id : ids)
        if (id != no_tensor) id = id == next.inputs[0] ? joint : id + first;
      return ids;
    };
    graph_.tensors.insert(graph_.tensors.end(), next.tensors.begin(), next.tensors.end());
    for (Node node : next.nodes) {
      node.inputs = renumbered(node.inputs);
      node.outputs = renumbered(node.outputs);
      graph_.nodes.push_back(std::move(node));
    }
    for (size_t input = 1; input < next.inputs.size(); ++input) graph_.inputs.push_back(next.inputs[input] + first);
    graph_.outputs = renumbered(next.outputs);
    if (choices_.ConsumeBool()) take_over(graph_.tensor(joint), next.tensors[static_cast<size_t>(next.inputs[0])]);
    if (is_handy(graph_.tensor(joint).shape)) infer(graph_.nodes.size() - next.nodes.size());
  }

  // What the appended operator asks of its input, where the graph's own operator allows that.
  static void take_over(Tensor &joint, const Tensor &asked) {
    joint.quantization = asked.quantization;
    joint.type = asked.type;
  }

  // Types and shapes of the nodes from `first` on, which nothing has changed yet, as their operators infer them.
  void infer(size_t first) {
    for (size_t index = first; index < graph_.nodes.size(); ++index) {
      const Node &node = graph_.nodes[index];
      const std::vector<TensorType> types = operator_of(node).infer(NodeView(graph_, node));
      for (size_t output = 0; output < std::min(types.size(), node.outputs.size()); ++output) {
        Tensor &tensor = graph_.tensor(node.outputs[output]);
        if (tensor.variable) continue;
        tensor.type = types[output].type;
        tensor.shape = types[output].shape;
      }
    }
  }

  FuzzedDataProvider &choices_;
  Graph &graph_;
};

const Target &chip_named(const std::string &name) {
  static std::map<std::string, Target> loaded;
  const auto place = loaded.find(name);
  return place != loaded.end() ? place->second : loaded.emplace(name, load_target(name)).first->second;
}

void check(Graph graph, const CompileOptions &options, bool whole) {
  Module module{.graphs = {std::move(graph)}};
  verify_import(module);
  if (!is_small(module.main())) return;
  const ImportedModel model{.graph = module.main()};
  const Bytes before = outputs_of(module.main());
  std::string passes;
  run_passes(module, {.trace = [&](const Pass &pass, const Module &) { passes += fmt::format(" {}", pass.name); }});
  internal_check(outputs_of(module.main()) == before, "{} changed an output of\n{}into\n{}", passes, to_text(model.graph), to_text(module));
  if (whole) compile_model(model, options);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  try {
    FuzzedDataProvider choices(data, size);
    const CompileOptions options{.name = "fuzz", .target = chip_named(choices.PickValueInArray(chips)),
                                 .emphasis = choices.PickValueInArray({Emphasis::speed, Emphasis::ram, Emphasis::size})};
    // Planning and writing take a hundred times as long; not a choice of the input's, or the fuzzer would seek it.
    const bool whole = std::hash<std::string_view>()({reinterpret_cast<const char *>(data), size}) % 32 == 0;
    Graph graph = random_graph(choices);
    for (int changes = choices.ConsumeIntegralInRange(0, 5); changes > 0; --changes) Change(choices, graph).apply();
    check(std::move(graph), options, whole);
  } catch (const UserError &) {
    // refused with an explanation: just what senseless graphs should get
  }
  return 0;
}
