// SPDX-License-Identifier: Apache-2.0
// The graph while it is built: the values that the file's names stand for. A value is one row of features; a scaler changes
// only what its numbers stand for, and the operator that reads them takes that into its own or has it computed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/importers/onnx/node.hpp"
#include "compiler/ir/graph.hpp"

namespace whit {

struct OnnxValue {
  TensorId tensor = no_tensor;  // float32, 1 x count; of labels whole numbers
  int64_t count = 0;
  bool label = false;  // the number of a class
  // real = factor * stored + offset, one a feature; none: as stored.
  std::vector<double> factors{}, offsets{};

  double factor(size_t feature) const { return factors.empty() ? 1 : factors[feature]; }
  double offset(size_t feature) const { return offsets.empty() ? 0 : offsets[feature]; }
};

class OnnxReader {
 public:
  OnnxReader(Graph &graph, const onnx_file::Graph &file, std::string place);

  Graph &graph() { return graph_; }
  // Reads all nodes that the first output needs, then makes it the graph's.
  void read();

  // The value of the node's input; UserError where there is none.
  const OnnxValue &value(const OnnxNode &node, size_t input = 0) const;
  // The same, of features, not a label.
  const OnnxValue &features(const OnnxNode &node, size_t input = 0) const;
  // The features themselves, computed where they only stand for others.
  TensorId real(const OnnxNode &node, size_t input = 0);
  // The numbers of an input that the file holds; UserError where it is computed.
  std::vector<double> constant(const OnnxNode &node, size_t input) const;
  bool is_constant(const OnnxNode &node, size_t input) const { return constants_.contains(node.input(input)); }
  bool needs(const OnnxNode &node, size_t output) const { return needed_.contains(node.output(output)); }

  void set(const OnnxNode &node, size_t output, OnnxValue value);
  // A constant row, or shape, of float32.
  TensorId add_constant(const std::vector<double> &values, Shape shape);
  // Adds the node; its output.
  TensorId emit(const OnnxNode &origin, std::string op, std::vector<TensorId> inputs, Attributes attributes = {});
  // A node whose output is a row of features again.
  OnnxValue row(TensorId tensor) const;

 private:
  void add_inputs();
  void note_needed();

  Graph &graph_;
  const onnx_file::Graph &file_;
  std::string place_;
  std::map<std::string, OnnxValue> values_;
  std::map<std::string, const onnx_file::Tensor *> constants_;
  std::set<std::string> needed_;
};

}  // namespace whit
