// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/onnx/operators.hpp"

namespace whit {

namespace {

using namespace onnx_operators;

struct Operator {
  std::string_view domain;
  std::string_view name;
  void (*import)(OnnxReader &reader, const OnnxNode &node);
};

constexpr std::string_view classic = "ai.onnx.ml", common = "";

constexpr Operator operators[] = {
    {common, "Add", add},
    {common, "ArgMax", arg_max},
    {classic, "ArrayFeatureExtractor", array_feature_extractor},
    {classic, "Binarizer", binarizer},
    {common, "Cast", pass},
    {common, "Concat", concat},
    {classic, "FeatureVectorizer", concat},
    {common, "Div", div},
    {common, "Flatten", pass},
    {common, "Identity", pass},
    {classic, "Imputer", imputer},
    {classic, "LabelEncoder", label_encoder},
    {classic, "LinearClassifier", linear_classifier},
    {classic, "LinearRegressor", linear_regressor},
    {common, "MatMul", mat_mul},
    {common, "Mul", mul},
    {classic, "Normalizer", normalizer},
    {classic, "OneHotEncoder", one_hot_encoder},
    {common, "Relu", relu},
    {common, "Reshape", pass},
    {classic, "SVMClassifier", svm_classifier},
    {classic, "SVMRegressor", svm_regressor},
    {classic, "Scaler", scaler},
    {common, "Sigmoid", sigmoid},
    {common, "Sign", sign},
    {common, "Softmax", softmax},
    {common, "Sub", sub},
    {common, "Tanh", tanh},
    {classic, "TreeEnsembleClassifier", tree_classifier},
    {classic, "TreeEnsembleRegressor", tree_regressor},
    {classic, "ZipMap", pass},
};

}  // namespace

void import_onnx_node(OnnxReader &reader, const OnnxNode &node) {
  std::string known;
  for (const Operator &op : operators) {
    if (op.domain == node.domain() && op.name == node.op()) return op.import(reader, node);
    known += fmt::format("{}{}", known.empty() ? "" : ", ", op.name);
  }
  node.fail(fmt::format("operator {}{}{}", node.domain(), node.domain().empty() ? "" : ".", node.op()), known);
}

}  // namespace whit
