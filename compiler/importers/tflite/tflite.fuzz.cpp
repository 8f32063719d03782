// SPDX-License-Identifier: Apache-2.0
// Fuzzer: any bytes are imported or refused, and what is imported can be evaluated.
//
// Half of the mutations change bytes; the other half change a field of a sound file, which gets deeper.
#include <algorithm>
#include <limits>
#include <random>

#include "compiler/importers/tflite/import.hpp"
#include "compiler/importers/tflite/tflite_generated.h"
#include "ops/small_graph.hpp"

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

namespace {

using namespace whit;

constexpr int32_t telling_integers[] = {-1, 0, 1, 2, 3, 4, 5, 7, 8, 127, 128, 255, 32767, 65536, 0x7FFFFFFF};
constexpr float telling_scales[] = {0.0F, 1e-38F, 1e-12F, 0.00390625F,
                                    0.5F, 1e10F,  3e38F,  std::numeric_limits<float>::quiet_NaN()};

class Mutation {
 public:
  Mutation(tflite::ModelT &model, uint32_t seed) : model_(model), random_(seed) {}

  void apply() {
    if (model_.subgraphs.empty() || model_.subgraphs[0]->tensors.empty()) return;
    tflite::SubGraphT &graph = *model_.subgraphs[0];
    switch (random_() % 4) {
      case 0: return change(*pick(graph.tensors));
      case 1: return graph.operators.empty() ? change(graph.inputs) : change(*pick(graph.operators));
      case 2: return model_.operator_codes.empty() ? void() : change(*pick(model_.operator_codes));
      default: return model_.buffers.empty() ? void() : change(*pick(model_.buffers));
    }
  }

 private:
  template <typename T>
  T &pick(std::vector<T> &values) {
    return values[random_() % values.size()];
  }
  int32_t integer() { return telling_integers[random_() % std::size(telling_integers)]; }

  template <typename T>
  void change(std::vector<T> &values) {
    if (random_() % 8 == 0) values.resize(random_() % 6, T{1});
    if (!values.empty()) pick(values) = static_cast<T>(integer());
  }

  void change(tflite::TensorT &tensor) {
    if (tensor.quantization == nullptr) tensor.quantization = std::make_unique<tflite::QuantizationParametersT>();
    tflite::QuantizationParametersT &quantization = *tensor.quantization;
    switch (random_() % 6) {
      case 0: tensor.type = static_cast<tflite::TensorType>(random_() % 10); return;
      case 1: quantization.quantized_dimension = integer(); return;
      case 2: change(quantization.zero_point); return;
      case 3:
        if (!quantization.scale.empty())
          pick(quantization.scale) = telling_scales[random_() % std::size(telling_scales)];
        return;
      default: change(tensor.shape);
    }
  }

  void change(tflite::OperatorT &entry) { change(random_() % 2 == 0 ? entry.inputs : entry.outputs); }

  void change(tflite::OperatorCodeT &code) {
    code.builtin_code = static_cast<tflite::BuiltinOperator>(random_() % 120);
    code.deprecated_builtin_code = 0;
  }

  void change(tflite::BufferT &buffer) {
    buffer.data.resize(buffer.data.size() + 8);
    buffer.data.resize(LLVMFuzzerMutate(buffer.data.data(), buffer.data.size() - 8, buffer.data.size()));
  }

  tflite::ModelT &model_;
  std::minstd_rand random_;
};

// The verifier looks at the place of a list's length only.
bool is_aligned(const flatbuffers::Vector<int64_t> *values) {
  return values == nullptr || reinterpret_cast<uintptr_t>(values->Data()) % alignof(int64_t) == 0;
}

bool has_aligned_tensors(const tflite::SubGraph &graph) {
  if (graph.tensors() == nullptr) return true;
  return std::all_of(graph.tensors()->begin(), graph.tensors()->end(), [](const tflite::Tensor *tensor) {
    return tensor->quantization() == nullptr || is_aligned(tensor->quantization()->zero_point());
  });
}

// Whether the generated code can unpack and pack it: it takes for granted that options with a type are there, and that
// numbers of 64 bits lie where the computer reads them.
bool can_unpack(const uint8_t *data, size_t size) {
  flatbuffers::Verifier verifier(data, size);
  if (!tflite::VerifyModelBuffer(verifier)) return false;
  const auto *graphs = tflite::GetModel(data)->subgraphs();
  if (graphs == nullptr) return false;
  for (const tflite::SubGraph *graph : *graphs) {
    if (!has_aligned_tensors(*graph)) return false;
    if (graph->operators() == nullptr) continue;
    for (const tflite::Operator *entry : *graph->operators())
      if (entry->builtin_options_type() != tflite::BuiltinOptions_NONE && entry->builtin_options() == nullptr)
        return false;
  }
  return true;
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed) {
  if (seed % 2 == 0 || !can_unpack(data, size)) return LLVMFuzzerMutate(data, size, max_size);
  tflite::ModelT model;
  tflite::GetModel(data)->UnPackTo(&model);
  Mutation(model, seed).apply();
  flatbuffers::FlatBufferBuilder builder;
  tflite::FinishModelBuffer(builder, tflite::Model::Pack(builder, &model));
  if (builder.GetSize() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data, builder.GetBufferPointer(), builder.GetSize());
  return builder.GetSize();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  try {
    const Module module = import_tflite({data, size}, "fuzz");
    if (is_small(module.main())) Evaluator(module.main()).run();
  } catch (const UserError &) {
    // refused with an explanation: just what hostile files should get
  }
  return 0;
}
