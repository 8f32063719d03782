// SPDX-License-Identifier: Apache-2.0
// The smallest models of variables and of control: what an operator of this kind does shows only with others around it.
#include <flatbuffers/flexbuffers.h>

#include <algorithm>

#include "ops/random_graph.hpp"
#include "tests/conformance/forms.hpp"

namespace whit {

namespace {

using enum ElementType;
using Integers = std::vector<int32_t>;

// A model with several graphs; every tensor of the drawn type has one scale and one shape.
class Drawing {
 public:
  Drawing(std::mt19937 &random, ElementType type) : random_(random), type_(type) {
    shape_.resize(static_cast<size_t>(between(1, 3)));
    for (int32_t &length : shape_) length = between(1, 5);
  }

  int32_t between(int32_t least, int32_t most) { return std::uniform_int_distribution<int32_t>(least, most)(random_); }

  // The graph that the next calls add to; a new one where there is none of that number yet.
  void in_graph(size_t graph) {
    while (model_.table.subgraphs.size() <= graph) model_.table.subgraphs.push_back(std::make_unique<tflite::SubGraphT>());
    graph_ = graph;
  }

  int32_t value(const char *name) { return add(name, format_type(type_), shape_, type_ == int8 || type_ == uint8 || type_ == int16); }
  int32_t input(const char *name) { return as_input(value(name)); }
  int32_t output(const char *name) { return as_output(value(name)); }
  int32_t truth(const char *name) { return add(name, tflite::TensorType_BOOL, {1}, false); }
  int32_t count(const char *name) { return add(name, tflite::TensorType_INT32, {1}, false); }
  int32_t handle() { return add("handle", tflite::TensorType_RESOURCE, {1}, false); }
  int32_t number(int32_t number) {
    const int32_t index = count("numbers");
    store(index, bytes_of<int32_t>({number}));
    return index;
  }
  int32_t constant() {
    const int32_t index = value("constant");
    store(index, random_values(random_, {.type = type_, .shape = Shape(shape_.begin(), shape_.end())}));
    return index;
  }
  int32_t as_input(int32_t index) { return graph().inputs.push_back(index), index; }
  int32_t as_output(int32_t index) { return graph().outputs.push_back(index), index; }

  void node(tflite::BuiltinOperator code, Integers inputs, Integers outputs) { node(code, std::move(inputs), std::move(outputs), 0); }

  template <typename Options>
  void node(tflite::BuiltinOperator code, Integers inputs, Integers outputs, Options options) {
    auto opcode = std::make_unique<tflite::OperatorCodeT>();
    opcode->builtin_code = code;
    opcode->deprecated_builtin_code = static_cast<int8_t>(std::min<int32_t>(code, 127));
    auto entry = std::make_unique<tflite::OperatorT>();
    entry->opcode_index = static_cast<uint32_t>(model_.table.operator_codes.size());
    entry->inputs = std::move(inputs);
    entry->outputs = std::move(outputs);
    if constexpr (!std::is_same_v<Options, int>) entry->builtin_options.Set(std::move(options));
    model_.table.operator_codes.push_back(std::move(opcode));
    graph().operators.push_back(std::move(entry));
  }

  // The stream so many values later.
  void delayed(int32_t data, int32_t length, int32_t result) {
    node(tflite::BuiltinOperator_CUSTOM, {data}, {result});
    model_.table.operator_codes.back()->custom_code = "SignalDelay";
    flexbuffers::Builder builder;
    builder.Map([&] { builder.Int("delay_length", length); });
    builder.Finish();
    graph().operators.back()->custom_options = builder.GetBuffer();
  }

  // The handle of the variable of that number.
  int32_t variable(int number) {
    tflite::VarHandleOptionsT options;
    options.shared_name = "variable " + std::to_string(number);
    const int32_t index = handle();
    node(tflite::BuiltinOperator_VAR_HANDLE, {}, {index}, options);
    return index;
  }
  void read(int32_t variable, int32_t to) { node(tflite::BuiltinOperator_READ_VARIABLE, {variable}, {to}); }
  void assign(int32_t variable, int32_t from) { node(tflite::BuiltinOperator_ASSIGN_VARIABLE, {variable, from}, {}); }

  TestModel done() { return std::move(model_); }

 private:
  tflite::SubGraphT &graph() { return *model_.table.subgraphs[graph_]; }

