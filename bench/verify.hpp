// SPDX-License-Identifier: Apache-2.0
// Host against chip, bit for bit; on a difference, the first layer and element that diverge.
#pragma once

#include <optional>
#include <string>

#include "bench/simulation.hpp"

namespace whit {

struct Divergence {
  size_t sample = 0;
  std::string output{};   // name of the first differing output
  size_t element = 0;     // within that output
  std::string host{}, chip{};  // the two values
  std::string layer{};    // where it begins: "kws_layer_3 (conv2d by conv2d_int8_dsp), element 17: host 3, chip 4"
};

struct Verification {
  size_t samples = 0;
  size_t differing_bytes = 0;
  size_t output_bytes = 0;
  std::optional<Divergence> divergence{};
};

// Compiles for the target, builds, runs all samples, compares with the host's evaluation of the imported graph.
Verification verify(const ImportedModel &model, const CompileOptions &options, const Samples &samples);

// The same for an image that is built already.
Verification verify_image(const ImportedModel &model, const Compilation &compilation, const Image &image, const Samples &samples);

// The planar bytes of a tensor in channel_last order; other layouts as they are.
Bytes in_channel_last(const Tensor &tensor, const Bytes &bytes);

}  // namespace whit
