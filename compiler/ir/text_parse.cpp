// SPDX-License-Identifier: Apache-2.0
// The parser: one statement at a time; every tensor is known before it is read, so order and producers are right by
// construction.
#include <limits>
#include <map>
#include <optional>

#include "compiler/base/error.hpp"
#include "compiler/ir/text.hpp"
#include "compiler/ir/text_constant.hpp"
#include "compiler/ir/text_lexer.hpp"

namespace whit {

namespace {

constexpr size_t most_axes = 16;
constexpr int64_t most_elements = std::numeric_limits<int32_t>::max();
constexpr int deepest_body = 8;
constexpr int64_t most_constant_bytes = int64_t{1} << 26;  // of one text, so that "fill" stays small in memory

class Parser {
 public:
  Parser(Lexer &lexer, int64_t &constant_bytes_left, int depth = 0)
      : lexer_(lexer), constant_bytes_left_(constant_bytes_left), depth_(depth) {}

  Graph graph() {
    lexer_.expect("graph");
    graph_.name = lexer_.expect(TokenKind::string, "the graph's name in quotes");
    lexer_.expect("{");
    while (!lexer_.accept("}")) statement();
    check_numbers();
    return std::move(graph_);
  }

 private:
  void statement() {
    if (lexer_.accept("input")) {
      graph_.inputs.push_back(declare());
    } else if (lexer_.accept("variable")) {
      Tensor &tensor = graph_.tensor(declare());
      tensor.variable = true;
      if (lexer_.accept("=")) tensor.initial = parse_values(tensor);
    } else if (lexer_.accept("unused")) {
      declare();
    } else if (lexer_.accept("constant")) {
      constant();
    } else if (lexer_.accept("output")) {
      do graph_.outputs.push_back(known_tensor());
      while (lexer_.accept(","));
    } else if (lexer_.peek().kind == TokenKind::symbol || lexer_.at(TokenKind::sign, "=")) {
      node();
    } else {
      lexer_.fail(lexer_.peek(), "found " + lexer_.peek().described(),
                  "a statement: input, constant, variable, unused, output, %name = op(...), or }");
    }
  }

  void constant() {
    const TensorId id = declare();
    Tensor &tensor = graph_.tensor(id);
    lexer_.expect("=");
    tensor.constant = parse_values(tensor);
  }

  std::shared_ptr<const Bytes> parse_values(const Tensor &tensor) {
    Bytes bytes = parse_constant(lexer_, tensor.type, tensor.shape, constant_bytes_left_);
    constant_bytes_left_ -= static_cast<int64_t>(bytes.size());
    return std::make_shared<const Bytes>(std::move(bytes));
  }

  void node() {
    Node node;
    std::vector<Declared> outputs;
    while (lexer_.peek().kind == TokenKind::symbol) {
      outputs.push_back(output());
      if (!lexer_.accept(",")) break;
    }
    lexer_.expect("=");
    node.op = lexer_.expect(TokenKind::word, "an operator's name");
    lexer_.expect("(");
    if (!lexer_.accept(")")) {
      do node.inputs.push_back(lexer_.accept("none") ? no_tensor : known_tensor());
      while (lexer_.accept(","));
      lexer_.expect(")");
    }
    for (Declared &declared : outputs) node.outputs.push_back(add(std::move(declared)));
    if (lexer_.accept("{")) attributes(node.attributes);
    if (lexer_.accept("from")) node.origin = lexer_.expect(TokenKind::string, "the origin in quotes");
    while (lexer_.at(TokenKind::word, "graph")) node.bodies.push_back(body());
    graph_.nodes.push_back(std::move(node));
  }

  std::shared_ptr<const Graph> body() {
    if (depth_ == deepest_body) lexer_.fail(lexer_.peek(), "bodies within bodies", fmt::format("up to {}", deepest_body));
    return std::make_shared<const Graph>(Parser(lexer_, constant_bytes_left_, depth_ + 1).graph());
  }

  // What a node's output will be: a new tensor, or a variable known before.
  struct Declared {
    Token where{};
    std::optional<int64_t> number{};
    Tensor tensor{};
    TensorId variable = no_tensor;
  };

  Declared output() {
    const Token where = lexer_.peek();
    const auto known = symbols_.find(where.text);
    if (known == symbols_.end()) return declaration();
    if (!graph_.tensor(known->second).variable)
      lexer_.fail(where, where.described() + " has a value already", "a new name, or a variable");
    lexer_.take();
    return {.where = where, .variable = known->second};
  }

  Declared declaration() {
    Declared declared{.where = lexer_.peek()};
    const std::string symbol = lexer_.expect(TokenKind::symbol, "%name");
    if (is_symbol(symbol)) declared.tensor.name = symbol;
    if (lexer_.accept("@")) declared.number = parse_integer(lexer_);
    if (lexer_.peek().kind == TokenKind::string) declared.tensor.name = lexer_.take().text;
    lexer_.expect(":");
    type(declared.tensor);
    return declared;
  }

  TensorId declare() { return add(declaration()); }