  int32_t add(const char *name, tflite::TensorType type, const Integers &shape, bool quantized) {
    auto entry = std::make_unique<tflite::TensorT>();
    entry->name = name;
    entry->type = type;
    entry->shape = shape;
    if (quantized) {
      entry->quantization = std::make_unique<tflite::QuantizationParametersT>();
      entry->quantization->scale = {0.0625F};
      entry->quantization->zero_point = {type_ == int16 ? 0 : 7};
    }
    graph().tensors.push_back(std::move(entry));
    return static_cast<int32_t>(graph().tensors.size() - 1);
  }
  void store(int32_t index, Bytes bytes) {
    graph().tensors[static_cast<size_t>(index)]->buffer = static_cast<uint32_t>(model_.table.buffers.size());
    model_.table.buffers.push_back(std::make_unique<tflite::BufferT>());
    model_.table.buffers.back()->data = std::move(bytes);
  }

  std::mt19937 &random_;
  ElementType type_;
  Integers shape_;
  TestModel model_;
  size_t graph_ = 0;
};

// Gives what it got the run before.
TestModel delay(Drawing &draw) {
  const int32_t now = draw.input("data"), before = draw.output("result"), variable = draw.variable(0);
  draw.read(variable, before);
  draw.assign(variable, now);
  return draw.done();
}

// The largest values of all runs; the variable is read again after it was written.
TestModel largest(Drawing &draw) {
  const int32_t now = draw.input("data"), variable = draw.variable(0), before = draw.value("before"), most = draw.value("most");
  draw.read(variable, before);
  draw.node(tflite::BuiltinOperator_MAXIMUM, {before, now}, {most});
  draw.assign(variable, most);
  draw.read(variable, draw.output("result"));
  return draw.done();
}

// Two variables that change places.
TestModel exchange(Drawing &draw) {
  const int32_t now = draw.input("data"), first = draw.variable(0), second = draw.variable(1);
  const int32_t one = draw.output("one"), other = draw.output("other");
  draw.read(first, one);
  draw.read(second, other);
  draw.assign(second, one);
  draw.assign(first, now);
  return draw.done();
}

// Before its first run the variable gets a constant.
TestModel once(Drawing &draw) {
  tflite::CallOnceOptionsT options;
  options.init_subgraph_index = 1;
  const int32_t now = draw.input("data"), before = draw.output("result");
  draw.node(tflite::BuiltinOperator_CALL_ONCE, {}, {}, options);
  const int32_t variable = draw.variable(0);
  draw.read(variable, before);
  draw.assign(variable, now);
  draw.in_graph(1);
  const int32_t same = draw.variable(0);
  draw.assign(same, draw.constant());
  return draw.done();
}

void pick(Drawing &draw, size_t graph, tflite::BuiltinOperator code) {
  draw.in_graph(graph);
  const int32_t one = draw.input("one"), other = draw.input("other"), picked = draw.output("picked");
  draw.node(code, {one, other}, {picked});
}

// The larger or the smaller values, as an input says.
TestModel either(Drawing &draw) {
  const int32_t flag = draw.as_input(draw.truth("numbers")), one = draw.input("data"), other = draw.input("more");
  tflite::IfOptionsT options;
  options.then_subgraph_index = 1;
  options.else_subgraph_index = 2;
  draw.node(tflite::BuiltinOperator_IF, {flag, one, other}, {draw.output("result")}, options);
  pick(draw, 1, tflite::BuiltinOperator_MAXIMUM);
  pick(draw, 2, tflite::BuiltinOperator_MINIMUM);
  return draw.done();
}

// A choice between two graphs; `add_body` draws what each of them, 1 and 2, does to its data.
template <typename Body>
TestModel branched(Drawing &draw, Body add_body) {
  const int32_t flag = draw.as_input(draw.truth("numbers")), now = draw.input("data");
  tflite::IfOptionsT options;
  options.then_subgraph_index = 1;
  options.else_subgraph_index = 2;
  draw.node(tflite::BuiltinOperator_IF, {flag, now}, {draw.output("result")}, options);
  for (size_t graph : {1, 2}) {
    draw.in_graph(graph);
    add_body(graph, draw.input("data"));
  }
  return draw.done();
}

// A branch that remembers what it saw, the other one recalls it.
TestModel remembering(Drawing &draw) {
  return branched(draw, [&](size_t graph, int32_t data) {
    const int32_t variable = draw.variable(0), result = draw.output("result");
    if (graph == 1) draw.assign(variable, data);
    draw.read(variable, result);
    if (graph == 2) draw.assign(variable, result);
  });
}

// Two streams that are not continued at the same time, by operators that remember.
TestModel two_streams(Drawing &draw) {
  return branched(draw, [&](size_t, int32_t data) { draw.delayed(data, draw.between(0, 9), draw.output("later")); });
}

// Data that go round through a body, none to four turns a run. `add_body` draws what it does to them.
template <typename Body>
TestModel turned(Drawing &draw, Body add_body) {
  const int32_t now = draw.input("data"), zero = draw.number(0);
  tflite::WhileOptionsT options;
  options.cond_subgraph_index = 1;
  options.body_subgraph_index = 2;
  draw.node(tflite::BuiltinOperator_WHILE, {now, zero}, {draw.output("result"), draw.as_output(draw.count("turns"))}, options);
  draw.in_graph(1);
  draw.input("data");
  const int32_t counted = draw.as_input(draw.count("turns")), more = draw.as_output(draw.truth("more"));
  draw.node(tflite::BuiltinOperator_LESS, {counted, draw.number(draw.between(0, 4))}, {more});
  draw.in_graph(2);
  const int32_t data = draw.input("data"), turn = draw.as_input(draw.count("turns"));
  add_body(data);
  draw.node(tflite::BuiltinOperator_ADD, {turn, draw.number(1)}, {draw.as_output(draw.count("next"))}, tflite::AddOptionsT{});
  return draw.done();
}

// A stream that goes round through itself.
TestModel turning_stream(Drawing &draw) {
  return turned(draw, [&](int32_t data) { draw.delayed(data, draw.between(0, 9), draw.output("later")); });
}

// The larger, or the smaller, of the values and a constant, again and again.
TestModel turns(Drawing &draw) {
  return turned(draw, [&](int32_t data) {
    const auto picks = draw.between(0, 1) == 0 ? tflite::BuiltinOperator_MAXIMUM : tflite::BuiltinOperator_MINIMUM;
    draw.node(picks, {data, draw.constant()}, {draw.output("picked")});
  });
}

// Results that are one tensor, in the bodies and in the model.
TestModel twice(Drawing &draw) {
  const int32_t flag = draw.as_input(draw.truth("numbers")), now = draw.input("data");
  const int32_t result = draw.output("result"), other = draw.output("other");
  draw.as_output(result);
  tflite::IfOptionsT options;
  options.then_subgraph_index = 1;
  options.else_subgraph_index = 2;
  draw.node(tflite::BuiltinOperator_IF, {flag, now}, {result, other}, options);
  draw.in_graph(1);
  const int32_t data = draw.input("data"), picked = draw.output("picked");
  draw.node(tflite::BuiltinOperator_MAXIMUM, {data, draw.constant()}, {draw.as_output(picked)});
  draw.in_graph(2);
  draw.as_output(draw.as_output(draw.input("data")));
  return draw.done();
}

struct Built {
  tflite::BuiltinOperator code;
  TestModel (*make)(Drawing &draw);
  std::vector<ElementType> types;
};

}  // namespace

std::vector<Form> state_forms() {
  const std::vector<ElementType> every = {boolean, int8, uint8, int16, int32, int64, float32}, compared = {int8, int32, int64, float32};
  const Built built[] = {
      {tflite::BuiltinOperator_VAR_HANDLE, exchange, every},
      {tflite::BuiltinOperator_READ_VARIABLE, delay, every},
      {tflite::BuiltinOperator_ASSIGN_VARIABLE, largest, compared},
      {tflite::BuiltinOperator_CALL_ONCE, once, every},
      {tflite::BuiltinOperator_IF, either, compared},
      {tflite::BuiltinOperator_IF, remembering, every},
      {tflite::BuiltinOperator_IF, two_streams, {int16}},
      {tflite::BuiltinOperator_IF, twice, compared},
      {tflite::BuiltinOperator_WHILE, turns, compared},
      {tflite::BuiltinOperator_WHILE, turning_stream, {int16}},
  };
  std::vector<Form> forms;
  for (const Built &entry : built)
    for (ElementType type : entry.types)
      forms.push_back({entry.code, [make = entry.make, type](std::mt19937 &random) {
                         Drawing draw(random, type);
                         return std::optional(make(draw));
                       }});
  return forms;
}

}  // namespace whit
