// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Turns the JSON of a request into a Request.
#include "bench/sims/protocol/request.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <set>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/fields.hpp"

namespace whit::sims {
namespace {

constexpr uint64_t largest_region = 64u << 20;
constexpr uint64_t largest_memory = 256u << 20;
constexpr uint64_t largest_transfer = 64u << 20;
constexpr uint64_t most_samples = 10'000'000;
constexpr uint64_t default_instruction_limit = 4'000'000'000;
constexpr uint64_t most_lines = 1u << 20;

[[noreturn]] void fail(const std::string &what) { throw SimError("bad_request", what); }

// Thumb function symbols have their lowest bit set; the program counter does not.
uint32_t code_address(uint32_t address, const ElfImage &image) { return image.machine == EM_ARM ? address & ~1u : address; }

RegionKind read_kind(Fields &fields) {
  const std::string kind = fields.text("kind");
  if (kind == "flash") return RegionKind::flash;
  if (kind == "ram") return RegionKind::ram;
  fail(fmt::format("`{}` must be \"flash\" or \"ram\"", fields.place_of("kind")));
}

Region read_region(Fields &fields) {
  Region region;
  region.name = fields.text("name");
  region.kind = read_kind(fields);
  region.base = static_cast<uint32_t>(fields.number("base", 0, UINT32_MAX));
  region.size = static_cast<uint32_t>(fields.number("size", 1, largest_region));
  region.wait_states = static_cast<uint32_t>(fields.number("wait_states", 0, 1000, 0));
  region.granule = static_cast<uint32_t>(fields.number("granule", 4, 1024, 8));
  region.instruction_lines = static_cast<uint32_t>(fields.number("instruction_lines", 1, most_lines, 1));
  region.data_lines = static_cast<uint32_t>(fields.number("data_lines", 1, most_lines, 1));
  region.prefetch = fields.boolean("prefetch", false);
  if (!std::has_single_bit(region.granule)) fail(fmt::format("`{}` must be a power of two", fields.place_of("granule")));
  if (uint64_t{region.base} + region.size > uint64_t{UINT32_MAX} + 1) fail(fmt::format("region `{}` ends beyond 2^32", region.name));
  fields.finish();
  return region;
}

std::vector<Region> read_memory(Fields &request) {
  std::vector<Region> memory;
  for (Fields &fields : request.objects("memory")) {
    const Region region = read_region(fields);
    for (const Region &other : memory) {
      if (region.base < uint64_t{other.base} + other.size && other.base < uint64_t{region.base} + region.size)
        fail(fmt::format("regions `{}` and `{}` overlap", other.name, region.name));
    }
    memory.push_back(region);
  }
  uint64_t total = 0;
  for (const Region &region : memory) total += region.size;
  if (total > largest_memory) fail(fmt::format("`memory` has {} bytes, at most {} are simulated", total, largest_memory));
  return memory;
}

std::vector<Transfer> read_transfers(Fields &request, const std::string &name, const ElfImage &image) {
  std::vector<Transfer> transfers;
  for (Fields &fields : request.objects(name)) {
    transfers.push_back({fields.address("address", image), static_cast<uint32_t>(fields.number("bytes", 1, largest_transfer)),
                         fields.text("file")});
    fields.finish();
  }
  return transfers;
}

std::optional<size_t> read_dump_place(Fields &fields, size_t marker_count) {
  if (fields.any("at").is_string()) {
    if (fields.text("at") != "end") fail(fmt::format("`{}` must be the index of a marker or \"end\"", fields.place_of("at")));
    return std::nullopt;
  }
  if (marker_count == 0) fail(fmt::format("`{}` names a marker, but `markers` is empty", fields.place_of("at")));
  return fields.number("at", 0, marker_count - 1);
}

std::vector<Dump> read_dumps(Fields &request, size_t marker_count, uint32_t samples, const ElfImage &image) {
  std::vector<Dump> dumps;
  for (Fields &fields : request.objects("dumps")) {
    dumps.push_back({read_dump_place(fields, marker_count), static_cast<uint32_t>(fields.number("sample", 0, samples - 1, 0)),
                     fields.address("address", image), static_cast<uint32_t>(fields.number("bytes", 1, largest_transfer))});
    fields.finish();
  }
  return dumps;
}

std::vector<uint32_t> read_markers(Fields &request, const ElfImage &image) {
  std::vector<uint32_t> markers;
  std::set<uint32_t> seen;
  const nlohmann::json &list = request.list("markers");
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string place = fmt::format("markers[{}]", i);
    markers.push_back(code_address(resolve_address(list[i], place, image), image));
    if (!seen.insert(markers.back()).second) fail(fmt::format("`{}` is the same address as an earlier marker", place));
  }
  return markers;
}

void read_measure(Fields &request, Request &result) {
  Fields measure = request.object("measure");
  result.measure_from = code_address(measure.address("from", result.image), result.image);
  if (measure.has("to")) result.measure_to = code_address(measure.address("to", result.image), result.image);
  measure.finish();
  if (result.measure_to == result.measure_from) fail("`measure.from` and `measure.to` must differ");
  if (result.stop && result.measure_from == *result.stop) fail("`stop` and `measure.from` must differ");
}

std::optional<StackRegion> read_stack(Fields &request, const ElfImage &image) {
  if (!request.has("stack")) return std::nullopt;
  Fields fields = request.object("stack");
  const StackRegion stack{fields.address("base", image), static_cast<uint32_t>(fields.number("size", 1, UINT32_MAX))};
  fields.finish();
  return stack;
}

ElfImage read_raw_firmware(Fields raw, uint16_t machine) {
  const uint32_t base = raw.address("base", ElfImage{});
  ElfImage image = read_raw(raw.text("raw"), base, machine);
  raw.finish();
  return image;
}

std::string machine_text(uint16_t machine) {
  switch (machine) {
    case EM_ARM: return "Arm";
    case EM_AVR: return "AVR";
    case EM_RISCV: return "RISC-V";
    case EM_386:
    case EM_X86_64: return "a PC";
    default: return fmt::format("ELF machine {}", machine);
  }
}

ElfImage read_firmware(Fields &fields, uint16_t machine) {
  if (fields.any("firmware").is_object()) return read_raw_firmware(fields.object("firmware"), machine);
  const std::string path = fields.text("firmware");
  ElfImage image = read_elf(path);
  if (image.machine != machine)
    throw SimError("bad_firmware", fmt::format("{}: it is for {}, the chip is {}", path, machine_text(image.machine), machine_text(machine)));
  return image;
}

}  // namespace

