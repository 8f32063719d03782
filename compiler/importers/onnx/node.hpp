// SPDX-License-Identifier: Apache-2.0
// A node of the file, its attributes asked for by name. Nothing is trusted: what is missing, of another length or no number
// is a UserError with the node's place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/error.hpp"
#include "compiler/importers/onnx/onnx.pb.h"

namespace whit {

// The values of a tensor as real numbers: float, double and the integers; UserError for other types or lengths.
std::vector<double> onnx_numbers(const onnx_file::Tensor &tensor, const std::string &place);

class OnnxNode {
 public:
  OnnxNode(const onnx_file::Node &node, std::string place) : node_(&node), place_(std::move(place)) {}

  const std::string &place() const { return place_; }
  const std::string &op() const { return node_->op_type(); }
  std::string domain() const { return node_->domain() == "ai.onnx" ? "" : node_->domain(); }
  size_t inputs() const { return static_cast<size_t>(node_->input_size()); }
  size_t outputs() const { return static_cast<size_t>(node_->output_size()); }
  // Empty where an optional one is absent.
  std::string input(size_t index) const;
  std::string output(size_t index) const;

  bool has(std::string_view name) const { return find(name) != nullptr; }
  int64_t integer(std::string_view name, int64_t otherwise) const;
  double real(std::string_view name, double otherwise) const;
  std::string text(std::string_view name, const std::string &otherwise) const;
  // Finite numbers, from the attribute or from the tensor `name`_as_tensor; none where both are absent.
  std::vector<double> reals(std::string_view name) const;
  std::vector<double> numbers(std::string_view name) const;  // also infinite ones, and not-a-number
  std::vector<int64_t> integers(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;

  [[noreturn]] void fail(const std::string &found, const std::string &supported, const std::string &hint = "") const {
    throw UserError({place_, found, supported, hint});
  }

 private:
  const onnx_file::Attribute *find(std::string_view name) const;

  const onnx_file::Node *node_;
  std::string place_;
};

}  // namespace whit
