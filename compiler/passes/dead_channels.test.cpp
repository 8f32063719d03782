// SPDX-License-Identifier: Apache-2.0
// Dead channels by hand, and random networks full of them.
#include "compiler/passes/pass_test.hpp"

namespace whit {
namespace {

TEST(DeadChannels, folds_constant_channels_into_the_next_bias) {
  // Channel 1 of the first layer has no weights: it always holds 4 + 0. The second layer adds 3 * (4 - 0), 5 * (4 - 0).
  expect_pass("dead_channels", R"(graph "g" {
    input %x: int8[1,1,1,2] scale 1 zero 0
    constant %w: int8[3,1,1,2] scale [1, 1, 1] zero [0, 0, 0] axis 0 = [1, 2, 0, 0, 3, 4]
    constant %b: int32[3] = [7, 4, 9]
    %h: int8[1,1,1,3] scale 1 zero 0 = conv2d(%x, %w, %b)
    constant %v: int8[2,1,1,3] scale 1 zero 0 = [1, 3, 2, 1, 5, 2]
    constant %c: int32[2] = [100, -100]
    %y: int8[1,1,1,2] scale 10 zero 0 = conv2d(%h, %v, %c)
    output %y
  })",
              R"(graph "g" {
    input %x: int8[1,1,1,2] scale 1 zero 0
    constant %w: int8[2,1,1,2] scale [1, 1] zero [0, 0] axis 0 = [1, 2, 3, 4]
    constant %b: int32[2] = [7, 9]
    %h: int8[1,1,1,2] scale 1 zero 0 = conv2d(%x, %w, %b)
    constant %v: int8[2,1,1,2] scale 1 zero 0 = [1, 2, 1, 2]
    constant %c: int32[2] = [112, -80]
    %y: int8[1,1,1,2] scale 10 zero 0 = conv2d(%h, %v, %c)
    output %y
  })");
}

TEST(DeadChannels, give_a_layer_without_bias_one) {
  expect_pass("dead_channels", R"(graph "g" {
    input %x: int8[1,2] scale 1 zero 0
    constant %w: int8[2,2] scale 1 zero 0 = [0, 0, 1, 1]
    constant %b: int32[2] = [4, 5]
    %h: int8[1,2] scale 1 zero 3 = fully_connected(%x, %w, %b)
    constant %v: int8[1,2] scale 0.5 zero 0 = [7, 2]
    %y: int8[1,1] scale 1 zero 0 = fully_connected(%h, %v)
    output %y
  })",
              R"(graph "g" {
    input %x: int8[1,2] scale 1 zero 0
    constant %w: int8[1,2] scale 1 zero 0 = [1, 1]
    constant %b: int32[1] = [5]
    %h: int8[1,1] scale 1 zero 3 = fully_connected(%x, %w, %b)
    constant %v: int8[1,1] scale 0.5 zero 0 = [2]
    constant %bias: int32[1] scale 0.5 zero 0 = [28]
    %y: int8[1,1] scale 1 zero 0 = fully_connected(%h, %v, %bias)
    output %y
  })");
}

TEST(DeadChannels, that_nobody_reads_go_with_what_they_need) {
  // %v reads only channel 0 of %h, which reads only channel 1 of %g; the depthwise layer between has to follow.
  expect_pass("dead_channels", R"(graph "g" {
    input %x: int8[1,3,3,1] scale 1 zero 0
    constant %u: int8[2,1,1,1] scale 1 zero 0 = [1, 2]
    %g: int8[1,3,3,2] scale 2 zero 0 = conv2d(%x, %u)
    constant %d: int8[1,3,3,2] scale [1, 2] zero [0, 0] axis 3 = hex "010203040506070809101112131415161718"
    %k: int8[1,3,3,2] scale 90 zero 0 = depthwise_conv2d(%g, %d) {padding_bottom = 1, padding_left = 1, padding_right = 1, padding_top = 1}
    constant %w: int8[2,1,1,2] scale 1 zero 0 = [0, 1, 1, 1]
    %h: int8[1,3,3,2] scale 1 zero 0 = conv2d(%k, %w)
    constant %v: int8[1,1,1,2] scale 1 zero 0 = [1, 0]
    %y: int8[1,3,3,1] scale 1 zero 0 = conv2d(%h, %v)
    output %y
  })",
              R"(graph "g" {
    input %x: int8[1,3,3,1] scale 1 zero 0
    constant %u: int8[1,1,1,1] scale 1 zero 0 = [2]
    %g: int8[1,3,3,1] scale 2 zero 0 = conv2d(%x, %u)
    constant %d: int8[1,3,3,1] scale [2] zero [0] axis 3 = [2, 4, 6, 8, 16, 18, 20, 22, 24]
    %k: int8[1,3,3,1] scale 90 zero 0 = depthwise_conv2d(%g, %d) {padding_bottom = 1, padding_left = 1, padding_right = 1, padding_top = 1}
    constant %w: int8[1,1,1,1] scale 1 zero 0 = [1]
    %h: int8[1,3,3,1] scale 1 zero 0 = conv2d(%k, %w)
    constant %v: int8[1,1,1,1] scale 1 zero 0 = [1]
    %y: int8[1,3,3,1] scale 1 zero 0 = conv2d(%h, %v)
    output %y
  })");
}

