// SPDX-License-Identifier: Apache-2.0
#include "bench/firmware.hpp"

#include "bench/simulator.hpp"

namespace whit {

namespace {

using nlohmann::json;

constexpr uint64_t most_instructions = 4'000'000'000;

json request_for(const FirmwareOptions &options) {
  const std::string file = std::filesystem::absolute(options.file).string();
  json measured = {{"from", options.from}};
  if (!options.to.empty()) measured["to"] = options.to;
  json request = {{"firmware", options.base.empty() ? json(file) : json{{"raw", file}, {"base", options.base}}},
                  {"measure", measured},
                  {"profile", true},
                  {"peripherals", options.peripherals},
                  {"instruction_limit", most_instructions}};
  if (!options.vectors.empty()) request["vectors"] = options.vectors;
  return request;
}

std::string hint_for(const std::string &kind, bool raw) {
  if (kind == "unknown_symbol") return "list the symbols with `nm`; a function must not be inlined (static, or noinline is missing)";
  if (kind == "bad_firmware")
    return raw ? "does the image lie in this target's memories at that --base (`whit targets NAME`)?"
               : "it must be an ELF file for this target's core, linked for its memories (`whit targets NAME`); other images: --raw and --base";
  if (kind == "unmapped_access" || kind == "exception" || kind == "instruction_limit")
    return "only core and memories are emulated, no interrupts, and no peripherals beyond --peripherals: see bench/harness/README.md";
  return "";
}

[[noreturn]] void throw_complaint(const FirmwareOptions &options, const json &reply) {
  const std::string kind = reply.at("error").at("kind");
  throw UserError({fmt::format("{} on {}", options.file.string(), options.target.name), simulator_complaint(reply), "", hint_for(kind, !options.base.empty())});
}

ImageSize sizes_from(const json &image) {
  return {.code = image.at("code").get<int64_t>(),
          .constants = image.at("constants").get<int64_t>(),
          .data = image.at("data").is_null() ? 0 : image.at("data").get<int64_t>()};
}

}  // namespace

Measurement measure_firmware(const FirmwareOptions &options) {
  if (options.target.core.simulator.value("program", "") == "native")
    throw UserError({options.target.name, "no emulator counts its cycles", "a board of `whit targets` with an emulated chip", ""},
                    ExitCode::usage);
  if (!std::filesystem::exists(options.file)) throw UserError({options.file.string(), "no such file", "", "check the path"});
  const json reply = ask_simulator(options.target, request_for(options));
  if (!reply.at("ok").get<bool>()) throw_complaint(options, reply);
  Measurement result = measurement_on(options.target);
  result.model = options.name.empty() ? options.file.stem().string() : options.name;
  result.file = options.file.filename().string();
  result.options = fmt::format("--from {}{}", options.from, options.to.empty() ? "" : " --to " + options.to);
  const json &counted = reply.at("counted").at(0);
  result.samples = 1;
  result.total = counts_from(counted);
  result.stack = counted.at("stack").get<int64_t>();
  result.library = sizes_from(reply.at("image"));
  for (const json &function : counted.at("functions"))
    result.functions.push_back({function.at("name").is_null() ? "(no symbol)" : function.at("name").get<std::string>(), counts_from(function)});
  add_time_and_energy(result, options.target, options.duty);
  return result;
}

}  // namespace whit
