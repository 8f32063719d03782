// SPDX-License-Identifier: Apache-2.0
// What the function of one TFLite operator sees: its tensors as tensors of whit's graph, its options, and words to
// refuse.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/importers/tflite/resources.hpp"
#include "compiler/importers/tflite/tensor.hpp"
#include "ops/op_def.hpp"

namespace whit {

// The file's tensors on their way into the graph. A tensor enters when a node first names it, so that shapes and axes
// stored as constants, which whit keeps as attributes, leave nothing behind.
class TensorTable {
 public:
  // Reads every tensor that an operator, an input or an output names. UserError: all problems at once. `handles`: what
  // the inputs that are resources stand for, in their order.
  TensorTable(ModelImport &model, const TfliteSubgraph &subgraph, Graph &graph, const std::vector<std::string> &handles);

  // The tensor's index in the graph.
  TensorId id(int32_t index);
  // As `id`, but a constant stored as quantised integers comes as the real numbers it stands for.
  TensorId real_id(int32_t index);
  // As `id`, but of several scales only the first counts, as for all data of the reference.
  TensorId one_scale_id(int32_t index);
  // The tensor as it now is in the graph, or as the file has it.
  const Tensor &tensor(int32_t index) const;
  // UserError for a list of no numbers, which is no data.
  void check_not_empty(int32_t index) const;
  const TfliteTensor &stored(int32_t index) const { return stored_.at(static_cast<size_t>(index)); }
  // Sets the shape that inference has found.
  void set_shape(int32_t index, const Shape &shape);
  Graph &graph() { return graph_; }
  ModelImport &model() { return model_; }

  bool is_resource(int32_t index) const { return stored(index).resource; }
  // The name of the variable that a resource stands for; empty where it is not known.
  std::string &handle(int32_t index) { return handles_.at(static_cast<size_t>(index)); }
  // The variable of that name as a tensor of this graph, `like` an operator's input or output where it is new.
  TensorId variable(const std::string &name, const Tensor &like, const std::string &place);
  // The variables that this graph mentions.
  const std::map<std::string, TensorId> &variables() const { return variables_; }
  // By tensor: whether it is there before any operator runs.
  const std::vector<bool> &given() const { return given_; }

 private:
  void read(const TfliteSubgraph &subgraph);
  void check_inputs(const TfliteSubgraph &subgraph);
  void take_handles(const TfliteSubgraph &subgraph, const std::vector<std::string> &handles);

  ModelImport &model_;
  Graph &graph_;
  std::vector<TfliteTensor> stored_;
  std::vector<TensorId> ids_;
  std::map<int32_t, TensorId> real_ids_;
  std::map<int32_t, TensorId> one_scale_ids_;
  std::vector<bool> given_;
  std::vector<std::string> handles_;
  std::map<std::string, TensorId> variables_;
};

// The elements of an integer constant, widened; empty for other types.
std::vector<int64_t> widened(const Tensor &tensor);

class OperatorReader {
 public:
  OperatorReader(const TfliteOperator &entry, TensorTable &tensors) : entry_(entry), tensors_(tensors) {}

  size_t input_count() const { return entry_.inputs.size(); }
  bool has_input(size_t position) const { return position < input_count() && entry_.inputs[position] >= 0; }
  // The input as data of a node, of one scale. UserError when it is absent.
  TensorId data(size_t position);
  // The input as weights: real numbers where the data (input 0) are. UserError when it is absent.
  TensorId weights(size_t position) { return weights_for(position, 0); }
  // As `weights_for`, with zero point 0: constant integers as they are stored, as the reference's convolutions take them.
  TensorId weights_as_stored(size_t position, size_t data_position);
  // The same, less their zero point; nothing where they would leave int8.
  std::optional<TensorId> centred_weights(size_t position, size_t data_position);
  // The same, or no_tensor when it is absent.
  TensorId bias(size_t position) { return bias_for(position, 0); }
  // As both, for data at that place.
  TensorId weights_for(size_t position, size_t data_position);
  TensorId bias_for(size_t position, size_t data_position) {
    return has_input(position) ? weights_for(position, data_position) : no_tensor;
  }
  // Type and shape of an input; of the output, what the file says.
  // By value: what is told next may add tensors to the graph. UserError where it has no elements.
  Tensor tensor(size_t position) const;
  Tensor output(size_t place = 0) const;
  // Whether the file's tensor is of a type without sign that is kept as one with sign.
  bool has_no_sign(size_t position) const { return tensors_.stored(input_index(position)).no_sign; }
  bool output_has_no_sign() const { return tensors_.stored(entry_.outputs.at(0)).no_sign; }
  // Whether the input is there and its values known.
  bool is_constant(size_t position) const {
    return has_input(position) && tensors_.tensor(entry_.inputs[position]).is_constant();
  }
  // The values of a small constant input of integers, none at all among them: axes, paddings, shapes.
  std::vector<int64_t> integers(size_t position) const;