// A constant channel with this bias read by a padded 3x3 layer.
std::string read_with_padding(int bias) {
  return fmt::format(R"(graph "g" {{
    input %x: int8[1,3,3,1] scale 1 zero 0
    constant %w: int8[2,1,1,1] scale 1 zero 0 = [1, 0]
    constant %b: int32[2] = [0, {}]
    %h: int8[1,3,3,2] scale 1 zero 0 = conv2d(%x, %w, %b)
    constant %v: int8[1,3,3,2] scale 1 zero 0 = random 3
    %y: int8[1,3,3,1] scale 100 zero 0 = conv2d(%h, %v) {{padding_bottom = 1, padding_left = 1, padding_right = 1, padding_top = 1}}
    output %y
  }})",
                     bias);
}

TEST(DeadChannels, stay_where_padding_would_see_the_difference) {
  expect_untouched("dead_channels", read_with_padding(1));
  const Graph graph = parse_graph(read_with_padding(0));
  const Graph result = after_pass("dead_channels", graph);
  EXPECT_EQ(result.tensor(result.nodes[0].outputs[0]).shape, (Shape{1, 3, 3, 1}));
  expect_same_outputs(graph, result);
}

TEST(DeadChannels, stay_where_the_bias_would_overflow) {
  expect_untouched("dead_channels", R"(graph "g" {
    input %x: int8[1,1] scale 1 zero 0
    constant %w: int8[2,1] scale 1 zero 0 = [1, 0]
    constant %b: int32[2] = [0, 100]
    %h: int8[1,2] scale 1 zero 0 = fully_connected(%x, %w, %b)
    constant %v: int8[1,2] scale 1 zero 0 = [1, 100]
    constant %c: int32[1] = [2147480000]
    %y: int8[1,1] scale 1 zero 0 = fully_connected(%h, %v, %c)
    output %y
  })");
}

TEST(DeadChannels, stay_in_inputs_outputs_and_before_operators_that_mix_channels) {
  expect_untouched("dead_channels", R"(graph "g" {
    input %x: int8[1,3] scale 1 zero 0
    constant %w: int8[2,3] scale 1 zero 0 = [1, 0, 0, 0, 0, 0]
    %h: int8[1,2] scale 1 zero 0 = fully_connected(%x, %w)
    %s: int8[1,2] scale 0.00390625 zero -128 = softmax(%h)
    constant %v: int8[2,2] scale 1 zero 0 = [0, 0, 1, 0]
    %y: int8[1,2] scale 1 zero 0 = fully_connected(%s, %v)
    output %y
  })");
}

TEST(DeadChannels, keep_one_channel_of_each_tensor) {
  expect_pass("dead_channels", R"(graph "g" {
    input %x: int8[1,2] scale 1 zero 0
    constant %w: int8[3,2] scale 1 zero 0 = [1, 2, 3, 4, 5, 6]
    %h: int8[1,3] scale 10 zero 0 = fully_connected(%x, %w)
    constant %v: int8[1,3] scale 1 zero 0 = [0, 0, 0]
    %y: int8[1,1] scale 1 zero 0 = fully_connected(%h, %v)
    output %y
  })",
              R"(graph "g" {
    input %x: int8[1,2] scale 1 zero 0
    constant %w: int8[1,2] scale 1 zero 0 = [1, 2]
    %h: int8[1,1] scale 10 zero 0 = fully_connected(%x, %w)
    constant %v: int8[1,1] scale 1 zero 0 = [0]
    %y: int8[1,1] scale 1 zero 0 = fully_connected(%h, %v)
    output %y
  })");
}

TEST(DeadChannels, with_two_readers_go_only_if_both_can_spare_them) {
  const auto graph_with = [](const char *second) {
    return fmt::format(R"(graph "g" {{
      input %x: int8[1,1] scale 1 zero 0
      constant %w: int8[2,1] scale 1 zero 0 = [1, 2]
      %h: int8[1,2] scale 1 zero 0 = fully_connected(%x, %w)
      constant %v: int8[1,2] scale 1 zero 0 = [3, 0]
      constant %u: int8[1,2] scale 1 zero 0 = {}
      %y: int8[1,1] scale 1 zero 0 = fully_connected(%h, %v)
      %z: int8[1,1] scale 1 zero 0 = fully_connected(%h, %u)
      output %y, %z
    }})", second);
  };
  expect_untouched("dead_channels", graph_with("[0, 1]"));
  const Graph graph = parse_graph(graph_with("[5, 0]"));
  const Graph result = after_pass("dead_channels", graph);
  EXPECT_EQ(result.tensor(result.nodes[0].outputs[0]).shape, (Shape{1, 1}));
  expect_same_outputs(graph, result);
}

// A random network of int8 layers in which many filters are zero and many inputs unread.
class RandomNetwork {
 public:
  explicit RandomNetwork(std::mt19937 &random) : random_(random) {}

