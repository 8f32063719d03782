// SPDX-License-Identifier: Apache-2.0
// Host evaluation: addresses are looked up by the same argument list that the emitter prints.
#include "ops/evaluate.hpp"

#include "ops/op_def.hpp"

namespace whit {

namespace {

// New buffers come with room to spare and from operator new, so any element type is aligned.
std::vector<void *> addresses_of(const std::vector<TensorId> &tensors, std::vector<Bytes> &buffers) {
  std::vector<void *> addresses;
  for (TensorId id : tensors)
    addresses.push_back(id == no_tensor ? nullptr : buffers[static_cast<size_t>(id)].data());
  return addresses;
}

Bytes initial_bytes(const Tensor &tensor) {
  return tensor.is_constant() ? *tensor.constant : Bytes(static_cast<size_t>(tensor.bytes()));
}

}  // namespace

PreparedNode::PreparedNode(const NodeView &node) : kernel_(portable_kernel(node)) {
  if (kernel_ == nullptr)
    throw UserError({node.place(), "no kernel for these types", std::string(operator_of(node.node()).limits),
                     "see `whit ops` for what each operator supports"});
  if (kernel_->view)
    view_bytes_ = static_cast<size_t>(node.output().bytes());
  else
    call_ = kernel_->call(node);
  scratch_.resize(static_cast<size_t>(scratch_of(*kernel_, node)));
}

void *PreparedNode::address_of(const Argument &argument, std::span<void *const> inputs,
                               std::span<void *const> outputs) const {
  switch (argument.kind) {
    case ArgumentKind::parameters: return call_.parameters.bytes.data();
    case ArgumentKind::input: return inputs[argument.index];
    case ArgumentKind::output: return outputs[argument.index];
    case ArgumentKind::constant: return call_.constants.at(argument.index).bytes.data();
    case ArgumentKind::scratch: return scratch_.data();
  }
  throw InternalError("unknown kind of argument");
}

void PreparedNode::run(std::span<void *const> inputs, std::span<void *const> outputs) const {
  if (kernel_->view) {
    std::memcpy(outputs[0], inputs[0], view_bytes_);
    return;
  }
  std::vector<void *> addresses;
  for (const Argument &argument : call_.arguments) addresses.push_back(address_of(argument, inputs, outputs));
  kernel_->host(addresses);
}

Evaluator::Evaluator(const Graph &graph) : graph_(graph) {
  for (const Tensor &tensor : graph.tensors) buffers_.push_back(initial_bytes(tensor));
  std::vector<Problem> problems;
  for (const Node &node : graph.nodes) try {
      nodes_.emplace_back(NodeView(graph, node));
    } catch (const UserError &error) {
      problems.insert(problems.end(), error.problems().begin(), error.problems().end());
    }
  if (!problems.empty()) throw UserError(problems);
}

void Evaluator::run() {
  run([](size_t) {});
}

void Evaluator::run(const std::function<void(size_t)> &after_node) {
  for (size_t index = 0; index < nodes_.size(); ++index) {
    const Node &node = graph_.nodes[index];
    nodes_[index].run(addresses_of(node.inputs, buffers_), addresses_of(node.outputs, buffers_));
    after_node(index);
  }
}

std::vector<Bytes> evaluate_constant(const NodeView &node) {
  std::vector<Bytes> inputs, outputs;
  std::vector<void *> input_addresses, output_addresses;
  for (size_t index = 0; index < node.input_count(); ++index)
    inputs.push_back(node.has_input(index) ? initial_bytes(node.input(index)) : Bytes{});
  for (size_t index = 0; index < node.output_count(); ++index) outputs.push_back(initial_bytes(node.output(index)));
  for (Bytes &bytes : inputs) input_addresses.push_back(bytes.data());
  for (Bytes &bytes : outputs) output_addresses.push_back(bytes.data());
  PreparedNode(node).run(input_addresses, output_addresses);
  return outputs;
}

}  // namespace whit
