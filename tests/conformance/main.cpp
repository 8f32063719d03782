// SPDX-License-Identifier: Apache-2.0
// whit-conformance COUNT [OPERATOR...]: COUNT random models of each form of each operator (all by default), with random
// inputs and the outputs that whit computes for them, as a stream that compare.py reads.
// whit-conformance names: the operators.
// whit-conformance seeds FOLDER: one model of each form as a file there, for the fuzzer to start from.
//
// A record is one line of JSON ("operator", "types", sizes of what follows, or "refused" with whit's reason), then the
// model, then for each sample its inputs and outputs. The graph is evaluated as imported and as the passes leave it.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include <nlohmann/json.hpp>

#include "compiler/importers/tflite/import.hpp"
#include "compiler/passes/pipeline.hpp"
#include "ops/evaluate.hpp"
#include "ops/random_graph.hpp"
#include "tests/conformance/forms.hpp"

namespace whit {
namespace {

constexpr int most_samples = 8;

// What an operator remembers shows after some runs.
int samples_of(const Graph &graph) {
  return std::ranges::any_of(graph.tensors, &Tensor::variable) ? most_samples : 3;
}

std::string name_of(const Form &form) {
  return form.custom.empty() ? tflite::EnumNameBuiltinOperator(form.code) : form.custom;
}

// "int8", "float32, int8 weights", "int8 to int16"
std::string types_of(const TestModel &model) {
  const auto type = [&](int32_t index) { return std::string(tflite::EnumNameTensorType(model.table.subgraphs[0]->tensors[static_cast<size_t>(index)]->type)); };
  const tflite::SubGraphT &graph = *model.table.subgraphs[0];
  const std::vector<int32_t> &inputs = graph.operators[0]->inputs;
  std::vector<std::string> types;
  for (int32_t index : inputs) {
    if (index < 0 || graph.tensors[static_cast<size_t>(index)]->name == "numbers") continue;
    if (graph.tensors[static_cast<size_t>(index)]->name == "bias") continue;
    if (std::ranges::find(types, type(index)) == types.end()) types.push_back(type(index));
  }
  std::string text;
  for (const std::string &each : types) text += (text.empty() ? "" : " with ") + each;
  const std::string output = type(graph.outputs.at(0));
  if (types.empty()) return output;
  return types.size() == 1 && types[0] == output ? text : text + " to " + output;
}

std::vector<Bytes> run(Evaluator &evaluator, const Graph &graph, const std::vector<Bytes> &inputs) {
  for (size_t index = 0; index < inputs.size(); ++index)
    std::copy(inputs[index].begin(), inputs[index].end(), evaluator.bytes(graph.inputs[index]).begin());
  evaluator.run();
  std::vector<Bytes> outputs;
  for (TensorId id : graph.outputs) {
    const auto bytes = evaluator.bytes(id);
    outputs.emplace_back(bytes.begin(), bytes.end());
  }
  return outputs;
}

void append(Bytes &all, const std::vector<Bytes> &parts) {
  for (const Bytes &part : parts) all.insert(all.end(), part.begin(), part.end());
}

// Inputs and outputs of all samples. InternalError where the passes change an answer.
Bytes evaluated(const Module &module, std::mt19937 &random) {
  Module passed = module;
  run_passes(passed);
  Evaluator evaluator(module.main()), after_passes(passed.main());
  Bytes all;
  for (int sample = 0; sample < samples_of(module.main()); ++sample) {
    std::vector<Bytes> inputs;
    for (TensorId id : module.main().inputs) inputs.push_back(random_input(random, module.main(), id));
    const std::vector<Bytes> outputs = run(evaluator, module.main(), inputs);
    internal_check(run(after_passes, passed.main(), inputs) == outputs, "the passes change an answer");
    append(all, inputs);
    append(all, outputs);
  }
  return all;
}

nlohmann::json ports(const Graph &graph, const std::vector<TensorId> &ids) {
  nlohmann::json result = nlohmann::json::array();
  for (TensorId id : ids)
    result.push_back({{"type", name_of(graph.tensor(id).type)}, {"shape", graph.tensor(id).shape}});
  return result;
}

void set_output_shapes(TestModel &model, const Graph &graph) {
  for (size_t output = 0; output < graph.outputs.size(); ++output) {
    const Shape &shape = graph.tensor(graph.outputs[output]).shape;
    model.tensor(model.graph().outputs[output]).shape.assign(shape.begin(), shape.end());
  }
}

void write(nlohmann::json record, const Bytes &model, const Bytes &values) {
  record["model"] = model.size();
  std::cout << record.dump() << "\n";
  std::cout.write(reinterpret_cast<const char *>(model.data()), static_cast<std::streamsize>(model.size()));
  std::cout.write(reinterpret_cast<const char *>(values.data()), static_cast<std::streamsize>(values.size()));
}

void write_instance(const Form &form, TestModel model, std::mt19937 &random) {
  nlohmann::json record = {{"operator", name_of(form)}, {"types", types_of(model)}};
  try {
    const Module module = import_tflite(model.bytes(), "model");
    set_output_shapes(model, module.main());
    const Bytes values = evaluated(module, random);
    record["samples"] = samples_of(module.main());
    record["inputs"] = ports(module.main(), module.main().inputs);
    record["outputs"] = ports(module.main(), module.main().outputs);
    write(std::move(record), model.bytes(), values);
  } catch (const UserError &error) {
    record["refused"] = error.what();
    write(std::move(record), model.bytes(), {});
  }
}

void write_instances(const Form &form, int count, uint32_t seed) {
  std::mt19937 random(seed);
  for (int repeat = 0; repeat < count; ++repeat)
    if (std::optional<TestModel> model = form.make(random)) write_instance(form, std::move(*model), random);
}

void write_seeds(const std::vector<Form> &forms, const std::filesystem::path &folder) {
  std::filesystem::create_directories(folder);
  for (size_t index = 0; index < forms.size(); ++index) {
    std::mt19937 random(static_cast<uint32_t>(index));
    if (std::optional<TestModel> model = forms[index].make(random))
      write_file(folder / fmt::format("{}_{}.tflite", name_of(forms[index]), index), model->bytes());
  }
}

int main(int argument_count, char **arguments) {
  const std::vector<Form> forms = all_forms();
  if (argument_count == 3 && std::string_view(arguments[1]) == "seeds") {
    write_seeds(forms, arguments[2]);
    return 0;
  }
  const std::set<std::string> wanted(arguments + std::min(2, argument_count), arguments + argument_count);
  if (argument_count == 2 && std::string_view(arguments[1]) == "names") {
    std::set<std::string> names;
    for (const Form &form : forms) names.insert(name_of(form));
    for (const std::string &name : names) std::cout << name << "\n";
    return 0;
  }
  const int count = argument_count > 1 ? std::atoi(arguments[1]) : 0;
  if (count < 1) {
    std::cerr << "usage: whit-conformance COUNT [OPERATOR...], whit-conformance names, or whit-conformance seeds FOLDER\n";
    return 1;
  }
  for (size_t index = 0; index < forms.size(); ++index)
    if (wanted.empty() || wanted.contains(name_of(forms[index])))
      write_instances(forms[index], count, static_cast<uint32_t>(index));
  return 0;
}

}  // namespace
}  // namespace whit

int main(int argument_count, char **arguments) {
  try {
    return whit::main(argument_count, arguments);
  } catch (const std::exception &error) {
    std::cerr << "whit-conformance: " << error.what() << "\n";
    return 70;
  }
}
