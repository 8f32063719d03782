// SPDX-License-Identifier: Apache-2.0
// Host evaluation: addresses are looked up by the same argument list that the emitter prints.
#include "ops/evaluate.hpp"

#include "ops/op_def.hpp"

namespace whit {

namespace {

// Of a loop: a chip would hang. Fuzzers, which make endless ones all the time, wait less.
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
constexpr int most_iterations = 1'000;
#else
constexpr int most_iterations = 1'000'000;
#endif

// New buffers come with room to spare and from operator new, so any element type is aligned.
std::vector<void *> addresses_of(const std::vector<TensorId> &tensors, std::vector<Bytes> &buffers) {
  std::vector<void *> addresses;
  for (TensorId id : tensors)
    addresses.push_back(id == no_tensor ? nullptr : buffers[static_cast<size_t>(id)].data());
  return addresses;
}

Bytes initial_bytes(const Tensor &tensor) {
  if (tensor.is_constant()) return *tensor.constant;
  return tensor.initial != nullptr ? *tensor.initial : Bytes(static_cast<size_t>(tensor.bytes()));
}

void write_inputs(Evaluator &evaluator, std::span<void *const> from) {
  for (size_t index = 0; index < evaluator.graph().inputs.size(); ++index) {
    const auto bytes = evaluator.bytes(evaluator.graph().inputs[index]);
    std::memcpy(bytes.data(), from[index], bytes.size());
  }
}

void read_outputs(Evaluator &evaluator, std::span<void *const> to) {
  for (size_t index = 0; index < evaluator.graph().outputs.size(); ++index) {
    const auto bytes = evaluator.bytes(evaluator.graph().outputs[index]);
    std::memcpy(to[index], bytes.data(), bytes.size());
  }
}

// "constant int8 2x3 (scale 0.5, zero point 3)"
std::string described(const Tensor &tensor) {
  const Quantization &quantization = tensor.quantization;
  std::string text = fmt::format("{}{} {}", tensor.is_constant() ? "constant " : "", name_of(tensor.type), text_of(tensor.shape));
  if (quantization.per_axis()) return text + " (several scales)";
  if (quantization.present()) text += fmt::format(" (scale {}, zero point {})", quantization.scale(), quantization.zero_point());
  return text;
}

// The first inputs and the first output: what kernels choose by.
std::string described(const NodeView &node) {
  constexpr size_t most = 4;
  std::string text;
  for (size_t index = 0; index < std::min(most, node.input_count()); ++index)
    if (node.has_input(index)) text += fmt::format("{}{}", text.empty() ? "" : ", ", described(node.input(index)));
  if (node.input_count() > most) text += fmt::format(" and {} more inputs", node.input_count() - most);
  return node.output_count() == 0 ? text : fmt::format("{} to {}", text, described(node.output()));
}

}  // namespace

PreparedNode::PreparedNode(const NodeView &node) : kernel_(portable_kernel(node)) {
  if (kernel_ == nullptr)
    throw UserError({node.place(), "no kernel for " + described(node), std::string(operator_of(node.node()).limits),
                     "see `whit ops` for what each operator supports"});
  for (const auto &body : node.node().bodies) bodies_.push_back(std::make_unique<Evaluator>(*body));
  place_ = node.place();
  if (kernel_->view)
    view_bytes_ = static_cast<size_t>(node.output().bytes());
  else if (kernel_->control == Control::none)
    call_ = call_of(*kernel_, node);
  scratch_.resize(static_cast<size_t>(scratch_of(*kernel_, node)));
}

PreparedNode::PreparedNode(PreparedNode &&) noexcept = default;
PreparedNode::~PreparedNode() = default;

// The outputs carry the values from turn to turn. A variable is input and output at once.
void PreparedNode::run_loop(std::span<void *const> inputs, std::span<void *const> outputs) const {
  Evaluator &condition = *bodies_[0], &body = *bodies_[1];
  for (size_t index = 0; index < inputs.size(); ++index)
    if (outputs[index] != inputs[index])
      std::memcpy(outputs[index], inputs[index], condition.bytes(condition.graph().inputs[index]).size());
  for (int iteration = 0;; ++iteration) {
    if (iteration == most_iterations)
      throw UserError({place_, fmt::format("still runs after {} turns", iteration), "loops that end", "check the loop's condition"});
    write_inputs(condition, outputs);
    condition.run();
    if (condition.bytes(condition.graph().outputs[0])[0] == 0) return;
    write_inputs(body, outputs);
    body.run();
    read_outputs(body, outputs);
  }
}

void PreparedNode::run(std::span<void *const> inputs, std::span<void *const> outputs) const {
  if (kernel_->view) {
    std::memcpy(outputs[0], inputs[0], view_bytes_);
  } else if (kernel_->control == Control::branch) {
    Evaluator &body = *bodies_[*static_cast<const uint8_t *>(inputs[0]) != 0 ? 0 : 1];
    write_inputs(body, inputs.subspan(1));
    body.run();
    read_outputs(body, outputs);
  } else if (kernel_->control == Control::loop) {
    run_loop(inputs, outputs);
  } else {
    run_on_host(*kernel_, call_, addresses_of(call_, inputs, outputs, scratch_.data()));
  }
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
