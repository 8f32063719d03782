// SPDX-License-Identifier: Apache-2.0
// The operators of ONNX that are read: one function each, and the table of their names.
#pragma once

#include "compiler/importers/onnx/reader.hpp"

namespace whit {

// UserError with all that are known where the node's operator is none of them.
void import_onnx_node(OnnxReader &reader, const OnnxNode &node);

namespace onnx_operators {

// features.cpp: what prepares features
void array_feature_extractor(OnnxReader &reader, const OnnxNode &node);
void binarizer(OnnxReader &reader, const OnnxNode &node);
void concat(OnnxReader &reader, const OnnxNode &node);
void imputer(OnnxReader &reader, const OnnxNode &node);
void normalizer(OnnxReader &reader, const OnnxNode &node);
void one_hot_encoder(OnnxReader &reader, const OnnxNode &node);
void pass(OnnxReader &reader, const OnnxNode &node);  // nothing changes
void scaler(OnnxReader &reader, const OnnxNode &node);

// arithmetic.cpp
void add(OnnxReader &reader, const OnnxNode &node);
void arg_max(OnnxReader &reader, const OnnxNode &node);
void div(OnnxReader &reader, const OnnxNode &node);
void mat_mul(OnnxReader &reader, const OnnxNode &node);
void mul(OnnxReader &reader, const OnnxNode &node);
void relu(OnnxReader &reader, const OnnxNode &node);
void sigmoid(OnnxReader &reader, const OnnxNode &node);
void sign(OnnxReader &reader, const OnnxNode &node);
void softmax(OnnxReader &reader, const OnnxNode &node);
void sub(OnnxReader &reader, const OnnxNode &node);
void tanh(OnnxReader &reader, const OnnxNode &node);

// labels.cpp
void label_encoder(OnnxReader &reader, const OnnxNode &node);
// How many classes the node tells apart, by its classlabels; UserError where it names none.
int64_t class_count(const OnnxNode &node);
// UserError where somebody needs the scores beside the label.
void refuse_scores(const OnnxReader &reader, const OnnxNode &node);

// linear.cpp, trees.cpp, vector_machines.cpp
void linear_classifier(OnnxReader &reader, const OnnxNode &node);
void linear_regressor(OnnxReader &reader, const OnnxNode &node);
void svm_classifier(OnnxReader &reader, const OnnxNode &node);
void svm_regressor(OnnxReader &reader, const OnnxNode &node);
void tree_classifier(OnnxReader &reader, const OnnxNode &node);
void tree_regressor(OnnxReader &reader, const OnnxNode &node);

}  // namespace onnx_operators
}  // namespace whit