  // The operator's options table, or null when it has none. UserError when the table is another operator's.
  template <typename Table>
  const Table *table() const {
    const auto *options = entry_.table->template builtin_options_as<Table>();
    if (options == nullptr && entry_.table->builtin_options() != nullptr)
      fail("options of another operator", "", "the file is damaged: export it again");
    return options;
  }
  // The options, with the format's defaults where the operator has none.
  template <typename Table>
  typename Table::NativeTableType options() const {
    typename Table::NativeTableType values;
    if (const Table *options = table<Table>()) options->UnPackTo(&values);
    return values;
  }

  // The options of a custom operator, as they stand in the file.
  std::span<const uint8_t> custom_options() const {
    const auto *bytes = entry_.table->custom_options();
    return bytes == nullptr ? std::span<const uint8_t>{} : std::span(bytes->Data(), bytes->size());
  }

  // For an operator that becomes several nodes: adds one that computes a tensor on the way, and returns that tensor. It
  // takes the first input's quantisation, unless another is given.
  TensorId emit(Node node);
  TensorId emit(Node node, Quantization quantization);
  // Adds the node that computes the operator's next outputs, as many as the node has; outputs that it has already are
  // variables and come last. None for a node without an operator. UserError when they are not what the file says.
  void emit_outputs(Node node);
  // Takes note that the operator's next output is no value.
  void skip_output() { ++settled_; }
  // The operator's next output has these values, whatever the inputs.
  void settle_constant(Bytes values);
  // Outputs that no node computes yet; how many the operator has in all.
  size_t outputs_left() const { return entry_.outputs.size() - settled_; }
  size_t output_count() const { return entry_.outputs.size(); }
  // A constant of the operator's own making.
  TensorId add_constant(std::string name, ElementType type, Shape shape, Bytes bytes, Quantization quantization = {});
  // A tensor that is in the graph.
  Tensor in_graph(TensorId id) const { return tensors_.graph().tensor(id); }

  // Whether the input, or output, is a resource, and which variable it stands for. UserError where that is not known.
  bool is_resource(size_t position) const { return tensors_.is_resource(input_index(position)); }
  bool is_resource_output(size_t position) const { return tensors_.is_resource(entry_.outputs.at(position)); }
  const std::string &handle(size_t position);
  std::string &output_handle(size_t position) { return tensors_.handle(entry_.outputs.at(position)); }
  // The tensor that an input is, which is a variable. UserError when it is none.
  TensorId variable(size_t position);
  // The variable that an input of kind resource stands for.
  TensorId variable_behind(size_t position, const Tensor &like);
  TensorTable &tensors() { return tensors_; }
  const TfliteOperator &entry() const { return entry_; }

  // Throws UserError with the operator's place.
  [[noreturn]] void fail(std::string found, std::string supported, std::string hint) const;

 private:
  bool has_off_centre_weights(size_t position, size_t data_position) const;
  TensorId with_zero_point_0(size_t position, Bytes values);
  int32_t input_index(size_t position) const;

  std::vector<size_t> next_outputs(size_t count);
  void settle_output(size_t position, const TensorType &inferred);

  const TfliteOperator &entry_;
  TensorTable &tensors_;
  size_t settled_ = 0;
};

}  // namespace whit
