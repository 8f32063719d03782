// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Parses a line, runs it, prints the reply.
#include "bench/sims/protocol/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/samples.hpp"

namespace whit::sims {
namespace {

using nlohmann::json;

constexpr size_t longest_line = 16u << 20;

json counts_to_json(const Counts &counts) {
  return {{"instructions", counts.instructions}, {"cycles", counts.cycles}, {"board_cycles", counts.board_cycles}};
}

// Only functions that ran, the most cycles first.
json functions_to_json(const SampleCounts &sample, const FunctionMap &names) {
  json functions = json::array();
  for (size_t i = 0; i < sample.functions.size(); ++i) {
    if (sample.functions[i].instructions == 0 && sample.functions[i].board_cycles == 0) continue;
    json entry = counts_to_json(sample.functions[i]);
    entry["name"] = i < names.size() ? json(names.name(i)) : json(nullptr);
    functions.push_back(std::move(entry));
  }
  std::stable_sort(functions.begin(), functions.end(), [](const json &a, const json &b) { return a["cycles"] > b["cycles"]; });
  return functions;
}

json sample_to_json(const SampleCounts &sample, const Request &request) {
  Counts total = sample.unmarked;
  json markers = json::array();
  for (const Counts &counts : sample.markers) {
    total += counts;
    markers.push_back(counts_to_json(counts));
  }
  json result = counts_to_json(total);
  result["stack"] = sample.stack;
  result["unmarked"] = counts_to_json(sample.unmarked);
  result["markers"] = std::move(markers);
  if (request.profile) result["functions"] = functions_to_json(sample, request.functions);
  return result;
}

std::string hexadecimal(const std::vector<uint8_t> &bytes) { return fmt::format("{:02x}", fmt::join(bytes, "")); }

json sizes_to_json(const ImageSizes &sizes) {
  return {{"code", sizes.code}, {"constants", sizes.constants}, {"data", sizes.data ? json(*sizes.data) : json(nullptr)}};
}

json result_to_json(const Result &result, const Request &request) {
  json reply = {{"ok", true}, {"counted", json::array()}, {"dumps", json::array()}};
  for (const SampleCounts &sample : result.counted) reply["counted"].push_back(sample_to_json(sample, request));
  if (request.profile) reply["image"] = sizes_to_json(request.image.sizes);
  for (const auto &bytes : result.dumps) reply["dumps"].push_back(hexadecimal(bytes));
  return reply;
}

json error_to_json(const SimError &error, const ElfImage *image) {
  json details = {{"kind", error.kind()}, {"message", error.what()}};
  if (error.pc()) {
    details["pc"] = *error.pc();
    if (const auto symbol = image ? image->describe(*error.pc()) : std::nullopt) details["symbol"] = *symbol;
  }
  return {{"ok", false}, {"error", std::move(details)}};
}

json run_request(const json &request_json, uint16_t machine, const ChipMaker &make_chip) {
  std::optional<Request> request;
  try {
    request = read_request(request_json, machine);
    const std::unique_ptr<Chip> chip = make_chip(*request);
    return result_to_json(run_samples(*request, *chip), *request);
  } catch (const SimError &error) {
    return error_to_json(error, request ? &request->image : nullptr);
  } catch (const std::bad_alloc &) {
    return error_to_json(SimError("out_of_memory", "the simulator's own memory does not suffice for this request"), nullptr);
  } catch (const std::exception &error) {
    return error_to_json(SimError("internal", error.what()), nullptr);
  }
}

// False at the end of the input. A line beyond the limit is read to its end but not kept.
bool read_line(std::istream &in, std::string &line) {
  line.clear();
  std::streambuf &buffer = *in.rdbuf();
  bool any = false;
  for (int c = buffer.sbumpc(); c != std::char_traits<char>::eof(); c = buffer.sbumpc()) {
    any = true;
    if (c == '\n') break;
    if (line.size() <= longest_line) line.push_back(static_cast<char>(c));
  }
  return any;
}

}  // namespace

std::string answer(const std::string &line, uint16_t machine, const ChipMaker &make_chip) {
  json reply;
  const json request = line.size() > longest_line ? json(json::value_t::discarded) : json::parse(line, nullptr, false);
  if (request.is_discarded()) {
    reply = error_to_json(SimError("bad_request", "the line is not JSON, or too long"), nullptr);
  } else {
    reply = run_request(request, machine, make_chip);
    if (request.is_object() && request.contains("id")) reply["id"] = request["id"];
  }
  return reply.dump(-1, ' ', true, json::error_handler_t::replace);
}

void serve(std::istream &in, std::ostream &out, uint16_t machine, const ChipMaker &make_chip) {
  for (std::string line; read_line(in, line);) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) out << answer(line, machine, make_chip) << std::endl;
  }
}

}  // namespace whit::sims
