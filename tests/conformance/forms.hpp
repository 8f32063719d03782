// SPDX-License-Identifier: Apache-2.0
// Random models of one operator each, as .tflite files: what the conformance run gives to whit and to the reference.
//
// Where an operator of the format is one of whit's, its models are that operator's own random instances, written down
// by `model_of`; operators that the importer takes apart have generators of their own in built_forms.cpp, those of
// variables and control in state_forms.cpp, encoded constants in decode_forms.cpp, what few converters write in
// rare_forms.cpp.
#pragma once

#include <functional>
#include <optional>
#include <random>
#include <vector>

#include "compiler/importers/tflite/test_model.hpp"
#include "compiler/ir/graph.hpp"

namespace whit {

// Output tensors need no shape: the conformance run fills in what the import finds.
using MakeModel = std::function<std::optional<TestModel>(std::mt19937 &random)>;

struct Form {
  tflite::BuiltinOperator code;
  MakeModel make;  // nothing where the format cannot say what was drawn
  std::string custom{};  // the name of a custom operator
};

// A graph of one node as a model, with any tensors and attributes that suit the operator. Windows become SAME or VALID.
std::optional<TestModel> model_of(const Graph &graph, std::mt19937 &random);

tflite::TensorType format_type(ElementType type);

std::vector<Form> built_forms();
std::vector<Form> buffer_forms();
std::vector<Form> decode_forms();
std::vector<Form> rare_forms();
std::vector<Form> state_forms();
// One form for each generator of each operator of whit, then the built ones.
std::vector<Form> all_forms();

}  // namespace whit