  Graph make() {
    TensorId tensor = graph_.add_tensor({.name = "x", .shape = {1, pick(3, 6), pick(3, 6), pick(1, 3)},
                                         .quantization = {{0.1F}, {pick(-128, 127)}}});
    graph_.inputs = {tensor};
    for (int64_t layer = pick(2, 6); layer > 0; --layer) tensor = add_layer(tensor);
    graph_.outputs = {conv2d(tensor)};
    return std::move(graph_);
  }

 private:
  int64_t pick(int64_t least, int64_t most) { return std::uniform_int_distribution<int64_t>(least, most)(random_); }

  TensorId add_layer(TensorId data) {
    switch (pick(0, 3)) {
      case 0: return depthwise_conv2d(data);
      case 1: return pool(data);
      default: return conv2d(data);
    }
  }

  // Values of which whole output channels and whole data channels are often zero.
  TensorId weights(const Shape &shape, bool output_first, int64_t channels) {
    const int64_t count = element_count(shape), outputs = output_first ? shape.front() : shape.back();
    std::vector<bool> zero_output(static_cast<size_t>(outputs)), zero_input(static_cast<size_t>(channels));
    for (size_t i = 0; i < zero_output.size(); ++i) zero_output[i] = pick(0, 2) == 0;
    for (size_t i = 0; i < zero_input.size(); ++i) zero_input[i] = pick(0, 2) == 0;
    Bytes bytes(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; ++i) {
      const auto output = static_cast<size_t>(output_first ? i / (count / outputs) : i % outputs);
      const bool zero = zero_output[output] || (output_first && zero_input[static_cast<size_t>(i % channels)]);
      bytes[static_cast<size_t>(i)] = zero ? 0 : static_cast<uint8_t>(pick(-127, 127));
    }
    return graph_.add_constant("w", ElementType::int8, shape, bytes, {{0.01F}, {0}});
  }

  TensorId bias(int64_t channels) {
    std::vector<int32_t> values(static_cast<size_t>(channels));
    for (int32_t &value : values) value = pick(0, 1) == 0 ? 0 : static_cast<int32_t>(pick(-20000, 20000));
    return pick(0, 3) == 0 ? no_tensor : graph_.add_constant("b", ElementType::int32, {channels}, bytes_of(values));
  }

  Attributes window() {
    Attributes attributes{{"activation", std::string(pick(0, 1) == 0 ? "none" : "relu")}};
    if (pick(0, 1) == 0)
      for (const char *side : {"padding_top", "padding_bottom", "padding_left", "padding_right"})
        attributes.set(side, int64_t{1});
    return attributes;
  }

  TensorId finish(std::string op, std::vector<TensorId> inputs, Attributes attributes, Quantization quantization) {
    Node node{.op = std::move(op), .inputs = std::move(inputs), .attributes = std::move(attributes)};
    const TensorType type = operator_of(node).infer(NodeView(graph_, node)).at(0);
    const TensorId output = graph_.add_tensor({.name = "t", .type = type.type, .shape = type.shape,
                                               .quantization = std::move(quantization)});
    node.outputs = {output};
    graph_.nodes.push_back(std::move(node));
    return output;
  }

  Quantization quantization() { return {{0.3F}, {pick(0, 1) == 0 ? -128 : pick(-128, 127)}}; }

  int64_t kernel_size(TensorId data) {
    const Shape &shape = graph_.tensor(data).shape;
    return std::min({pick(1, 2), shape[1], shape[2]});
  }

  TensorId conv2d(TensorId data) {
    const int64_t channels = graph_.tensor(data).shape[3], outputs = pick(1, 6), size = kernel_size(data);
    return finish("conv2d", {data, weights({outputs, size, size, channels}, true, channels), bias(outputs)}, window(),
                  quantization());
  }

  TensorId depthwise_conv2d(TensorId data) {
    const int64_t channels = graph_.tensor(data).shape[3], outputs = channels * pick(1, 2);
    const int64_t size = kernel_size(data);
    return finish("depthwise_conv2d", {data, weights({1, size, size, outputs}, false, channels), bias(outputs)}, window(),
                  quantization());
  }

  TensorId pool(TensorId data) {
    Attributes attributes{{"kernel_height", int64_t{1}}, {"kernel_width", int64_t{2}}, {"padding_left", int64_t{1}}};
    return finish(pick(0, 1) == 0 ? "average_pool2d" : "max_pool2d", {data}, attributes,
                  graph_.tensor(data).quantization);
  }

  std::mt19937 &random_;
  Graph graph_;
};

TEST(DeadChannels, leave_every_output_of_random_networks_as_it_was) {
  std::mt19937 random(3);
  int changed = 0;
  for (int repeat = 0; repeat < 300; ++repeat) {
    const Graph graph = RandomNetwork(random).make();
    Module module{{graph}};
    verify_import(module);
    changed += run_pass("dead_channels", module) ? 1 : 0;
    expect_same_outputs(graph, module.main(), 2, static_cast<uint32_t>(repeat));
    EXPECT_FALSE(run_pass("dead_channels", module)) << "a second run found more";
    if (HasFailure()) return;
  }
  EXPECT_GT(changed, 100);
}

}  // namespace
}  // namespace whit
