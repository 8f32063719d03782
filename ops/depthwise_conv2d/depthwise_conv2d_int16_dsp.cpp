// SPDX-License-Identifier: Apache-2.0
// Facts of depthwise_conv2d's DSP kernel for 16-bit data.
#define WHIT_HOST
#include "ops/depthwise_conv2d/depthwise_conv2d_int16_dsp.hpp"

#include <algorithm>

#include "ops/depthwise_conv2d/depthwise_conv2d.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d_int16.dsp.kernel.hpp"
#include "ops/int16/int16_dsp_requantize.hpp"
#include "ops/int16/weighted_sum_int16.hpp"

namespace whit::depthwise_conv2d_int16_dsp_facts {

namespace {

int32_t four_weights(const int8_t *weights) {
  uint32_t word = 0;
  for (int byte = 0; byte < 4; ++byte) word |= static_cast<uint32_t>(static_cast<uint8_t>(weights[byte])) << (8 * byte);
  return static_cast<int32_t>(word);
}

// The kernel's header says how it is laid out.
std::vector<int32_t> stream_of(const NodeView &node, const Int16DspRequantize &requantize) {
  const auto weights = values_of<int8_t>(*node.input(1).constant);
  const auto channels = static_cast<int64_t>(requantize.biases.size());
  std::vector<int32_t> stream;
  const auto append = [&](const std::vector<int32_t> &values, int64_t first) {
    stream.insert(stream.end(), values.begin() + first, values.begin() + first + 4);
  };
  for (int64_t done = 0; done < channels; done += 4) {
    const int64_t first = std::min(done, channels - 4);
    append(requantize.biases, first);
    for (auto tap = static_cast<size_t>(first); tap < weights.size(); tap += static_cast<size_t>(channels))
      stream.push_back(four_weights(&weights[tap]));
    append(requantize.multipliers, first);
  }
  return stream;
}

}  // namespace

bool fits(const NodeView &node) {
  return weighted_sum_int16_kernel::fits_wide(node) && node.output().shape[3] >= 4 &&
         node.output().shape[3] == node.input(0).shape[3] && int16_dsp_requantize(node).has_value();
}

KernelCall call(const NodeView &node) {
  const auto requantize = int16_dsp_requantize(node);
  internal_check(requantize.has_value(), "a DSP kernel was chosen that does not fit");
  return {.function = fmt::format("depthwise_conv2d_int16_dsp<whit::Saturate{}>", requantize->positive ? "Positive" : "Signed"),
          .parameters = parameters_from(geometry_parameters<DepthwiseConv2dInt16DspParameters>(depthwise_conv2d_geometry(node))),
          .constants = {{"stream", ElementType::int32, bytes_of(stream_of(node, *requantize))}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), output_argument()}};
}

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 3, cycles_per_output = 8;
  return {.cycles = cycles_per_mac * static_cast<double>(macs_of(node)) +
                    cycles_per_output * static_cast<double>(node.output().elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes() + 8 * node.output().shape[3]),
          .code_bytes = 500};
}

// Where the last four channels overlap those before, they are computed again from data that must still be there.
std::vector<Overlap> overlap(const NodeView &node) {
  const ChannelUse use = node.output().shape[3] % 4 == 0 ? ChannelUse::own : ChannelUse::all;
  return {{.input = 0, .at_most = channel_last_overlap(depthwise_conv2d_geometry(node), 2, use)}};
}

}  // namespace whit::depthwise_conv2d_int16_dsp_facts
