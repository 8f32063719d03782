// SPDX-License-Identifier: Apache-2.0
// Reads boards, cores and toolchains. Board files may come from the user, so every field is checked.
#include "compiler/targets/target.hpp"

#include <algorithm>
#include <filesystem>

#include "compiler/base/bytes.hpp"
#include "compiler/base/embedded_file.hpp"

namespace whit {

std::span<const EmbeddedFile> embedded_target_files();  // generated from the .json files of this room

namespace {

using nlohmann::json;

constexpr uint64_t largest_board_file = 1 << 20;

// One JSON object of a target file, read field by field with messages that name file and field.
class Fields {
 public:
  Fields(const json &object, std::string place) : object_(object), place_(std::move(place)) {
    if (!object.is_object()) fail("is not a JSON object");
  }

  bool has(const char *name) const { return object_.contains(name); }

  template <typename T>
  T get(const char *name) const {
    if (!has(name)) fail(fmt::format("has no field \"{}\"", name));
    try {
      return object_.at(name).get<T>();
    } catch (const json::exception &) {
      fail(fmt::format("field \"{}\" is of the wrong type", name));
    }
  }

  template <typename T>
  T get_or(const char *name, T otherwise) const {
    return has(name) ? get<T>(name) : otherwise;
  }

  // A number above zero; none where the field is null or left out: not known.
  std::optional<double> positive(const char *name) const {
    if (!has(name) || object_.at(name).is_null()) return std::nullopt;
    const auto value = get<double>(name);
    if (!(value > 0)) fail(fmt::format("has \"{}\" that are not positive", name));
    return value;
  }

  [[noreturn]] void fail(const std::string &found) const {
    throw UserError({place_, found, "the fields of docs/guide/add_a_target.md", "compare with a built-in board file"});
  }

 private:
  const json &object_;
  std::string place_;
};

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

std::string_view builtin(const std::string &kind, const std::string &name, const std::string &place) {
  const auto text = find_builtin(kind, name);
  if (!text) throw UserError({place, fmt::format("unknown entry \"{}\" of {}", name, kind), "", "see `whit targets`"});
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
            .simulator = fields.get<json>("simulator"),
            .toolchain = parse_toolchain(fields.get<std::string>("toolchain"), name)};
  if (fields.has("constants_reach")) core.constants_reach = fields.get<int64_t>("constants_reach");
  if (fields.has("cycles_error")) core.cycles_error = fields.get<std::string>("cycles_error");
  return core;
}

Memory parse_memory(const json &entry, const std::string &place) {
  const Fields fields(entry, place + ", memories");
  const auto kind = fields.get<std::string>("kind");
  if (kind != "flash" && kind != "ram") fields.fail(fmt::format("is of kind \"{}\", not flash or ram", kind));
  constexpr uint64_t addresses = uint64_t{1} << 32;
  const auto base = fields.get<uint64_t>("base"), size = fields.get<uint64_t>("size");
  if (size == 0 || size > addresses || base > addresses - size)
    fields.fail(fmt::format("has {} bytes at address {}; a memory has at least one, and 32-bit addresses", size, base));
  for (const char *count : {"wait_states", "granule", "instruction_lines", "data_lines"}) fields.get_or<uint64_t>(count, 0);  // of the right type?
  fields.get_or<bool>("prefetch", false);
  return {.name = fields.get<std::string>("name"),
          .kind = kind == "flash" ? MemoryKind::flash : MemoryKind::ram,
          .base = base,
          .size = size,
          .data = entry};
}

std::string name_in(std::string_view path) { return std::filesystem::path(path).stem().string(); }

}  // namespace

const Memory *Target::memory(MemoryKind kind) const {
  for (const Memory &memory : memories)
    if (memory.kind == kind) return &memory;
  return nullptr;
}

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile &file : embedded_target_files())
    if (file.path.find("/boards/") != std::string_view::npos) names.push_back(name_in(file.path));
  std::sort(names.begin(), names.end());
  return names;
}

Target load_target(const std::string &name) {
  if (name.ends_with(".json")) {
    const Bytes bytes = read_file(name, largest_board_file);
    return parse_target({reinterpret_cast<const char *>(bytes.data()), bytes.size()}, name_in(name), name);
  }
  const auto text = find_builtin("boards", name);
  if (!text)
    throw UserError({"--target", fmt::format("no target is called \"{}\"", name),
                     fmt::format("{}, or the path of a board file (.json)", fmt::join(target_names(), ", ")),
                     "see `whit targets`"}, ExitCode::usage);
  return parse_target(*text, name, name);
}

Target parse_target(std::string_view text, const std::string &name, const std::string &place) {
  const json parsed = parse_json(text, place);
  const Fields fields(parsed, place);
  Target target{.name = name,
                .summary = fields.get<std::string>("summary"),
                .core = parse_core(fields.get<std::string>("core"), place),
                .memories_source = fields.get_or<std::string>("memories_source", ""),
                .active_power_source = fields.get_or<std::string>("active_power_source", "")};
  for (const json &entry : fields.get<json>("memories")) target.memories.push_back(parse_memory(entry, place));
  target.clock_hz = fields.positive("clock_hz");
  target.supply_volts = fields.positive("supply_volts");
  target.active_milliwatts = fields.positive("active_milliwatts");
  target.active_power_error_percent = fields.positive("active_power_error_percent");
  target.sleep_milliwatts = fields.positive("sleep_milliwatts");
  target.sleep_power_source = fields.get_or<std::string>("sleep_power_source", "");
  if (fields.has("cycles_error")) target.core.cycles_error = fields.get<std::string>("cycles_error");
  const bool has_both = target.memory(MemoryKind::flash) != nullptr && target.memory(MemoryKind::ram) != nullptr;
  if (!has_both && target.core.simulator.value("program", "") != "native") fields.fail("lacks a flash or a ram among its \"memories\"");
  return target;
}

}  // namespace whit
