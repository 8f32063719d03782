// SPDX-License-Identifier: Apache-2.0
// Classic models in ONNX: sound ones evaluated, damaged ones and what is said about them.
#include "compiler/importers/onnx/import.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <random>

#include "compiler/importers/onnx/onnx.pb.h"
#include "ops/evaluate.hpp"

namespace whit {
namespace {

using onnx_file::Attribute;
using onnx_file::Model;
using onnx_file::Node;

constexpr int32_t type_float = 1, type_int64 = 7, type_string = 8;

Attribute *attribute(Node *node, const std::string &name) {
  Attribute *added = node->add_attribute();
  added->set_name(name);
  return added;
}

void set(Node *node, const std::string &name, std::vector<float> values) {
  *attribute(node, name)->mutable_floats() = {values.begin(), values.end()};
}

void set(Node *node, const std::string &name, std::vector<int64_t> values) {
  *attribute(node, name)->mutable_ints() = {values.begin(), values.end()};
}

Node *add_node(Model &model, const std::string &op, const std::string &input, const std::string &output) {
  Node *node = model.mutable_graph()->add_node();
  node->set_op_type(op);
  node->set_domain("ai.onnx.ml");
  node->add_input(input);
  node->add_output(output);
  return node;
}

// Features "X" of which the last node gives "Y".
Model empty_model(int64_t features) {
  Model model;
  model.set_ir_version(8);
  onnx_file::ValueInfo *input = model.mutable_graph()->add_input();
  input->set_name("X");
  input->mutable_type()->mutable_tensor_type()->set_elem_type(type_float);
  for (const int64_t size : {int64_t{0}, features}) input->mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(size);
  model.mutable_graph()->add_output()->set_name("Y");
  return model;
}

// x0 <= 3 (missing: no) ? 10 : (x1 <= -1 ? 20 : 30), plus 0.5.
Model tree_model() {
  Model model = empty_model(2);
  Node *node = add_node(model, "TreeEnsembleRegressor", "X", "Y");
  set(node, "nodes_treeids", std::vector<int64_t>{0, 0, 0, 0, 0});
  set(node, "nodes_nodeids", std::vector<int64_t>{0, 1, 2, 3, 4});
  set(node, "nodes_featureids", std::vector<int64_t>{0, 0, 1, 0, 0});
  set(node, "nodes_values", std::vector<float>{3, 0, -1, 0, 0});
  set(node, "nodes_truenodeids", std::vector<int64_t>{1, 0, 3, 0, 0});
  set(node, "nodes_falsenodeids", std::vector<int64_t>{2, 0, 4, 0, 0});
  Attribute *modes = attribute(node, "nodes_modes");
  for (const char *mode : {"BRANCH_LEQ", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"}) modes->add_strings(mode);
  set(node, "target_treeids", std::vector<int64_t>{0, 0, 0});
  set(node, "target_nodeids", std::vector<int64_t>{1, 3, 4});
  set(node, "target_ids", std::vector<int64_t>{0, 0, 0});
  set(node, "target_weights", std::vector<float>{10, 20, 30});
  set(node, "base_values", std::vector<float>{0.5F});
  return model;
}

Attribute &named(onnx_file::Graph &graph, int node, const std::string &name) {
  for (Attribute &attribute : *graph.mutable_node(node)->mutable_attribute())
    if (attribute.name() == name) return attribute;
  throw std::runtime_error(name);
}

// Three classes on scaled features; class 1 wins where (x0 - 1) * 2 is large.
Model classifier_model() {
  Model model = empty_model(2);
  Node *scaler = add_node(model, "Scaler", "X", "scaled");
  set(scaler, "offset", std::vector<float>{1, 0});
  set(scaler, "scale", std::vector<float>{2, 1});
  Node *node = add_node(model, "LinearClassifier", "scaled", "Y");
  node->add_output("scores");
  set(node, "coefficients", std::vector<float>{-1, 0, 1, 0, 0, 1});
  set(node, "intercepts", std::vector<float>{0, 0, -1});
  set(node, "classlabels_ints", std::vector<int64_t>{4, 5, 6});
  return model;
}

// Three classes around (0, 0), (8, 0), (0, 8), a vector each; pairs are told apart by which is nearer.
Model vector_machine_model(const std::string &kernel = "RBF") {
  Model model = empty_model(2);
  Node *node = add_node(model, "SVMClassifier", "X", "Y");
  attribute(node, "kernel_type")->set_s(kernel);
  set(node, "kernel_params", std::vector<float>{0.05F, 0, 3});
  set(node, "support_vectors", std::vector<float>{0, 0, 8, 0, 0, 8});
  set(node, "coefficients", std::vector<float>{1, -1, -1, 1, 1, -1});
  set(node, "rho", std::vector<float>{kernel == "RBF" ? 0.0F : 32.0F, kernel == "RBF" ? 0.0F : 32.0F, 0});
  set(node, "vectors_per_class", std::vector<int64_t>{1, 1, 1});
  set(node, "classlabels_ints", std::vector<int64_t>{4, 5, 6});
  return model;
}

Bytes bytes_of_model(const Model &model) {
  const std::string text = model.SerializeAsString();
  return {text.begin(), text.end()};
}

template <typename Output>
Output answer(const Model &model, std::vector<float> features) {
  const Module module = import_onnx(bytes_of_model(model), "model");
  const Graph &graph = module.main();
  Evaluator evaluator(graph);
  const Bytes bytes = bytes_of(features);
  std::copy(bytes.begin(), bytes.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  return values_of<Output>(evaluator.bytes(graph.outputs[0]))[0];
}

// As onnxruntime: a row whose divisor is 0 stays as it is.
TEST(Onnx, rows_are_divided_unless_by_zero) {
  Model largest = empty_model(3), sizes = empty_model(3);
  attribute(add_node(largest, "Normalizer", "X", "Y"), "norm")->set_s("MAX");
  attribute(add_node(sizes, "Normalizer", "X", "Y"), "norm")->set_s("L1");
  EXPECT_EQ(answer<float>(largest, {2, -4, 1}), 1.0F);
  EXPECT_EQ(answer<float>(largest, {-1, -4, -2}), 1.0F);
  EXPECT_EQ(answer<float>(largest, {0, 0, 0}), 0.0F);
  EXPECT_EQ(answer<float>(largest, {-1, 0, -2}), -1.0F);
  EXPECT_EQ(answer<float>(sizes, {1, 0, -3}), 0.25F);
  EXPECT_EQ(answer<float>(sizes, {0, 0, 0}), 0.0F);
}

TEST(Onnx, trees_predict_what_they_say) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NEAR(answer<float>(tree_model(), {3, 0}), 10.5F, 1e-5);
  EXPECT_NEAR(answer<float>(tree_model(), {4, -1}), 20.5F, 1e-5);
  EXPECT_NEAR(answer<float>(tree_model(), {nan, 0}), 30.5F, 1e-5);
  Model endless = tree_model();
  named(*endless.mutable_graph(), 0, "nodes_values").set_floats(0, std::numeric_limits<float>::infinity());
  EXPECT_NEAR(answer<float>(endless, {1e30F, 0}), 10.5F, 1e-5);
  EXPECT_NEAR(answer<float>(endless, {nan, 0}), 30.5F, 1e-5);
}

TEST(Onnx, a_classifier_gives_the_number_of_the_class) {
  EXPECT_EQ(answer<uint8_t>(classifier_model(), {0, 0}), 0);
  EXPECT_EQ(answer<uint8_t>(classifier_model(), {2, 0}), 1);
  EXPECT_EQ(answer<uint8_t>(classifier_model(), {1, 9}), 2);
}

TEST(Onnx, a_vector_machine_lets_pairs_vote) {
  for (const char *kernel : {"RBF", "LINEAR"}) {
    EXPECT_EQ(answer<uint8_t>(vector_machine_model(kernel), {1, 1}), 0) << kernel;
    EXPECT_EQ(answer<uint8_t>(vector_machine_model(kernel), {7, 1}), 1) << kernel;
    EXPECT_EQ(answer<uint8_t>(vector_machine_model(kernel), {1, 7}), 2) << kernel;
  }
}

TEST(Onnx, one_class_is_1_or_minus_1) {
  Model model = empty_model(2);
  Node *node = add_node(model, "SVMRegressor", "X", "Y");
  attribute(node, "kernel_type")->set_s("RBF");
  set(node, "kernel_params", std::vector<float>{0.5F, 0, 3});
  set(node, "support_vectors", std::vector<float>{1, 1, 2, 2});
  set(node, "coefficients", std::vector<float>{1, 1});
  set(node, "rho", std::vector<float>{-0.5F});
  EXPECT_NEAR(answer<float>(model, {1, 1}), 0.867879, 1e-5);  // 1 + e^-1 - 0.5
  attribute(node, "one_class")->set_i(1);
  EXPECT_EQ(answer<float>(model, {1, 1}), 1);
  EXPECT_EQ(answer<float>(model, {9, 9}), -1);
}

TEST(Onnx, is_known_by_its_first_bytes) {
  EXPECT_TRUE(is_onnx(bytes_of_model(tree_model())));
  EXPECT_FALSE(is_onnx(Bytes{'{', '"', 'l', 'e'}));
  EXPECT_FALSE(is_onnx({}));
}

std::string refusal(const Model &model) {
  try {
    import_onnx(bytes_of_model(model), "model");
  } catch (const UserError &error) {
    return error.problems()[0].place + ": " + error.problems()[0].found;
  }
  return "accepted";
}

std::string refusal(Model (*make)(), const std::function<void(onnx_file::Graph &)> &change) {
  Model model = make();
  change(*model.mutable_graph());
  return refusal(model);
}

TEST(Onnx, says_what_is_wrong_and_where) {
  EXPECT_EQ(refusal(tree_model()), "accepted");
  EXPECT_EQ(refusal(classifier_model()), "accepted");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { graph.clear_output(); }), "model: no outputs");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { graph.clear_input(); }), "model: no inputs");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { graph.mutable_output(0)->set_name("Z"); }), "model: output 'Z', which no node gives");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { graph.mutable_node(0)->set_op_type("TfIdfVectorizer"); }),
            "model, node 0, TfIdfVectorizer: operator ai.onnx.ml.TfIdfVectorizer");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { graph.mutable_node(0)->set_input(0, "Q"); }),
            "model, node 0, TreeEnsembleRegressor: input 0, 'Q', which nothing before gives");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(type_string); }),
            "model, input 'X': element type 8");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(1)->set_dim_value(int64_t{1} << 40); }),
            "model, input 'X': 2 axes, 0 rows of 1099511627776 features");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { named(graph, 0, "nodes_truenodeids").set_ints(2, 0); }),
            "model, node 0, TreeEnsembleRegressor, tree 0: node 0 is reached twice");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { named(graph, 0, "nodes_truenodeids").set_ints(2, 9); }),
            "model, node 0, TreeEnsembleRegressor: node 9 of tree 0, which there is not");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { named(graph, 0, "nodes_featureids").set_ints(2, 7); }),
            "model, node 0, TreeEnsembleRegressor, tree 0: node 2 tests feature 7 of 2");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { named(graph, 0, "nodes_values").set_floats(0, std::numeric_limits<float>::quiet_NaN()); }),
            "model, node 0, TreeEnsembleRegressor, tree 0: node 0 has no number as its threshold");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { named(graph, 0, "nodes_values").add_floats(0); }), "model, node 0, TreeEnsembleRegressor: 6 nodes_values");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { named(graph, 0, "nodes_modes").set_strings(0, "BRANCH_EQ"); }),
            "model, node 0, TreeEnsembleRegressor: mode BRANCH_EQ");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { named(graph, 0, "target_nodeids").set_ints(0, 0); }),
            "model, node 0, TreeEnsembleRegressor: a weight for node 0 of tree 0, which is no leaf");
  EXPECT_EQ(refusal(tree_model, [](auto &graph) { named(graph, 0, "target_ids").set_ints(0, 1); }), "model, node 0, TreeEnsembleRegressor: output 1 of 1");
  EXPECT_EQ(refusal(classifier_model, [](auto &graph) { named(graph, 1, "coefficients").add_floats(1); }), "model, node 1, LinearClassifier: 7 coefficients");
  EXPECT_EQ(refusal(classifier_model, [](auto &graph) { named(graph, 1, "classlabels_ints").add_ints(7); }),
            "model, node 1, LinearClassifier: 3 rows of coefficients for 4 classes");
  EXPECT_EQ(refusal(classifier_model, [](auto &graph) { graph.mutable_output(0)->set_name("scores"); }),
            "model, node 1, LinearClassifier: scores that the model's first output needs");
}

