// SPDX-License-Identifier: Apache-2.0
// Tensors enter the graph on first use; stored weights become real numbers where the data are.
#include "compiler/importers/tflite/operator_reader.hpp"

#include <algorithm>

namespace whit {

namespace {

constexpr size_t most_integers = 64;  // axes, paddings and shapes are shorter

std::vector<bool> used_tensors(const TfliteSubgraph &subgraph) {
  std::vector<bool> used(subgraph.tensors.size());
  const auto mark = [&](const std::vector<int32_t> &indices) {
    for (int32_t index : indices)
      if (index >= 0) used[static_cast<size_t>(index)] = true;
  };
  mark(subgraph.inputs);
  mark(subgraph.outputs);
  for (const TfliteOperator &entry : subgraph.operators) {
    mark(entry.inputs);
    mark(entry.outputs);
  }
  return used;
}

// real = scale * (stored - zero point), each slice of the quantised axis by its own.
Bytes real_values(const Tensor &tensor) {
  const Quantization &quantization = tensor.quantization;
  const std::vector<int64_t> stored = widened(tensor);
  size_t inner = stored.size();  // consecutive values that share a scale
  if (quantization.per_axis()) {
    inner = 1;
    for (size_t axis = static_cast<size_t>(quantization.axis) + 1; axis < tensor.shape.size(); ++axis)
      inner *= static_cast<size_t>(tensor.shape[axis]);
  }
  std::vector<float> values(stored.size());
  for (size_t index = 0; index < stored.size(); ++index) {
    const size_t slice = index / inner % quantization.scales.size();
    values[index] = quantization.scales[slice] * static_cast<float>(stored[index] - quantization.zero_points[slice]);
  }
  return bytes_of(values);
}

}  // namespace

std::vector<int64_t> widened(const Tensor &tensor) {
  const auto widen = [](const auto &values) { return std::vector<int64_t>(values.begin(), values.end()); };
  switch (tensor.type) {
    case ElementType::int8: return widen(values_of<int8_t>(*tensor.constant));
    case ElementType::boolean:
    case ElementType::uint8: return widen(*tensor.constant);
    case ElementType::int16: return widen(values_of<int16_t>(*tensor.constant));
    case ElementType::int32: return widen(values_of<int32_t>(*tensor.constant));
    case ElementType::int64: return values_of<int64_t>(*tensor.constant);
    default: return {};
  }
}

TensorTable::TensorTable(ModelImport &model, const TfliteSubgraph &subgraph, Graph &graph,
                         const std::vector<std::string> &handles)
    : model_(model), graph_(graph), stored_(subgraph.tensors.size()), ids_(subgraph.tensors.size(), no_tensor),
      given_(subgraph.tensors.size()), handles_(subgraph.tensors.size()) {
  read(subgraph);
  check_inputs(subgraph);
  take_handles(subgraph, handles);
}

void TensorTable::take_handles(const TfliteSubgraph &subgraph, const std::vector<std::string> &handles) {
  size_t next = 0;
  for (int32_t index : subgraph.inputs) {
    if (!is_resource(index)) continue;
    if (next == handles.size())
      throw UserError({"input " + tensor_place(index, stored(index).tensor.name), "a resource", "values", damaged});
    handle(index) = handles[next++];
  }
}

void TensorTable::read(const TfliteSubgraph &subgraph) {
  Problems problems;
  const std::vector<bool> used = used_tensors(subgraph);
  for (size_t index = 0; index < used.size(); ++index) {
    if (!used[index]) continue;
    try {
      stored_[index] = read_tensor(model_.file, subgraph, static_cast<int32_t>(index));
      given_[index] = stored_[index].tensor.is_constant() || stored_[index].tensor.variable;
    } catch (const UserError &error) {
      for (const Problem &problem : error.problems()) problems.add(problem);
    }
  }
  problems.throw_if_any();
  for (const TfliteOperator &entry : subgraph.operators)  // a variable that an operator gives is there after it
    for (int32_t index : entry.outputs)
      if (!stored(index).tensor.is_constant()) given_[static_cast<size_t>(index)] = false;
}

void TensorTable::check_inputs(const TfliteSubgraph &subgraph) {
  Problems problems;
  for (int32_t index : subgraph.inputs) {
    const TfliteTensor &input = stored(index);
    const std::string place = "input " + tensor_place(index, input.tensor.name);
    if (given_[static_cast<size_t>(index)])
      problems.add({place, "a constant or variable", "computed from outside", damaged});
    for (size_t axis = 1; axis < input.dynamic.size(); ++axis)
      if (input.dynamic[axis])
        problems.add({place, fmt::format("axis {} has no fixed length", axis),
                      "fixed shapes; only a batch without a length is taken as 1",
                      "give the model a fixed input shape before converting it, for instance keras.Input(shape=..., "
                      "batch_size=1)"});
  }
  problems.throw_if_any();
  for (int32_t index : subgraph.inputs) given_[static_cast<size_t>(index)] = true;
}

TensorId TensorTable::id(int32_t index) {
  TensorId &id = ids_.at(static_cast<size_t>(index));
  if (is_resource(index))
    throw UserError({tensor_place(index, stored(index).tensor.name), "a resource where values are wanted", "", damaged});
  check_not_empty(index);
  if (id == no_tensor) id = graph_.add_tensor(stored(index).tensor);
  return id;
}

void TensorTable::check_not_empty(int32_t index) const {
  if (stored(index).empty)
    throw UserError({tensor_place(index, stored(index).tensor.name), "shape [0]", "axes of at least 1", "export the model without empty tensors"});
}

TensorId TensorTable::variable(const std::string &name, const Tensor &like, const std::string &place) {
  const Tensor &kept = model_.resources.variable(name, like, place);
  const auto [entry, first] = variables_.insert({name, no_tensor});
  if (first) entry->second = graph_.add_tensor(kept);
  return entry->second;
}

TensorId TensorTable::real_id(int32_t index) {
  const Tensor &integers = stored(index).tensor;
  if (!integers.is_constant() || !integers.quantization.present() || integers.type == ElementType::int4)
    return id(index);
  const auto found = real_ids_.find(index);
  if (found != real_ids_.end()) return found->second;
  return real_ids_[index] =
             graph_.add_constant(integers.name, ElementType::float32, integers.shape, real_values(integers));
}

TensorId TensorTable::one_scale_id(int32_t index) {
  if (!tensor(index).quantization.per_axis()) return id(index);
  const auto found = one_scale_ids_.find(index);
  if (found != one_scale_ids_.end()) return found->second;
  Tensor constant = tensor(index);
  constant.quantization = first_of(constant.quantization);
  return one_scale_ids_[index] = graph_.add_tensor(std::move(constant));
}

const Tensor &TensorTable::tensor(int32_t index) const {
  const TensorId id = ids_.at(static_cast<size_t>(index));
  return id == no_tensor ? stored(index).tensor : graph_.tensor(id);
}

void TensorTable::set_shape(int32_t index, const Shape &shape) { graph_.tensor(id(index)).shape = shape; }

int32_t OperatorReader::input_index(size_t position) const {
  if (!has_input(position)) fail(fmt::format("input {} is missing", position), "", damaged);
  return entry_.inputs[position];
}

TensorId OperatorReader::data(size_t position) {
  return tensors_.one_scale_id(input_index(position));
}

TensorId OperatorReader::weights_for(size_t position, size_t data_position) {
  const int32_t index = input_index(position);
  return tensor(data_position).type == ElementType::float32 ? tensors_.real_id(index) : tensors_.id(index);
}

bool OperatorReader::has_off_centre_weights(size_t position, size_t data_position) const {
  const Tensor weights = tensor(position);
  const bool narrow = weights.type == ElementType::int8 || weights.type == ElementType::int4;
  return narrow && weights.is_constant() && tensor(data_position).type != ElementType::float32 &&
         std::ranges::any_of(weights.quantization.zero_points, [](int64_t zero) { return zero != 0; });
}

TensorId OperatorReader::with_zero_point_0(size_t position, Bytes values) {
  const Tensor weights = tensor(position);
  Quantization quantization = weights.quantization;
  std::ranges::fill(quantization.zero_points, 0);
  tensors_.model().file.charge(values.size());
  return add_constant(weights.name, weights.type, weights.shape, std::move(values), std::move(quantization));
}

TensorId OperatorReader::weights_as_stored(size_t position, size_t data_position) {
  if (!has_off_centre_weights(position, data_position)) return weights_for(position, data_position);
  return with_zero_point_0(position, *tensor(position).constant);
}

std::optional<TensorId> OperatorReader::centred_weights(size_t position, size_t data_position) {
  if (!has_off_centre_weights(position, data_position)) return weights_for(position, data_position);
  const Tensor weights = tensor(position);
  std::vector<int8_t> centred;
  for (int64_t value : widened(weights)) {
    value -= weights.quantization.zero_point();
    if (value < -128 || value > 127) return std::nullopt;
    centred.push_back(static_cast<int8_t>(value));
  }
  if (weights.type != ElementType::int8) return std::nullopt;
  return with_zero_point_0(position, bytes_of(centred));
}

const std::string &OperatorReader::handle(size_t position) {
  const std::string &name = tensors_.handle(input_index(position));
  if (name.empty()) fail(fmt::format("input {} stands for no known variable", position), "", damaged);
  return name;
}

TensorId OperatorReader::variable(size_t position) {
  if (!tensor(position).variable) fail(fmt::format("input {} '{}' is no variable", position, tensor(position).name), "", damaged);
  return data(position);
}

TensorId OperatorReader::variable_behind(size_t position, const Tensor &like) {
  return tensors_.variable(handle(position), like, entry_.origin);
}

Tensor OperatorReader::output(size_t place) const {
  if (place >= entry_.outputs.size()) fail("no output", "", damaged);
  tensors_.check_not_empty(entry_.outputs[place]);
  return tensors_.tensor(entry_.outputs[place]);
}

Tensor OperatorReader::tensor(size_t position) const {
  const int32_t index = input_index(position);
  tensors_.check_not_empty(index);
  return tensors_.tensor(index);
}

std::vector<int64_t> OperatorReader::integers(size_t position) const {
  const Tensor &values = tensors_.tensor(input_index(position));
  if (!values.is_constant() || (values.type != ElementType::int32 && values.type != ElementType::int64))
    fail(fmt::format("input {} '{}' is not a constant of integers", position, values.name),
         "axes, paddings and shapes that are fixed in the model", "export the model with fixed shapes");
  if (values.elements() > static_cast<int64_t>(most_integers))
    fail(fmt::format("input {} has {} values", position, values.elements()), fmt::format("up to {}", most_integers),
         "");
  return widened(values);
}

void OperatorReader::fail(std::string found, std::string supported, std::string hint) const {
  throw UserError({entry_.origin, std::move(found), std::move(supported), std::move(hint)});
}

}  // namespace whit
