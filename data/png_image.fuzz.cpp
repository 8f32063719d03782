// SPDX-License-Identifier: Apache-2.0
// Fuzzer: any bytes behind the name x.png become an image or are refused.
#include "data/samples_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const whit::Tensor grey{.name = "x", .shape = {1, 8, 8, 1}};
  const whit::Tensor colour{.name = "x", .type = whit::ElementType::float32, .shape = {4, 2, 3}};
  for (const whit::Tensor &tensor : {grey, colour}) {
    try {
      const whit::Bytes samples = whit::parse_samples("x.png", {data, data + size}, tensor);
      whit::internal_check(samples.size() == static_cast<size_t>(tensor.bytes()), "no whole image");
    } catch (const whit::UserError &) {
      // refused with an explanation: just what hostile files should get
    }
  }
  return 0;
}
