// SPDX-License-Identifier: Apache-2.0
// Each source is compiled by itself, so that the map tells the library's objects from the harness's.
#include "bench/image.hpp"

#include <fmt/ranges.h>

#include "bench/link_script.hpp"
#include "bench/missing_tool.hpp"
#include "bench/native_harness.hpp"
#include "bench/process.hpp"
#include "compiler/base/embedded_file.hpp"
#include "compiler/base/table.hpp"

namespace whit {

std::span<const EmbeddedFile> embedded_harness_files();  // generated from bench/harness

namespace {

namespace fs = std::filesystem;
using Command = std::vector<std::string>;

std::string harness_text(const std::string &name) {
  for (const EmbeddedFile &file : embedded_harness_files())
    if (file.path == "bench/harness/" + name) return std::string(file.text);
  throw InternalError("no harness file is called " + name);
}

Command compiler_command(const Target &target, const std::vector<std::string> &more) {
  Command command{target.core.toolchain.compiler};
  command.insert(command.end(), target.core.compiler_flags.begin(), target.core.compiler_flags.end());
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

[[noreturn]] void throw_missing(const Target &target, const std::string &found) {
  throw MissingTool({target.name, found, "", fmt::format("apt-get install {}, or `make build`", fmt::join(target.core.toolchain.debian_packages, " "))});
}

// What GCC says when it was installed without the C library that its target needs.
bool lacks_library(const std::string &output) {
  for (const char *complaint : {"cannot read spec file", "cannot find -l", "fatal error: stdint.h", "fatal error: string.h", "cannot find crt"})
    if (output.find(complaint) != std::string::npos) return true;
  return false;
}

void check_status(const Target &target, const Command &command, const ProcessResult &result) {
  const std::string &compiler = target.core.toolchain.compiler;
  if (result.status == 127) throw_missing(target, fmt::format("the compiler {} is not installed", compiler));
  if (result.status != 0 && lacks_library(result.output)) throw_missing(target, fmt::format("the compiler {} has no C library installed", compiler));
  if (result.status != 0)
    throw InternalError(fmt::format("{}\nfailed with status {}:\n{}", fmt::join(command, " "), result.status, result.output));
}

void run_compiler(const Target &target, const Command &command) { check_status(target, command, run_process(command)); }

fs::path compile_source(const Compilation &compilation, const fs::path &folder, const std::string &source) {
  const Target &target = compilation.planned.target;
  const fs::path object = folder / (fs::path(source).stem().string() + ".o");
  std::vector<std::string> arguments = target.core.toolchain.compile_flags;
  arguments.insert(arguments.end(), {"-DMODEL=" + compilation.planned.name, "-iquote", folder.string(), "-c",
                                     (folder / source).string(), "-o", object.string()});
  run_compiler(target, compiler_command(target, arguments));
  return object;
}

// The harness beside the model: sources by kind of start-up.
std::vector<std::string> write_harness(const Compilation &compilation, const fs::path &folder) {
  const std::string &startup = compilation.planned.target.core.toolchain.startup;
  if (startup == "native") {
    write_file(folder / "bench_native.cpp", native_harness(compilation.planned));
    return {"bench_native.cpp"};
  }
  write_file(folder / "bench_harness.cpp", harness_text("harness.cpp"));
  if (startup == "avr") return {"bench_harness.cpp"};  // its C library brings the start-up code and the linker script
  write_file(folder / "bench_startup.cpp", harness_text("startup_" + startup + ".cpp"));
  write_file(folder / "bench.ld", link_script(compilation.planned.target));
  return {"bench_harness.cpp", "bench_startup.cpp"};
}

// Link scripts that know the chip's memories refuse what is too large before a map can say by how much.
void check_linked(const Target &target, const Command &command, const ProcessResult &result) {
  if (result.status != 0 && result.output.find("will not fit in region") != std::string::npos)
    throw UserError({target.name, "the firmware is larger than the flash", "", "try --optimize size, a smaller model, or a larger chip"},
                    ExitCode::does_not_fit);
  check_status(target, command, result);
}

void link_image(const Target &target, const fs::path &folder, const std::vector<fs::path> &objects) {
  std::vector<std::string> arguments = target.core.toolchain.link_flags;
  for (const fs::path &object : objects) arguments.push_back(object.string());
  if (fs::exists(folder / "bench.ld")) arguments.insert(arguments.end(), {"-T", (folder / "bench.ld").string()});
  arguments.insert(arguments.end(), {"-Wl,-Map=" + (folder / "bench.map").string(), "-o", (folder / "bench.elf").string()});
  const Command command = compiler_command(target, arguments);
  const ProcessResult result = run_process(command);
  check_linked(target, command, result);
}

std::string compiler_version(const Target &target) {
  const ProcessResult result = run_process({target.core.toolchain.compiler, "-dumpfullversion", "-dumpversion"});
  const std::string version = result.output.substr(0, result.output.find('\n'));
  return fmt::format("{} {} {} {}", target.core.toolchain.compiler, version, fmt::join(target.core.compiler_flags, " "),
                     fmt::join(target.core.toolchain.compile_flags, " "));
}

// Members of libgcc that start-up code alone calls.
bool is_startup(const std::string &object) {
  for (const char *member : {"(_copy_data.o)", "(_clear_bss.o)", "(_exit.o)", "(_ctors.o)", "/bench_harness.o",
                             "/bench_startup.o", "/bench_native.o"})
    if (object.ends_with(member)) return true;
  const std::string file = fs::path(object).filename().string();
  return file.starts_with("crt") && file.ends_with(".o") && object.find("/lib/") != std::string::npos;
}

void check_against(const Target &target, MemoryKind kind, int64_t needed, const char *what) {
  const Memory *memory = target.memory(kind);
  if (memory == nullptr || needed <= static_cast<int64_t>(memory->size)) return;
  throw UserError({target.name,
                   fmt::format("{} takes {} bytes of {}, {} more than its {}", what, with_separators(needed), memory->name,
                               with_separators(needed - static_cast<int64_t>(memory->size)), with_separators(static_cast<int64_t>(memory->size))), "",
                   "try --optimize size or ram, a smaller model, or a larger chip"}, ExitCode::does_not_fit);
}

}  // namespace

void check_stack(const Target &target, const Image &image, std::optional<int64_t> stack) {
  if (stack) check_against(target, MemoryKind::ram, image.whole.data + *stack, "static memory and stack");
}

Image build_image(const Compilation &compilation, const fs::path &folder) {
  const Target &target = compilation.planned.target;
  write_firmware(compilation.files, folder);
  std::vector<std::string> sources = write_harness(compilation, folder);
  if (sources[0] != "bench_native.cpp") sources.push_back(compilation.planned.name + ".cpp");
  std::vector<fs::path> objects;
  for (const std::string &source : sources) objects.push_back(compile_source(compilation, folder, source));
  link_image(target, folder, objects);

  const Bytes map = read_file(folder / "bench.map");
  const auto sections = parse_map({reinterpret_cast<const char *>(map.data()), map.size()});
  Image image{.program = folder / "bench.elf", .compiler = compiler_version(target)};
  image.library = size_of(sections, [](const std::string &object) { return !is_startup(object); });
  image.whole = size_of(sections, [](const std::string &) { return true; });
  check_against(target, MemoryKind::flash, image.whole.code + image.whole.constants, "the firmware");
  check_against(target, MemoryKind::ram, image.whole.data, "the firmware");
  return image;
}

}  // namespace whit
