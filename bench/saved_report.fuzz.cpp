// SPDX-License-Identifier: Apache-2.0
// Fuzzer: any bytes become a report that compares equal with itself, or are refused with an explanation.
#include "bench/comparison.hpp"
#include "compiler/base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  try {
    const auto report = whit::parse_report({reinterpret_cast<const char *>(data), size}, "report.json");
    const whit::Comparison same = whit::compare(report, report, 0);
    whit::internal_check(same.missing.empty() && same.added.empty(), "a report lacks its own pairs");
    whit::comparison_table(same);
  } catch (const whit::UserError &) {
    // refused with an explanation: just what hostile files should get
  }
  return 0;
}
