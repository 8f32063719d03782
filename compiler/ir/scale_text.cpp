// SPDX-License-Identifier: Apache-2.0
#include "compiler/ir/scale_text.hpp"

#include <fmt/format.h>

namespace whit {

std::string scale_text(const Quantization &quantization) {
  if (!quantization.present()) return "";
  if (quantization.per_axis()) return fmt::format(", real = scale x (stored - zero point), of each slice along axis {}", quantization.axis);
  const int64_t zero = quantization.zero_point();
  const std::string shifted = zero == 0 ? "stored" : fmt::format("(stored {} {})", zero < 0 ? '+' : '-', zero < 0 ? -zero : zero);
  return fmt::format(", real = {:.9g} x {}", quantization.scale(), shifted);
}

}  // namespace whit
