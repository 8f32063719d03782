// SPDX-License-Identifier: Apache-2.0
// Reads boards, cores and toolchains. Board files may come from the user, so every field is checked.
#include "compiler/targets/target.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include <fmt/ranges.h>

#include "compiler/base/bytes.hpp"
#include "compiler/base/embedded_file.hpp"
#include "compiler/base/nearest_name.hpp"
#include "compiler/targets/fields.hpp"
#include "compiler/targets/memories.hpp"

namespace whit {

std::span<const EmbeddedFile> embedded_target_files();  // generated from the .json files of this room

namespace {

using nlohmann::json;

constexpr uint64_t largest_board_file = 1 << 20;

json parse_json(std::string_view text, const std::string &place) {
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) throw UserError({place, "not valid JSON", "a board file in JSON", "check its syntax"});
  return parsed;
}

// The text of a built-in file; `kind` is its folder.
std::optional<std::string_view> find_builtin(const std::string &kind, const std::string &name) {
  const std::string path = fmt::format("compiler/targets/{}/{}.json", kind, name);
  for (const EmbeddedFile &file : embedded_target_files())
    if (file.path == path) return file.text;
  return std::nullopt;
}

std::string name_in(std::string_view path) { return std::filesystem::path(path).stem().string(); }

// Of all built-in files of that kind, in alphabetical order.
std::vector<std::string> builtin_names(const std::string &kind) {
  std::vector<std::string> names;
  for (const EmbeddedFile &file : embedded_target_files())
    if (file.path.find("/" + kind + "/") != std::string_view::npos) names.push_back(name_in(file.path));
  std::sort(names.begin(), names.end());
  return names;
}

std::string_view builtin(const std::string &kind, const std::string &name, const std::string &place) {
  const auto text = find_builtin(kind, name);
  if (!text) throw UserError({place, fmt::format("unknown entry \"{}\" of {}", name, kind), fmt::format("{}", fmt::join(builtin_names(kind), ", ")), ""});
  return *text;
}

Toolchain parse_toolchain(const std::string &name, const std::string &place) {
  const json parsed = parse_json(builtin("toolchains", name, place), name);
  const Fields fields(parsed, name);
  return {.name = name,
          .compiler = fields.get<std::string>("compiler"),
          .debian_packages = fields.get<std::vector<std::string>>("debian_packages"),
          .compile_flags = fields.get<std::vector<std::string>>("compile_flags"),
          .link_flags = fields.get<std::vector<std::string>>("link_flags"),
          .startup = fields.get<std::string>("startup")};
}

Features parse_features(const Fields &fields) {
  Features features;
  for (const std::string &name : fields.get<std::vector<std::string>>("features")) {
    const auto feature = feature_named(name);
    if (!feature) fields.fail(fmt::format("names an unknown feature \"{}\"", name));
    features.add(*feature);
  }
  return features;
}

Core parse_core(const std::string &name, const std::string &place) {
  const json parsed = parse_json(builtin("cores", name, place), name);
  const Fields fields(parsed, name);
  Core core{.name = name,
            .summary = fields.get<std::string>("summary"),
            .compiler_flags = fields.get<std::vector<std::string>>("compiler_flags"),
            .features = parse_features(fields),
            .alignment = fields.get<int64_t>("alignment"),
            .memory_page = fields.get_or<uint64_t>("memory_page", 4096),
            .simulator = fields.get<json>("simulator"),
            .toolchain = parse_toolchain(fields.get<std::string>("toolchain"), name)};
  if (fields.has("constants_reach")) core.constants_reach = fields.get<int64_t>("constants_reach");
  if (fields.has("cycles_error")) core.cycles_error = fields.get<std::string>("cycles_error");
  return core;
}

}  // namespace

const Memory *Target::memory(MemoryKind kind) const {
  for (const Memory &memory : memories)
    if (memory.kind == kind) return &memory;
  return nullptr;
}

bool is_target_name(const std::string &name) { return find_builtin("boards", name).has_value(); }

std::vector<std::string> target_names() { return builtin_names("boards"); }

namespace {

// A board file's name comes to stand in emitted comments and on terminals.
std::string plain_name(std::string name) {
  const auto is_odd = [](unsigned char c) { return std::isalnum(c) == 0 && std::string_view("-_+. ").find(static_cast<char>(c)) == std::string_view::npos; };
  std::replace_if(name.begin(), name.end(), is_odd, '_');
  return name;
}

}  // namespace

Target load_target(const std::string &name) {
  if (name.ends_with(".json")) {
    const Bytes bytes = read_file(name, largest_board_file);
    return parse_target({reinterpret_cast<const char *>(bytes.data()), bytes.size()}, plain_name(name_in(name)), name);
  }
  const auto text = find_builtin("boards", name);
  if (!text)
    throw UserError({"--target", fmt::format("no target is called \"{}\"", name),
                     fmt::format("{}, or the path of a board file (.json)", fmt::join(target_names(), ", ")),
                     name_hint(name, target_names(), "see `whit targets`")}, ExitCode::usage);
  return parse_target(*text, name, name);
}

Target parse_target(std::string_view text, const std::string &name, const std::string &place) {
  const json parsed = parse_json(text, place);
  const Fields fields(parsed, place);
  fields.only({"summary", "core", "clock_hz", "memories", "memories_source", "supply_volts", "active_milliwatts", "active_power_error_percent",
               "active_power_source", "sleep_milliwatts", "sleep_power_source", "cycles_error"});
  Target target{.name = name,
                .summary = fields.text("summary"),
                .core = parse_core(fields.text("core"), place),
                .memories_source = fields.text_or("memories_source", ""),
                .active_power_source = fields.text_or("active_power_source", "")};
  target.memories = parse_memories(fields.get<json>("memories"), place, target.core.memory_page);
  target.clock_hz = fields.within("clock_hz", 1e3, 1e10, "hertz, from 1e3 (1 kHz) to 1e10 (10 GHz), or null: not known");
  target.supply_volts = fields.positive("supply_volts");
  target.active_milliwatts = fields.positive("active_milliwatts");
  target.active_power_error_percent = fields.positive("active_power_error_percent");
  target.sleep_milliwatts = fields.positive("sleep_milliwatts");
  target.sleep_power_source = fields.text_or("sleep_power_source", "");
  if (fields.has("cycles_error")) target.core.cycles_error = fields.text("cycles_error");
  const bool has_both = target.memory(MemoryKind::flash) != nullptr && target.memory(MemoryKind::ram) != nullptr;
  if (!has_both && target.core.simulator.value("program", "") != "native") fields.fail("lacks a flash or a ram among its \"memories\"", "at least one of each, but for a core that runs natively");
  return target;
}

}  // namespace whit
