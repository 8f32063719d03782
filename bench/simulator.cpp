// SPDX-License-Identifier: Apache-2.0
#include "bench/simulator.hpp"

#include <filesystem>

#include "bench/missing_tool.hpp"
#include "bench/process.hpp"
#include "compiler/base/error.hpp"

namespace whit {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path find_simulator(const std::string &name) {
  const fs::path here = program_folder();
  for (const fs::path &folder : {here, here / "../libexec/whit"})
    if (fs::exists(folder / name)) return folder / name;
  throw MissingTool({name, "the simulator is not beside whit", "", "run `make build`, which builds it there"});
}

json memory_regions(const Target &target) {
  json regions = json::array();
  for (const Memory &memory : target.memories) regions.push_back(memory.data);
  return regions;
}

}  // namespace

json ask_simulator(const Target &target, json request) {
  request["core"] = target.core.simulator.at("core");
  request["memory"] = memory_regions(target);
  LineProcess simulator({find_simulator(target.core.simulator.at("program").get<std::string>()).string()});
  json reply = json::parse(simulator.ask(request.dump(-1, ' ', true, json::error_handler_t::replace)), nullptr, false);
  if (!reply.is_object() || !reply.contains("ok"))
    throw UserError({target.name, "the simulator's answer is not JSON", "", "run `make build`"});
  if (!reply.at("ok").get<bool>() && reply.at("error").at("kind") == "emulator_missing")
    throw MissingTool({target.name, reply.at("error").at("message").get<std::string>(), "", "install it, or run tools/setup"});
  return reply;
}

std::string simulator_complaint(const json &reply) {
  const json &error = reply.at("error");
  std::string text = "the emulated chip stopped: " + error.at("message").get<std::string>();
  if (error.contains("symbol"))
    text += ", in " + error.at("symbol").get<std::string>();
  else if (error.contains("pc"))
    text += fmt::format(", at {:#x}", error.at("pc").get<uint32_t>());
  return fmt::format("{} ({})", text, error.at("kind").get<std::string>());
}

Counts counts_from(const json &entry) {
  return {entry.at("instructions").get<int64_t>(), entry.at("cycles").get<int64_t>(), entry.at("board_cycles").get<int64_t>()};
}

}  // namespace whit
