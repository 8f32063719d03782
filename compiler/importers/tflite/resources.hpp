// SPDX-License-Identifier: Apache-2.0
// What the graphs of one file share: its variables, known by name, and the import of graphs that operators name.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/importers/tflite/file.hpp"
#include "compiler/ir/graph.hpp"

namespace whit {

// The variables that VAR_HANDLE names: type, shape and what they hold at first.
class Resources {
 public:
  // The variable as it now stands; made of a tensor of that type and shape where it is new. UserError where an operator
  // takes it for another type or size.
  const Tensor &variable(const std::string &name, const Tensor &like, const std::string &place);
  Tensor &known(const std::string &name) { return variables_.at(name); }

 private:
  std::map<std::string, Tensor> variables_;
  int64_t bytes_ = 0;  // of all of them
};

// A graph with the variables it mentions.
struct ImportedGraph {
  Graph graph{};
  std::map<std::string, TensorId> variables{};
};

struct ModelImport {
  TfliteFile &file;
  Resources resources{};
  int depth = 0;  // of graphs within graphs
  std::set<int32_t> remembering{};  // graphs within others that have variables without names
  int buffers_without_cycles = 0;  // CIRCULAR_BUFFER without its option, so far

  // Imports a graph; `handles`: the variables that its inputs of kind resource stand for.
  ImportedGraph graph(int32_t index, const std::vector<std::string> &handles);
};

}  // namespace whit