TEST(Onnx, says_what_is_wrong_with_a_vector_machine) {
  const auto machine = [] { return vector_machine_model(); };
  EXPECT_EQ(refusal(machine, [](auto &graph) { named(graph, 0, "kernel_type").set_s("MAGIC"); }), "model, node 0, SVMClassifier: kernel_type MAGIC");
  EXPECT_EQ(refusal(machine, [](auto &graph) { named(graph, 0, "kernel_params").clear_floats(); }), "model, node 0, SVMClassifier: 0 kernel_params");
  EXPECT_EQ(refusal(machine, [](auto &graph) { named(graph, 0, "support_vectors").add_floats(1); }), "model, node 0, SVMClassifier: 7 values of support vectors");
  EXPECT_EQ(refusal(machine, [](auto &graph) { named(graph, 0, "coefficients").add_floats(1); }), "model, node 0, SVMClassifier: 7 coefficients");
  EXPECT_EQ(refusal(machine, [](auto &graph) { named(graph, 0, "vectors_per_class").set_ints(0, 9); }), "model, node 0, SVMClassifier: 11 vectors in 3 classes");
  EXPECT_EQ(refusal(machine, [](auto &graph) { named(graph, 0, "rho").add_floats(1); }), "model, node 0, SVMClassifier: 4 values of rho");
}

