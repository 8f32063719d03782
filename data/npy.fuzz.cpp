// SPDX-License-Identifier: Apache-2.0
// Fuzzer: any bytes behind the name x.npy become samples and labels or are refused.
#include "data/samples_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const whit::Tensor quantised{.name = "x", .shape = {1, 8, 8, 1}, .quantization = {{0.5F}, {-3}, -1}};
  const whit::Tensor wide{.name = "x", .type = whit::ElementType::float32, .shape = {2}};
  for (const whit::Tensor &tensor : {quantised, wide}) {
    try {
      const whit::Bytes samples = whit::parse_samples("x.npy", {data, data + size}, tensor);
      whit::internal_check(samples.size() % static_cast<size_t>(tensor.bytes()) == 0, "no whole samples");
    } catch (const whit::UserError &) {
      // refused with an explanation: just what hostile files should get
    }
  }
  try {
    whit::parse_labels("x.npy", {data, data + size});
  } catch (const whit::UserError &) {
  }
  return 0;
}
