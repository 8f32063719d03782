// SPDX-License-Identifier: Apache-2.0
#include "compiler/targets/memories.hpp"

#include <bit>

#include "compiler/targets/fields.hpp"

namespace whit {

namespace {

// The limits of bench/sims/protocol: of a region and of all together.
constexpr uint64_t largest_memory = uint64_t{64} << 20;
constexpr uint64_t largest_sum = uint64_t{256} << 20;
constexpr uint64_t addresses = uint64_t{1} << 32;
constexpr uint64_t most_wait_states = 1000;
constexpr uint64_t most_lines = uint64_t{1} << 20;

// What only the simulator reads of an entry.
void check_flash(const Fields &fields) {
  fields.whole_or("wait_states", 0, most_wait_states, 0);
  if (!std::has_single_bit(fields.whole_or("granule", 4, 1024, 8)))
    fields.fail("field \"granule\" is no power of two", "4, 8, 16 ... 1024");
  for (const char *lines : {"instruction_lines", "data_lines"}) fields.whole_or(lines, 1, most_lines, 1);
  fields.get_or<bool>("prefetch", false);
}

Memory parse_memory(const nlohmann::json &entry, const std::string &place, uint64_t page) {
  const Fields fields(entry, place);
  fields.only({"name", "kind", "base", "size", "wait_states", "granule", "instruction_lines", "data_lines", "prefetch"});
  const auto kind = fields.text("kind");
  if (kind != "flash" && kind != "ram") fields.fail(fmt::format("is of kind \"{}\"", kind), "flash, ram");
  const uint64_t base = fields.whole("base", 0, addresses - 1), size = fields.whole("size", 1, largest_memory);
  if (base % page != 0) fields.fail(fmt::format("field \"base\" is {}", base), fmt::format("multiples of {}", page));
  if (base + size > addresses) fields.fail(fmt::format("{} bytes at {} end beyond the last address", size, base), "32-bit addresses");
  check_flash(fields);
  return {.name = fields.text("name"),
          .kind = kind == "flash" ? MemoryKind::flash : MemoryKind::ram,
          .base = base,
          .size = size,
          .data = entry};
}

// The page that a memory ends in is its own.
bool share_a_page(const Memory &one, const Memory &other, uint64_t page) {
  const auto end = [page](const Memory &memory) { return (memory.base + memory.size + page - 1) / page * page; };
  return one.base < end(other) && other.base < end(one);
}

}  // namespace

std::vector<Memory> parse_memories(const nlohmann::json &entries, const std::string &place, uint64_t page) {
  if (!entries.is_array()) throw UserError({place, "field \"memories\" is no list", "a list of flash and ram", "see docs/guide/add_a_target.md"});
  std::vector<Memory> memories;
  uint64_t sum = 0;
  for (const nlohmann::json &entry : entries) {
    const std::string entry_place = fmt::format("{}, memories[{}]", place, memories.size());
    const Memory memory = parse_memory(entry, entry_place, page);
    for (const Memory &other : memories)
      if (share_a_page(memory, other, page))
        throw UserError({entry_place, fmt::format("\"{}\" and \"{}\" overlap", other.name, memory.name),
                         page > 1 ? fmt::format("memories that share no {} bytes", page) : "memories that share no byte", ""});
    sum += memory.size;
    if (sum > largest_sum)
      throw UserError({entry_place, fmt::format("the memories hold {} bytes or more together", sum), fmt::format("up to {}", largest_sum), ""});
    memories.push_back(memory);
  }
  return memories;
}

}  // namespace whit
