// SPDX-License-Identifier: Apache-2.0
// Random instances: sizes stay small so that hundreds run on an emulated 8-bit chip.
#include "ops/random_graph.hpp"

#include <algorithm>
#include <cmath>

#include "ops/op_def.hpp"

namespace whit {

namespace {

bool is_quantized(ElementType type) {
  return type == ElementType::int8 || type == ElementType::uint8 || type == ElementType::int16;
}

// A scale under which sums of random products cover the output range, now and then saturating: 74 is the deviation of
// random bytes, so at `spread` 1 the outputs' deviation is 74 too.
float output_scale(const Graph &graph, const std::vector<TensorId> &inputs, int64_t output_channels, float spread) {
  const Tensor &data = graph.tensor(inputs[0]);
  const Tensor &weights = graph.tensor(inputs[1]);
  const auto terms = static_cast<float>(std::max<int64_t>(1, weights.elements() / std::max<int64_t>(1, output_channels)));
  // Random 16-bit data deviate 256 times as much, and so may the outputs.
  return data.quantization.scale() * weights.quantization.scale() * 74.0F * std::sqrt(terms) * spread;
}

}  // namespace

RandomGraphBuilder::RandomGraphBuilder(std::mt19937 &random, std::string op) : random_(random), op_(std::move(op)) {
  graph_.name = op_;
}

int64_t RandomGraphBuilder::between(int64_t least, int64_t most) {
  return std::uniform_int_distribution<int64_t>(least, most)(random_);
}

float RandomGraphBuilder::real_between(float least, float most) {
  return std::uniform_real_distribution<float>(least, most)(random_);
}

Window RandomGraphBuilder::window(const Shape &input, int64_t kernel_height, int64_t kernel_width) {
  Window window;
  window.stride_height = between(1, 3);
  window.stride_width = between(1, 3);
  const auto axis = [&](int64_t length, int64_t kernel, int64_t &dilation, int64_t &begin, int64_t &end) {
    dilation = between(0, 3) == 0 ? 2 : 1;
    const int64_t reach = (kernel - 1) * dilation + 1;
    const int64_t needed = std::max<int64_t>(0, reach - length);
    begin = needed / 2 + between(0, std::min<int64_t>(2, reach - 1));
    end = needed - needed / 2 + between(0, std::min<int64_t>(2, reach - 1));
  };
  axis(input[1], kernel_height, window.dilation_height, window.padding_top, window.padding_bottom);
  axis(input[2], kernel_width, window.dilation_width, window.padding_left, window.padding_right);
  return window;
}

Attributes RandomGraphBuilder::activation() {
  static constexpr const char *names[] = {"none", "relu", "relu6", "relu_n1_to_1"};
  return {{"activation", std::string(names[between(0, 3)])}};
}

Quantization RandomGraphBuilder::random_quantization() {
  return {.scales = {real_between(0.002F, 0.1F)}, .zero_points = {between(-128, 127)}};
}

Quantization RandomGraphBuilder::quantization_for(ElementType type) {
  if (!is_quantized(type)) return {};
  Quantization quantization = random_quantization();
  if (type == ElementType::int16) quantization.zero_points = {0};
  if (type == ElementType::uint8) quantization.zero_points = {between(0, 255)};
  return quantization;
}

TensorId RandomGraphBuilder::constant(ElementType type, Shape shape) {
  const Tensor values{.type = type, .shape = shape};
  return graph_.add_constant("constant", type, std::move(shape), random_values(random_, values),
                             quantization_for(type));
}

TensorId RandomGraphBuilder::input(ElementType type, Shape shape) {
  Tensor tensor{.name = fmt::format("input_{}", graph_.inputs.size()), .type = type, .shape = std::move(shape)};
  tensor.quantization = quantization_for(type);
  graph_.inputs.push_back(graph_.add_tensor(std::move(tensor)));
  return graph_.inputs.back();
}

TensorId RandomGraphBuilder::weights(ElementType type, Shape shape, int axis) {
  Tensor tensor{.name = "weights", .type = type, .shape = std::move(shape)};
  Bytes bytes = random_values(random_, tensor);
  Quantization quantization;
  if (type == ElementType::int8) {
    for (uint8_t &byte : bytes)
      if (byte == 0x80) byte = 0x81;  // symmetric weights never hold -128
    const bool per_axis = between(0, 1) == 1;
    const int64_t count = per_axis ? tensor.shape[static_cast<size_t>(axis)] : 1;
    for (int64_t i = 0; i < count; ++i) quantization.scales.push_back(real_between(0.001F, 0.02F));
    quantization.zero_points.assign(static_cast<size_t>(count), 0);
    quantization.axis = per_axis ? axis : -1;
  }
  return graph_.add_constant("weights", type, tensor.shape, std::move(bytes), quantization);
}

TensorId RandomGraphBuilder::bias(TensorId data, TensorId weights, int64_t channels) {
  if (graph_.tensor(data).type == ElementType::float32) {
    const Tensor shape{.type = ElementType::float32, .shape = {channels}};
    return graph_.add_constant("bias", ElementType::float32, {channels}, random_values(random_, shape));
  }
  std::vector<int32_t> values(static_cast<size_t>(channels));
  for (int32_t &value : values) value = static_cast<int32_t>(between(-20000, 20000));
  const bool wide = graph_.tensor(data).type == ElementType::int16;
  Quantization quantization = graph_.tensor(weights).quantization;
  for (float &scale : quantization.scales) scale *= graph_.tensor(data).quantization.scale();
  quantization.axis = quantization.per_axis() ? 0 : -1;
  if (wide)
    return graph_.add_constant("bias", ElementType::int64, {channels},
                               bytes_of(std::vector<int64_t>(values.begin(), values.end())), quantization);
  return graph_.add_constant("bias", ElementType::int32, {channels}, bytes_of(values), quantization);
}

TensorId RandomGraphBuilder::variable(ElementType type, Shape shape, Quantization quantization) {
  Tensor tensor{.name = fmt::format("state_{}", variables_.size()), .type = type, .shape = std::move(shape),
                .quantization = std::move(quantization), .variable = true};
  if (between(0, 1) == 1)
    tensor.initial = std::make_shared<const Bytes>(random_values(random_, tensor));
  else if (tensor.type == ElementType::int8)
    tensor.initial = std::make_shared<const Bytes>(static_cast<size_t>(tensor.bytes()), static_cast<uint8_t>(tensor.quantization.zero_point()));
  variables_.push_back(graph_.add_tensor(std::move(tensor)));
  return variables_.back();
}

Graph RandomGraphBuilder::finish(std::vector<TensorId> inputs, Attributes attributes) {
  const OpDef *definition = find_operator(op_);
  internal_check(definition != nullptr, "no operator is called '{}'", op_);
  Node node{.op = op_, .inputs = inputs, .attributes = std::move(attributes), .origin = "random instance"};
  std::vector<TensorType> types = definition->infer(NodeView(graph_, node));
  types.resize(types.size() - variables_.size());
  for (const TensorType &type : types) {
    Tensor output{.name = fmt::format("output_{}", node.outputs.size()), .type = type.type, .shape = type.shape};
    if (is_quantized(type.type)) {
      output.quantization = definition->quantization == QuantizationRule::same_scale
                                ? graph_.tensor(inputs[0]).quantization
                                : quantization_for(type.type);
      if (definition->quantization == QuantizationRule::accumulate)
        output.quantization.scales = {output_scale(graph_, inputs, type.shape.back(), real_between(0.5F, 4.0F))};
    }
    node.outputs.push_back(graph_.add_tensor(std::move(output)));
    graph_.outputs.push_back(node.outputs.back());
  }
  node.outputs.insert(node.outputs.end(), variables_.begin(), variables_.end());
  graph_.nodes.push_back(std::move(node));
  return std::move(graph_);
}

Graph clipped_by_saturation(std::mt19937 &random, Graph graph) {
  const bool relu = random() % 2 == 0;
  if (relu) graph.tensor(graph.outputs[0]).quantization.zero_points = {-128};
  graph.nodes[0].attributes.set("activation", std::string(relu ? "relu" : "none"));
  return graph;
}

ElementType weight_type(ElementType data) { return data == ElementType::int16 ? ElementType::int8 : data; }

Graph with_narrow_bias(Graph graph) {
  Tensor &bias = graph.tensor(graph.nodes[0].inputs.at(2));
  const auto values = values_of<int64_t>(*bias.constant);
  bias.type = ElementType::int32;
  bias.constant = std::make_shared<const Bytes>(bytes_of(std::vector<int32_t>(values.begin(), values.end())));
  return graph;
}

namespace {

// Of every magnitude, so that sums and products seldom wrap and small numbers meet.
int64_t random_integer(std::mt19937 &random, int bits) {
  const auto wide = static_cast<int64_t>((static_cast<uint64_t>(random()) << 32) | random());
  return wide >> (64 - 1 - static_cast<int>(random() % static_cast<uint32_t>(bits)));
}

// An element of the tensor from a value; integers are taken as they are.
template <typename Value>
void append_element(Bytes &bytes, ElementType type, Value value) {
  const auto append = [&](auto element) {
    const Bytes more = bytes_of(std::vector{element});
    bytes.insert(bytes.end(), more.begin(), more.end());
  };
  switch (type) {
    case ElementType::int16: return append(static_cast<int16_t>(value));
    case ElementType::int32: return append(static_cast<int32_t>(value));
    case ElementType::int64: return append(static_cast<int64_t>(value));
    case ElementType::float32: return append(static_cast<float>(value));
    default: return append(static_cast<uint8_t>(value));
  }
}

template <typename Draw>
Bytes drawn(const Tensor &tensor, Draw draw) {
  Bytes bytes;
  for (int64_t element = 0; element < tensor.elements(); ++element) append_element(bytes, tensor.type, draw());
  return bytes;
}

}  // namespace

void set_layouts(Graph &graph, const LayoutChoice &choice) {
  const Node &node = graph.nodes[0];
  for (size_t index = 0; index < node.inputs.size(); ++index)
    if (node.inputs[index] != no_tensor) graph.tensor(node.inputs[index]).layout = choice.inputs.at(index);
  for (size_t index = 0; index < node.outputs.size(); ++index)
    graph.tensor(node.outputs[index]).layout = choice.outputs.at(index);
}

Bytes random_values(std::mt19937 &random, const Tensor &tensor) {
  switch (tensor.type) {
    case ElementType::float32:
      return drawn(tensor, [&] { return std::uniform_real_distribution<float>(-4.0F, 4.0F)(random); });
    case ElementType::boolean: return drawn(tensor, [&] { return random() % 2; });
    case ElementType::int32:
    case ElementType::int64: return drawn(tensor, [&] { return random_integer(random, bits_of(tensor.type)); });
    default: break;
  }
  Bytes bytes(static_cast<size_t>(tensor.bytes()));
  for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

std::optional<Interval> allowed_values(const Graph &graph, TensorId id) {
  for (const Node &node : graph.nodes) {
    const OpDef &definition = operator_of(node);
    if (definition.input_values == nullptr) continue;
    for (size_t input = 0; input < node.inputs.size(); ++input)
      if (node.inputs[input] == id)
        if (const auto values = definition.input_values(NodeView(graph, node), input)) return values;
  }
  return std::nullopt;
}

Bytes random_input(std::mt19937 &random, const Graph &graph, TensorId id) {
  const Tensor &tensor = graph.tensor(id);
  const std::optional<Interval> values = allowed_values(graph, id);
  if (!values) return random_values(random, tensor);
  if (tensor.type == ElementType::float32)
    return drawn(tensor, [&] {
      return std::uniform_real_distribution<float>(static_cast<float>(values->low),
                                                   static_cast<float>(values->high))(random);
    });
  return drawn(tensor, [&] { return std::uniform_int_distribution<int64_t>(values->low, values->high)(random); });
}

Bytes extreme_input(const Graph &graph, TensorId id, bool high) {
  const Tensor &tensor = graph.tensor(id);
  Interval values = stored_range(tensor.type);
  if (tensor.type == ElementType::float32) values = {-100, 100};
  if (const auto allowed = allowed_values(graph, id)) values = *allowed;
  return drawn(tensor, [&] { return high ? values.high : values.low; });
}

}  // namespace whit
