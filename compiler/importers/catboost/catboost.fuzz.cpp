// SPDX-License-Identifier: Apache-2.0
// Any bytes as a CatBoost model: a module whose host evaluation runs, or a UserError.
#include <cstdint>

#include "compiler/importers/catboost/import.hpp"
#include "ops/evaluate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  using namespace whit;
  try {
    const Module module = import_catboost({data, size}, "fuzz");
    Evaluator(module.main()).run();
  } catch (const UserError &) {
    // refused with an explanation
  }
  return 0;
}
