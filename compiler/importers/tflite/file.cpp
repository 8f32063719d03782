// SPDX-License-Identifier: Apache-2.0
// Structural checks: the verifier, then every index.
#include "compiler/importers/tflite/file.hpp"

#include <algorithm>

#include <flatbuffers/util.h>

#include "compiler/importers/tflite/import.hpp"

namespace whit {

namespace {

constexpr uint32_t deepest_nesting = 16;
constexpr uint32_t most_tables = 200000;  // tensors, buffers, operators and their options

void verify(const Bytes &bytes) {
  if (!is_tflite(bytes))
    throw UserError(
        {"", "not a TensorFlow Lite model (its identifier TFL3 is missing)", "", "is this the right file?"});
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), deepest_nesting, most_tables);
  if (!tflite::VerifyModelBuffer(verifier))
    throw UserError({"", "the file is truncated or damaged", "", "copy or export it again"});
}

// A code below 127 stands in the old one-byte field, newer ones in the new field; the other field is then smaller.
tflite::BuiltinOperator code_of(const tflite::OperatorCode &table) {
  return static_cast<tflite::BuiltinOperator>(
      std::max<int32_t>(table.builtin_code(), table.deprecated_builtin_code()));
}

std::string origin_of(size_t index, const TfliteOperator &entry) {
  const std::string name = tflite::EnumNameBuiltinOperator(entry.code);
  if (entry.code == tflite::BuiltinOperator_CUSTOM)
    return fmt::format("operator {}, custom {}", index, entry.custom_name);
  if (name.empty()) return fmt::format("operator {}, code {}", index, static_cast<int32_t>(entry.code));
  return fmt::format("operator {}, {}", index, name);
}

void check_tensor_indices(const std::vector<int32_t> &indices, size_t tensor_count, int32_t least,
                          const std::string &place, std::string_view what) {
  for (int32_t index : indices)
    if (index < least || (index >= 0 && static_cast<size_t>(index) >= tensor_count))
      throw UserError({place, fmt::format("{} is tensor {} of {}", what, index, tensor_count), "",
                       damaged});
}

void check_distinct_inputs(std::vector<int32_t> indices) {
  std::sort(indices.begin(), indices.end());
  const auto twice = std::adjacent_find(indices.begin(), indices.end());
  if (twice != indices.end())
    throw UserError({fmt::format("tensor {}", *twice), "listed twice as a model input", "", "export each input once"});
}

bool is_unicode(const std::string &text) {
  const char *next = text.c_str();
  while (next < text.c_str() + text.size())
    if (flatbuffers::FromUTF8(&next) < 0) return false;
  return true;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result(text);
  const bool unicode = is_unicode(result);
  for (char &character : result) {
    const auto code = static_cast<uint8_t>(character);
    if (code < 0x20 || code == 0x7F || (code > 0x7F && !unicode)) character = '?';
  }
  return result;
}

TfliteFile::TfliteFile(std::span<const uint8_t> bytes) : bytes_(), allowance_(40 * bytes.size() + 4096) {
  if (bytes.size() > largest_file) throw UserError({"", "the file is over 1 GiB", "", ""});
  bytes_.assign(bytes.begin(), bytes.end());
  verify(bytes_);
}

void TfliteFile::charge(uint64_t bytes) {
  if (bytes > allowance_)
    throw UserError({"", "the parts of the file overlap", "", damaged});
  allowance_ -= bytes;
}

void TfliteFile::charge_variable(uint64_t bytes) {
  if (bytes > variable_allowance_)
    throw UserError({"", "more than 64 MiB of variables", "what a microcontroller's memory holds", "make the model's state smaller"});
  variable_allowance_ -= bytes;
}

std::string TfliteFile::text(const flatbuffers::String *string) {
  if (string == nullptr) return {};
  charge(string->size());
  return printable(string->string_view());
}

TfliteSubgraph TfliteFile::subgraph(int32_t index) {
  const auto *graphs = model().subgraphs();
  if (graphs == nullptr || graphs->size() == 0) throw UserError({"", "the model has no graph", "", damaged});
  if (index < 0 || static_cast<uint32_t>(index) >= graphs->size())
    throw UserError({"", fmt::format("graph {} of {}", index, graphs->size()), "", damaged});
  const tflite::SubGraph &table = *graphs->Get(static_cast<uint32_t>(index));
  TfliteSubgraph subgraph{.name = text(table.name())};
  if (table.tensors() != nullptr) subgraph.tensors.assign(table.tensors()->begin(), table.tensors()->end());
  subgraph.inputs = elements(table.inputs());
  subgraph.outputs = elements(table.outputs());
  check_tensor_indices(subgraph.inputs, subgraph.tensors.size(), 0, "", "a model input");
  check_tensor_indices(subgraph.outputs, subgraph.tensors.size(), 0, "", "a model output");
  check_distinct_inputs(subgraph.inputs);
  if (table.operators() == nullptr) return subgraph;
  for (const tflite::Operator *entry : *table.operators())
    subgraph.operators.push_back(read_operator(*entry, subgraph.operators.size(), subgraph.tensors.size()));
  return subgraph;
}

TfliteOperator TfliteFile::read_operator(const tflite::Operator &table, size_t index, size_t tensor_count) {
  const auto *codes = model().operator_codes();
  if (codes == nullptr || table.opcode_index() >= codes->size())
    throw UserError({fmt::format("operator {}", index), fmt::format("its code {} is not listed", table.opcode_index()),
                     "", damaged});
  const tflite::OperatorCode &code = *codes->Get(table.opcode_index());
  TfliteOperator entry{.table = &table, .code = code_of(code)};
  if (entry.code == tflite::BuiltinOperator_CUSTOM) entry.custom_name = text(code.custom_code());
  entry.origin = origin_of(index, entry);
  entry.inputs = elements(table.inputs());
  entry.outputs = elements(table.outputs());
  check_tensor_indices(entry.inputs, tensor_count, -1, entry.origin, "an input");
  check_tensor_indices(entry.outputs, tensor_count, 0, entry.origin, "an output");
  return entry;
}

std::span<const uint8_t> TfliteFile::buffer(uint32_t index, const std::string &place) const {
  const auto *buffers = model().buffers();
  if (index == 0 && (buffers == nullptr || buffers->size() == 0)) return {};
  if (buffers == nullptr || index >= buffers->size())
    throw UserError({place, fmt::format("its buffer {} is not listed", index), "", damaged});
  const tflite::Buffer &entry = *buffers->Get(index);
  if (entry.offset() > 1)
    throw UserError({place, "its values lie outside the FlatBuffer", "models under 2 GB", ""});
  if (entry.data() == nullptr) return {};
  return {entry.data()->Data(), entry.data()->size()};
}

}  // namespace whit