TEST(Onnx, a_tensor_must_fill_its_shape) {
  const auto with_constant = [](std::vector<int64_t> dims, int32_t type) {
    Model model = empty_model(2);
    Node *node = add_node(model, "Add", "X", "Y");
    node->set_domain("");
    node->add_input("c");
    onnx_file::Tensor *tensor = model.mutable_graph()->add_initializer();
    tensor->set_name("c");
    tensor->set_data_type(type);
    *tensor->mutable_dims() = {dims.begin(), dims.end()};
    tensor->add_float_data(1);
    tensor->add_float_data(2);
    return refusal(model);
  };
  EXPECT_EQ(with_constant({2}, type_float), "accepted");
  EXPECT_EQ(with_constant({int64_t{1} << 62, 8}, type_float), "model, node 0, Add: a tensor whose 2 values do not fill its shape");
  EXPECT_EQ(with_constant({-2}, type_float), "model, node 0, Add: a tensor whose 2 values do not fill its shape");
  EXPECT_EQ(with_constant({2}, type_int64), "model, node 0, Add: a tensor whose 0 values do not fill its shape");
  EXPECT_EQ(with_constant({2}, type_string), "model, node 0, Add: a tensor of element type 8");
}

bool accepted(std::span<const uint8_t> bytes) {
  try {
    import_onnx(bytes, "model");
    return true;
  } catch (const UserError &) {
    return false;
  }
}

TEST(OnnxHostile, no_damage_goes_unanswered) {
  std::mt19937 random(7);
  for (const Model &model : {tree_model(), classifier_model(), vector_machine_model()}) {
    const Bytes sound = bytes_of_model(model);
    size_t refused = 0;
    for (size_t length = 0; length < sound.size(); ++length) refused += accepted(std::span(sound).first(length)) ? 0 : 1;
    for (size_t bit = 0; bit < sound.size() * 8; ++bit) {
      Bytes damaged = sound;
      damaged[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
      refused += accepted(damaged) ? 0 : 1;
    }
    for (int round = 0; round < 5000; ++round) {
      Bytes damaged = sound;
      for (int change = 0; change < 4; ++change) damaged[random() % damaged.size()] = static_cast<uint8_t>(random());
      refused += accepted(damaged) ? 0 : 1;
    }
    EXPECT_GT(refused, sound.size());
  }
}

}  // namespace
}  // namespace whit
