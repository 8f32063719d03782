// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Samples that are neither counted nor dumped run without any observation: that is what makes a thousand cheap.
#include "bench/sims/protocol/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/files.hpp"

namespace whit::sims {
namespace {

constexpr size_t largest_input_file = size_t{2} << 30;

std::vector<std::vector<uint8_t>> read_inputs(const Request &request) {
  std::vector<std::vector<uint8_t>> files;
  for (const Transfer &input : request.inputs) {
    files.push_back(read_file(input.file, "bad_file", largest_input_file));
    const uint64_t needed = uint64_t{request.samples} * input.bytes;
    if (files.back().size() < needed)
      throw SimError("bad_file", fmt::format("{}: {} bytes, but {} samples of {} bytes need {}", input.file,
                                             files.back().size(), request.samples, input.bytes, needed));
  }
  return files;
}

std::vector<std::ofstream> open_outputs(const Request &request) {
  std::vector<std::ofstream> files;
  for (const Transfer &output : request.outputs) {
    files.emplace_back(output.file, std::ios::binary | std::ios::trunc);
    if (!files.back()) throw SimError("bad_file", fmt::format("{}: cannot be written", output.file));
  }
  return files;
}

class SampleLoop {
 public:
  SampleLoop(const Request &request, Chip &chip)
      : request_(request), chip_(chip), inputs_(read_inputs(request)), outputs_(open_outputs(request)) {
    result_.dumps.resize(request.dumps.size());
  }

  Result run() {
    chip_.allow(request_.instruction_limit);
    if (request_.stop) chip_.run_to(*request_.stop);
    for (uint32_t sample = 0; sample < request_.samples; ++sample) run_sample(sample);
    check_dumps();
    return std::move(result_);
  }

 private:
  void run_sample(uint32_t sample) {
    write_inputs(sample);
    chip_.allow(request_.instruction_limit);
    chip_.run_to(request_.measure_from);
    if (sample < request_.count_samples || has_dump(sample)) observe(sample);
    if (request_.stop) chip_.run_to(*request_.stop);
    read_outputs();
  }

  void observe(uint32_t sample) {
    SampleCounts counts = chip_.measure(request_.measure_to, [&](size_t marker) { take_dumps(sample, marker); });
    take_dumps(sample, std::nullopt);
    if (sample < request_.count_samples) result_.counted.push_back(std::move(counts));
  }

  bool has_dump(uint32_t sample) const {
    return std::any_of(request_.dumps.begin(), request_.dumps.end(), [&](const Dump &dump) { return dump.sample == sample; });
  }

  void take_dumps(uint32_t sample, std::optional<size_t> marker) {
    for (size_t i = 0; i < request_.dumps.size(); ++i) {
      const Dump &dump = request_.dumps[i];
      if (dump.sample != sample || dump.marker != marker || !result_.dumps[i].empty()) continue;
      const auto bytes = chip_.memory(dump.address, dump.bytes);
      result_.dumps[i].assign(bytes.begin(), bytes.end());
    }
  }

  void check_dumps() const {
    for (size_t i = 0; i < result_.dumps.size(); ++i) {
      if (result_.dumps[i].empty())
        throw SimError("marker_not_reached", fmt::format("dumps[{}]: sample {} never came to marker {}", i,
                                                         request_.dumps[i].sample, request_.dumps[i].marker.value_or(0)));
    }
  }

  void write_inputs(uint32_t sample) {
    for (size_t i = 0; i < inputs_.size(); ++i) {
      const Transfer &input = request_.inputs[i];
      const auto memory = chip_.memory(input.address, input.bytes);
      std::copy_n(inputs_[i].begin() + static_cast<std::ptrdiff_t>(uint64_t{sample} * input.bytes), input.bytes, memory.begin());
    }
  }

  void read_outputs() {
    for (size_t i = 0; i < outputs_.size(); ++i) {
      const auto memory = chip_.memory(request_.outputs[i].address, request_.outputs[i].bytes);
      outputs_[i].write(reinterpret_cast<const char *>(memory.data()), static_cast<std::streamsize>(memory.size()));
      if (!outputs_[i].flush()) throw SimError("bad_file", fmt::format("{}: cannot be written", request_.outputs[i].file));
    }
  }

  const Request &request_;
  Chip &chip_;
  std::vector<std::vector<uint8_t>> inputs_;
  std::vector<std::ofstream> outputs_;
  Result result_;
};

}  // namespace

Result run_samples(const Request &request, Chip &chip) { return SampleLoop(request, chip).run(); }

}  // namespace whit::sims
