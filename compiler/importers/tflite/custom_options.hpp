// SPDX-License-Identifier: Apache-2.0
// The options of a custom operator: a map in a FlexBuffer, verified before it is read.
#pragma once

#include <flatbuffers/flexbuffers.h>

#include "compiler/importers/tflite/operator_reader.hpp"

namespace whit {

class CustomOptions {
 public:
  // UserError where the operator's options are no sound FlexBuffer with a map. The reader must outlive the options.
  explicit CustomOptions(const OperatorReader &reader);

  bool has(const char *name) const { return !map_[name].IsNull(); }
  // UserError where the option is missing or no number.
  int64_t integer(const char *name) const;
  float real(const char *name) const;
  // The value, or `otherwise` where the option is missing.
  int64_t integer(const char *name, int64_t otherwise) const { return has(name) ? integer(name) : otherwise; }

 private:
  flexbuffers::Reference number(const char *name) const;

  const OperatorReader &reader_;
  flexbuffers::Map map_;
};

}  // namespace whit