Request read_request(const nlohmann::json &json, uint16_t machine) {
  Fields fields(json, "");
  Request request;
  if (fields.has("id")) fields.any("id");
  request.image = read_firmware(fields, machine);
  fields.object("core");
  request.core = fields.any("core");
  request.memory = read_memory(fields);
  if (fields.has("stop")) request.stop = code_address(fields.address("stop", request.image), request.image);
  if (fields.has("vectors")) request.vectors = fields.address("vectors", request.image);
  read_measure(fields, request);
  request.markers = read_markers(fields, request.image);
  request.peripherals = fields.boolean("peripherals", false);
  request.profile = fields.boolean("profile", false);
  if (request.profile) request.functions = FunctionMap(request.image);
  request.inputs = read_transfers(fields, "inputs", request.image);
  request.outputs = read_transfers(fields, "outputs", request.image);
  request.samples = static_cast<uint32_t>(fields.number("samples", 1, request.stop ? most_samples : 1, 1));
  request.count_samples = static_cast<uint32_t>(fields.number("count_samples", 0, most_samples, 1));
  request.dumps = read_dumps(fields, request.markers.size(), request.samples, request.image);
  request.instruction_limit = fields.number("instruction_limit", 1, UINT64_MAX / 2, default_instruction_limit);
  request.stack = read_stack(fields, request.image);
  fields.finish();
  return request;
}

uint32_t firmware_start(const Request &request) {
  if (request.vectors) return *request.vectors;
  const auto flash = std::find_if(request.memory.begin(), request.memory.end(),
                                  [](const Region &region) { return region.kind == RegionKind::flash; });
  if (flash == request.memory.end()) throw SimError("bad_request", "`memory` has no region of kind \"flash\"");
  std::optional<uint32_t> lowest;
  for (const Segment &segment : request.image.segments)
    if (flash->contains(segment.address, 1)) lowest = std::min(lowest.value_or(segment.address), segment.address);
  return lowest.value_or(flash->base);
}

}  // namespace whit::sims
