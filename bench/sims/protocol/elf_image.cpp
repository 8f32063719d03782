// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Reads ELF through libelf, from memory: the file is loaded whole first, so it cannot change under the checks.
#include "bench/sims/protocol/elf_image.hpp"

#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>

#include <memory>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/files.hpp"

namespace whit::sims {
namespace {

constexpr size_t largest_file = 256u << 20;
constexpr size_t largest_segment = 64u << 20;

struct ElfCloser {
  void operator()(Elf *elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, ElfCloser>;

[[noreturn]] void fail(const std::string &path, const std::string &what) {
  throw SimError("bad_firmware", fmt::format("{}: {}", path, what));
}

ElfHandle open_elf(const std::string &path, std::vector<uint8_t> &file) {
  elf_version(EV_CURRENT);
  if (file.size() < EI_NIDENT) fail(path, "too short for an ELF file");
  ElfHandle elf(elf_memory(reinterpret_cast<char *>(file.data()), file.size()));
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF) fail(path, "not an ELF file");
  if (file[EI_CLASS] != ELFCLASS32 || file[EI_DATA] != ELFDATA2LSB) fail(path, "not a 32-bit little-endian ELF file");
  return elf;
}

std::vector<Segment> read_segments(const std::string &path, Elf *elf, const std::vector<uint8_t> &file) {
  size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) fail(path, "its program headers cannot be read");
  std::vector<Segment> segments;
  uint64_t bytes = 0;
  for (size_t i = 0; i < count; ++i) {
    GElf_Phdr header;
    if (!gelf_getphdr(elf, static_cast<int>(i), &header)) fail(path, "its program headers cannot be read");
    if (header.p_type != PT_LOAD || header.p_filesz == 0) continue;
    const bool inside = header.p_offset <= file.size() && header.p_filesz <= file.size() - header.p_offset;
    if (!inside || header.p_filesz > largest_segment) fail(path, fmt::format("segment {} lies outside the file", i));
    bytes += header.p_filesz;
    if (bytes > file.size()) fail(path, "its segments overlap in the file");
    const auto begin = file.begin() + static_cast<std::ptrdiff_t>(header.p_offset);
    segments.push_back({static_cast<uint32_t>(header.p_paddr), {begin, begin + static_cast<std::ptrdiff_t>(header.p_filesz)}});
  }
  if (segments.empty()) fail(path, "nothing to load in it");
  return segments;
}

// AVR's ELF files place EEPROM, fuses and signature at addresses of their own.
bool is_in_chip_memory(uint16_t machine, const GElf_Shdr &section) { return machine != EM_AVR || section.sh_addr < 0x810000; }

void add_size(const GElf_Shdr &section, ImageSizes &sizes) {
  const bool is_zeroed = section.sh_type == SHT_NOBITS;
  if ((section.sh_flags & SHF_WRITE) || is_zeroed) *sizes.data += section.sh_size;
  if (is_zeroed) return;
  (section.sh_flags & SHF_EXECINSTR ? sizes.code : sizes.constants) += section.sh_size;
}

// By the sections; a file stripped of them counts as code whole.
ImageSizes read_sizes(Elf *elf, const ElfImage &image) {
  ImageSizes sizes{.data = 0};
  bool any = false;
  for (Elf_Scn *section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_ALLOC) || !is_in_chip_memory(image.machine, header)) continue;
    add_size(header, sizes);
    any = true;
  }
  if (any) return sizes;
  for (const Segment &segment : image.segments) sizes.code += segment.bytes.size();
  return {.code = sizes.code, .data = std::nullopt};
}

void add_symbols(Elf *elf, Elf_Scn *section, const GElf_Shdr &header, ElfImage &image) {
  Elf_Data *data = elf_getdata(section, nullptr);
  if (!data || !data->d_buf) return;
  const size_t count = data->d_size / sizeof(Elf32_Sym);
  for (size_t i = 1; i < count; ++i) {
    GElf_Sym entry;
    if (!gelf_getsym(data, static_cast<int>(i), &entry) || entry.st_shndx == SHN_UNDEF) continue;
    const char *name = elf_strptr(elf, header.sh_link, entry.st_name);
    const int type = GELF_ST_TYPE(entry.st_info);
    if (!name || !*name || type == STT_SECTION || type == STT_FILE) continue;
    image.symbols.insert({name, Symbol{name, static_cast<uint32_t>(entry.st_value), static_cast<uint32_t>(entry.st_size),
                                       type == STT_FUNC, GELF_ST_BIND(entry.st_info) != STB_LOCAL}});
  }
}

void read_symbols(Elf *elf, ElfImage &image) {
  for (Elf_Scn *section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB) add_symbols(elf, section, header, image);
  }
}

}  // namespace

uint32_t ElfImage::address_of(const std::string &name) const {
  const auto [begin, end] = symbols.equal_range(name);
  if (begin == end) throw SimError("unknown_symbol", fmt::format("the firmware has no symbol `{}`", name));
  for (auto it = begin; it != end; ++it) {
    if (it->second.is_global) return it->second.address;
  }
  for (auto it = begin; it != end; ++it) {
    if (it->second.address != begin->second.address)
      throw SimError("unknown_symbol", fmt::format("the firmware has several local symbols `{}`; give the address", name));
  }
  return begin->second.address;
}

std::optional<std::string> ElfImage::describe(uint32_t address) const {
  for (const auto &[name, symbol] : symbols) {
    const uint32_t begin = machine == EM_ARM ? symbol.address & ~1u : symbol.address;
    if (!symbol.is_function || address < begin || address - begin >= std::max(symbol.size, 1u)) continue;
    return address == begin ? name : fmt::format("{}+{:#x}", name, address - begin);
  }
  return std::nullopt;
}

ElfImage read_elf(const std::string &path) {
  std::vector<uint8_t> file = read_file(path, "bad_firmware", largest_file);
  const ElfHandle elf = open_elf(path, file);
  GElf_Ehdr header;
  if (!gelf_getehdr(elf.get(), &header)) fail(path, "its header cannot be read");
  ElfImage image;
  image.machine = header.e_machine;
  image.segments = read_segments(path, elf.get(), file);
  image.sizes = read_sizes(elf.get(), image);
  read_symbols(elf.get(), image);
  return image;
}

ElfImage read_raw(const std::string &path, uint32_t base, uint16_t machine) {
  ElfImage image;
  image.machine = machine;
  image.segments.push_back({base, read_file(path, "bad_firmware", largest_segment)});
  const size_t bytes = image.segments[0].bytes.size();
  if (bytes == 0 || uint64_t{base} + bytes > uint64_t{UINT32_MAX} + 1)
    fail(path, fmt::format("{} bytes at {:#x} are no image", bytes, base));
  image.sizes = {.code = bytes, .data = std::nullopt};
  return image;
}

}  // namespace whit::sims