  TensorId add(Declared declared) {
    if (declared.variable != no_tensor) return declared.variable;
    const auto number = declared.number.value_or(count_);
    // Numbers are dense in the end, so none can exceed the tensors that the text has room for.
    if (number < 0 || number > static_cast<int64_t>(most_tensors))
      lexer_.fail(declared.where, fmt::format("tensor number {}", number), fmt::format("0 to {}", most_tensors));
    const auto id = static_cast<TensorId>(number);
    if (!symbols_.emplace(declared.where.text, id).second)
      lexer_.fail(declared.where, declared.where.described() + " is declared twice");
    if (!places_.emplace(id, declared.where).second)
      lexer_.fail(declared.where, fmt::format("a second tensor {}", id), "each number once");
    if (graph_.tensors.size() <= static_cast<size_t>(id)) graph_.tensors.resize(static_cast<size_t>(id) + 1);
    graph_.tensor(id) = std::move(declared.tensor);
    ++count_;
    return id;
  }

  void type(Tensor &tensor) {
    const Token where = lexer_.peek();
    const std::string word = lexer_.expect(TokenKind::word, "an element type");
    const auto type = element_type_named(word);
    if (!type)
      lexer_.fail(where, "no type is called '" + word + "'",
                  "boolean, int4, int8, uint8, int16, int32, int64, float32");
    tensor.type = *type;
    lexer_.expect("[");
    tensor.shape = shape();
    if (lexer_.accept("scale")) quantization(tensor.quantization);
    if (lexer_.accept("planar")) tensor.layout = Layout::planar;
  }

  Shape shape() {
    Shape shape;
    if (lexer_.accept("]")) return shape;
    do {
      const Token where = lexer_.peek();
      shape.push_back(parse_integer(lexer_));
      if (shape.back() < 1 || shape.back() > most_elements || shape.size() > most_axes ||
          element_count(shape) > most_elements)
        lexer_.fail(where, "axes that make no tensor",
                    fmt::format("up to {} axes of at least 1, up to {} elements", most_axes, most_elements));
    } while (lexer_.accept(","));
    lexer_.expect("]");
    return shape;
  }

  void quantization(Quantization &quantization) {
    if (lexer_.accept("[")) {
      quantization.scales = list<float>(parse_float);
    } else {
      quantization.scales = {parse_float(lexer_)};
    }
    lexer_.expect("zero");
    if (lexer_.accept("["))
      quantization.zero_points = list<int64_t>(parse_integer);
    else
      quantization.zero_points = {parse_integer(lexer_)};
    if (!lexer_.accept("axis")) return;
    const Token where = lexer_.peek();
    const int64_t axis = parse_integer(lexer_);
    if (axis < 0 || axis > static_cast<int64_t>(most_axes)) lexer_.fail(where, "no such axis", "the axes of the shape");
    quantization.axis = static_cast<int>(axis);
  }

  // Values up to "]"; the "[" has been taken.
  template <typename T>
  std::vector<T> list(T (*parse)(Lexer &)) {
    std::vector<T> values;
    if (lexer_.accept("]")) return values;
    do values.push_back(parse(lexer_));
    while (lexer_.accept(","));
    lexer_.expect("]");
    return values;
  }

  void attributes(Attributes &attributes) {
    if (lexer_.accept("}")) return;
    do {
      const Token where = lexer_.peek();
      const std::string name = lexer_.expect(TokenKind::word, "an attribute's name");
      if (attributes.has(name)) lexer_.fail(where, "a second '" + name + "'", "each attribute once");
      lexer_.expect("=");
      attributes.set(name, attribute_value());
    } while (lexer_.accept(","));
    lexer_.expect("}");
  }

  AttributeValue attribute_value() {
    if (lexer_.peek().kind == TokenKind::string) return lexer_.take().text;
    if (lexer_.accept("[")) return list<int64_t>(parse_integer);
    if (lexer_.peek().text.find_first_of(".e") != std::string::npos) return parse_double(lexer_);
    return parse_integer(lexer_);
  }

  TensorId known_tensor() {
    const Token where = lexer_.peek();
    const auto found = symbols_.find(lexer_.expect(TokenKind::symbol, "%name"));
    if (found == symbols_.end())
      lexer_.fail(where, where.described() + " is not declared before", "names declared above");
    return found->second;
  }

  void check_numbers() {
    if (graph_.tensors.size() != places_.size())
      lexer_.fail(lexer_.peek(), fmt::format("{} tensors with numbers up to {}", places_.size(), graph_.tensors.size()),
                  "numbers without a gap");
  }

  static constexpr size_t most_tensors = 65535;

  Lexer &lexer_;
  int64_t &constant_bytes_left_;
  int depth_;
  Graph graph_;
  std::map<std::string, TensorId> symbols_;
  std::map<TensorId, Token> places_;
  int64_t count_ = 0;
};

}  // namespace

Module parse_module(std::string_view text, std::string_view file) {
  Lexer lexer(text, file);
  Module module;
  int64_t constant_bytes_left = most_constant_bytes;
  while (lexer.peek().kind != TokenKind::end) module.graphs.push_back(Parser(lexer, constant_bytes_left).graph());
  if (module.graphs.empty()) lexer.fail(lexer.peek(), "no graph", "graph \"name\" { ... }");
  return module;
}

Graph parse_graph(std::string_view text, std::string_view file) {
  Module module = parse_module(text, file);
  if (module.graphs.size() != 1)
    throw UserError({std::string(file), fmt::format("{} graphs", module.graphs.size()), "one graph"});
  return std::move(module.graphs[0]);
}

}  // namespace whit
