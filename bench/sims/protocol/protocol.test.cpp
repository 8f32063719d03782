// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Requests that are wrong in every way get a reply that says so. The firmware is an ELF file made here, byte by byte.
#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <sstream>

#include "bench/sims/protocol/cross_compile.hpp"
#include "bench/sims/protocol/elf_image.hpp"
#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/fields.hpp"
#include "bench/sims/protocol/memory_map.hpp"
#include "bench/sims/protocol/server.hpp"

namespace whit::sims {
namespace {

using nlohmann::json;

template <typename T>
void append(std::string &bytes, const T &value) {
  bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
}

// One segment of 16 bytes at 0x08000000, at times others of all bytes up to its end, and the symbols start (Thumb function), model, and two local ones `twin`.
std::string tiny_elf(uint16_t segments = 1) {
  const std::string names("\0start\0model\0twin\0", 18);
  const auto symbol = [](uint32_t name, uint32_t value, uint32_t size, int bind, int type) {
    return Elf32_Sym{name, value, size, static_cast<unsigned char>(ELF32_ST_INFO(bind, type)), 0, 1};
  };
  const Elf32_Sym symbols[] = {{}, symbol(1, 0x08000009, 8, STB_GLOBAL, STT_FUNC), symbol(7, 0x20000010, 4, STB_GLOBAL, STT_OBJECT),
                               symbol(13, 0x20000000, 4, STB_LOCAL, STT_OBJECT), symbol(13, 0x20000004, 4, STB_LOCAL, STT_OBJECT)};
  const auto code_at = static_cast<uint32_t>(sizeof(Elf32_Ehdr) + segments * sizeof(Elf32_Phdr));
  const uint32_t symbols_at = code_at + 16, names_at = symbols_at + sizeof symbols, sections_at = names_at + 18 + 2;

  Elf32_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS32;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_EXEC;
  header.e_machine = EM_ARM;
  header.e_version = EV_CURRENT;
  header.e_phoff = sizeof header;
  header.e_shoff = sections_at;
  header.e_ehsize = sizeof header;
  header.e_phentsize = sizeof(Elf32_Phdr);
  header.e_phnum = segments;
  header.e_shentsize = sizeof(Elf32_Shdr);
  header.e_shnum = 3;
  const Elf32_Phdr segment{PT_LOAD, code_at, 0x08000000, 0x08000000, 16, 16, PF_R | PF_X, 4};
  const Elf32_Phdr other{PT_LOAD, 0, 0x08000000, 0x08000000, code_at + 16, code_at + 16, PF_R | PF_X, 4};
  const Elf32_Shdr symbol_section{0, SHT_SYMTAB, 0, 0, symbols_at, sizeof symbols, 2, 1, 4, sizeof(Elf32_Sym)};
  const Elf32_Shdr name_section{0, SHT_STRTAB, 0, 0, names_at, 18, 0, 0, 1, 0};

  std::string file;
  append(file, header);
  append(file, segment);
  for (uint16_t i = 1; i < segments; ++i) append(file, other);
  file.append("0123456789abcdef");
  append(file, symbols);
  file += names;
  file.append(2, '\0');
  append(file, Elf32_Shdr{});
  append(file, symbol_section);
  append(file, name_section);
  return file;
}

// A chip whose program counter goes wherever it is sent.
class ObedientChip : public Chip {
 public:
  explicit ObedientChip(const Request &request) : memory_(request.memory, request.image) {}
  std::span<uint8_t> memory(uint32_t address, uint32_t bytes) override { return memory_.at(address, bytes); }
  void allow(uint64_t) override {}
  void run_to(uint32_t address) override { pc_ = address; }
  SampleCounts measure(std::optional<uint32_t>, const MarkerCallback &on_marker) override {
    on_marker(0);
    memory_.at(0x20000000, 1)[0] += 1;
    SampleCounts counts;
    counts.unmarked = {1, 2, 3};
    counts.markers = {{10, 20, 30}};
    counts.stack = 4;
    return counts;
  }

 private:
  MemoryMap memory_;
  uint32_t pc_ = 0;
};

class Protocol : public testing::Test {
 protected:
  Protocol() {
    request_ = {{"firmware", folder_.write("firmware.elf", tiny_elf())},
                {"core", json::object()},
                {"memory", {{{"name", "flash"}, {"kind", "flash"}, {"base", 0x08000000}, {"size", 4096}},
                            {{"name", "ram"}, {"kind", "ram"}, {"base", 0x20000000}, {"size", 4096}}}},
                {"stop", 0x08000000},
                {"measure", {{"from", "start"}}},
                {"markers", {"start"}}};
  }

  json reply(const std::string &line) {
    return json::parse(answer(line, EM_ARM, [](const Request &request) { return std::make_unique<ObedientChip>(request); }));
  }
  json reply(const json &request) { return reply(request.dump()); }
  std::string error_kind(const json &request) { return reply(request).at("error").at("kind"); }

  TestFolder folder_;
  json request_;
};

TEST_F(Protocol, AnswersWithSumsAndTheRequestsId) {
  request_["id"] = {{"any", "thing"}};
  const json result = reply(request_);
  ASSERT_TRUE(result.at("ok")) << result;
  EXPECT_EQ(result.at("id"), request_["id"]);
  const json &sample = result.at("counted").at(0);
  EXPECT_EQ(sample.at("instructions"), 11);
  EXPECT_EQ(sample.at("cycles"), 22);
  EXPECT_EQ(sample.at("board_cycles"), 33);
  EXPECT_EQ(sample.at("stack"), 4);
  EXPECT_EQ(sample.at("unmarked").at("cycles"), 2);
  EXPECT_EQ(sample.at("markers").at(0).at("cycles"), 20);
}

TEST_F(Protocol, MovesEachSampleInAndOut) {
  request_["inputs"] = {{{"address", "0x20000000"}, {"bytes", 2}, {"file", folder_.write("in", std::string("\x10\x01\x20\x02\x30\x03"))}}};
  request_["outputs"] = {{{"address", "0x20000000"}, {"bytes", 2}, {"file", folder_.file("out")}}};
  request_["samples"] = 3;
  request_["count_samples"] = 2;
  request_["dumps"] = {{{"at", 0}, {"sample", 1}, {"address", "0x20000000"}, {"bytes", 1}},
                       {{"at", "end"}, {"sample", 1}, {"address", "0x20000000"}, {"bytes", 1}}};
  const json result = reply(request_);
  ASSERT_TRUE(result.at("ok")) << result;
  EXPECT_EQ(result.at("counted").size(), 2u);
  EXPECT_EQ(result.at("dumps"), json({"20", "21"}));
  EXPECT_EQ(folder_.read("out"), "\x11\x01\x21\x02\x30\x03");  // the last one was not measured
}

TEST_F(Protocol, RunsOnceWithoutAStop) {
  request_.erase("stop");
  EXPECT_TRUE(reply(request_).at("ok"));
  request_["samples"] = 2;
  EXPECT_EQ(error_kind(request_), "bad_request");
}

TEST_F(Protocol, ReadsRawImages) {
  request_["firmware"] = {{"raw", folder_.write("image.bin", "0123456789")}, {"base", "0x08000010"}};
  request_["measure"] = {{"from", "0x08000010"}};
  request_["markers"] = {"0x08000010"};
  request_["profile"] = true;
  const json result = reply(request_);
  ASSERT_TRUE(result.at("ok")) << result;
  EXPECT_EQ(result.at("image"), (json{{"code", 10}, {"constants", 0}, {"data", nullptr}}));
  for (const char *base : {"0x20001000", "0xFFFFFFFF", "start"}) {
    request_["firmware"]["base"] = base;
    EXPECT_FALSE(reply(request_).at("ok")) << base;
  }
  request_["firmware"] = {{"raw", folder_.write("empty.bin", "")}, {"base", 0}};
  EXPECT_EQ(error_kind(request_), "bad_firmware");
}

TEST_F(Protocol, names_the_chips_of_foreign_firmware) {
  const json wrong = json::parse(answer(request_.dump(), EM_AVR, [](const Request &request) { return std::make_unique<ObedientChip>(request); }));
  EXPECT_NE(wrong.at("error").at("message").get<std::string>().find("it is for Arm, the chip is AVR"), std::string::npos);
}

// A file of a megabyte may name the same bytes as thousands of segments.
TEST_F(Protocol, refuses_segments_that_share_bytes_of_the_file) {
  request_["firmware"] = folder_.write("twice.elf", tiny_elf(4));
  EXPECT_EQ(error_kind(request_), "bad_firmware");
}

TEST(FunctionMap, NamesWhatCoversAnAddress) {
  ElfImage image;
  image.machine = EM_ARM;
  const auto add = [&](const char *name, uint32_t address, uint32_t size, bool is_global) {
    image.symbols.insert({name, Symbol{name, address, size, true, is_global}});
  };
  add("local", 0x101, 8, false);
  add("first", 0x101, 8, true);
  add("sizeless", 0x121, 0, true);
  add("overlapping", 0x131, 0x1000, true);
  add("last", 0x141, 0xFFFFFFFF, true);
  image.symbols.insert({"data", Symbol{"data", 0x150, 4, false, true}});
  const FunctionMap map(image);
  ASSERT_EQ(map.size(), 4u);
  EXPECT_EQ(map.name(map.index_of(0x100)), "first");
  EXPECT_EQ(map.name(map.index_of(0x107)), "first");
  EXPECT_EQ(map.index_of(0x108), map.size());
  EXPECT_EQ(map.index_of(0xFF), map.size());
  EXPECT_EQ(map.name(map.index_of(0x12F)), "sizeless");
  EXPECT_EQ(map.name(map.index_of(0x13F)), "overlapping");
  EXPECT_EQ(map.name(map.index_of(0x1000)), "last");
  EXPECT_EQ(FunctionMap(ElfImage{}).index_of(5), 0u);
}

TEST_F(Protocol, ServesManyLinesAndSkipsEmptyOnes) {
  std::istringstream in(request_.dump() + "\n\n{}\nnonsense");
  std::ostringstream out;
  serve(in, out, EM_ARM, [](const Request &request) { return std::make_unique<ObedientChip>(request); });
  std::istringstream lines(out.str());
  std::vector<bool> oks;
  for (std::string line; std::getline(lines, line);) oks.push_back(json::parse(line).at("ok"));
  EXPECT_EQ(oks, (std::vector<bool>{true, false, false}));
}

TEST_F(Protocol, RejectsLinesThatAreNoRequests) {
  for (const char *line : {"x", "{", "[]", "1", "null", "\"text\"", "{}", "{\"firmware\": 3}", "[[[[[[", "{\"a\":\xff}"}) {
    const json result = reply(std::string(line));
    EXPECT_FALSE(result.at("ok")) << line;
    EXPECT_EQ(result.at("error").at("kind"), "bad_request") << line;
  }
  EXPECT_EQ(reply(std::string(17u << 20, ' ')).at("error").at("kind"), "bad_request");
}

TEST_F(Protocol, RejectsEveryMemberOfTheWrongKind) {
  const json wrong_values = {nullptr, -1, 1.5, "no_such_symbol", json::array({json::array()}), json::object({{"x", 1}}), true, UINT64_MAX};
  for (const char *member : {"firmware", "core", "memory", "stop", "measure", "markers", "inputs", "outputs", "samples", "count_samples",
                             "dumps", "instruction_limit", "stack"}) {
    for (const json &value : wrong_values) {
      if (std::string(member) == "core" && value.is_object()) continue;  // the chip's to judge
      json request = request_;
      request[member] = value;
      EXPECT_FALSE(reply(request).at("ok")) << member << " = " << value;
    }
  }
}

TEST_F(Protocol, RejectsWrongPartsOfMembers) {
  const auto with = [&](const char *pointer, const json &value) {
    json request = request_;
    request[json::json_pointer(pointer)] = value;
    return request;
  };
  const json transfer = {{"address", "model"}, {"bytes", 4}, {"file", folder_.file("absent")}};
  EXPECT_EQ(error_kind(with("/memory/0/size", 0)), "bad_request");
  EXPECT_EQ(error_kind(with("/memory/0/base", 0x08000010)), "bad_request");
  json close = with("/memory/0/size", 100);
  close["memory"][1]["base"] = 0x08000000 + 100;
  EXPECT_EQ(error_kind(close), "bad_request");  // on one page
  EXPECT_EQ(error_kind(with("/memory/0/kind", "rom")), "bad_request");
  EXPECT_EQ(error_kind(with("/memory/0/granule", 12)), "bad_request");
  EXPECT_EQ(error_kind(with("/memory/0/wait_state", 5)), "bad_request");  // misspelt
  EXPECT_EQ(error_kind(with("/memory/1/base", 0x08000000)), "bad_request");  // overlap
  EXPECT_EQ(error_kind(with("/memory/1/base", 0xFFFFF000 + 1)), "bad_request");
  EXPECT_EQ(error_kind(with("/memory/0/base", 0x10000000)), "bad_firmware");  // nothing holds the segment
  EXPECT_EQ(error_kind(with("/stop", 0x08000008)), "bad_request");  // where measuring begins
  EXPECT_EQ(error_kind(with("/stop", "start+")), "unknown_symbol");
  EXPECT_EQ(error_kind(with("/stop", "twin")), "unknown_symbol");  // ambiguous
  EXPECT_EQ(error_kind(with("/markers", {"start", 0x08000008})), "bad_request");  // twice the same
  EXPECT_EQ(error_kind(with("/dumps", json::array({{{"at", 1}, {"address", 0x20000000}, {"bytes", 1}}}))), "bad_request");
  EXPECT_EQ(error_kind(with("/dumps", json::array({{{"at", "end"}, {"address", 0x20000FFF}, {"bytes", 2}}}))), "bad_address");
  EXPECT_EQ(error_kind(with("/inputs", json::array({transfer}))), "bad_file");
  EXPECT_EQ(error_kind(with("/outputs", json::array({{{"address", "model"}, {"bytes", 4}, {"file", folder_.file("no/such/folder")}}}))), "bad_file");
  EXPECT_EQ(error_kind(with("/stray", 1)), "bad_request");
  EXPECT_EQ(error_kind(with("/firmware", folder_.file("absent.elf"))), "bad_firmware");
}

TEST_F(Protocol, RejectsAnInputFileThatIsTooShort) {
  request_["inputs"] = {{{"address", "model"}, {"bytes", 4}, {"file", folder_.write("in", "1234567")}}};
  request_["samples"] = 2;
  EXPECT_EQ(error_kind(request_), "bad_file");
}

TEST_F(Protocol, SaysWhichDumpWasNeverTaken) {
  request_["markers"] = {"start", "start+4"};
  request_["dumps"] = {{{"at", 1}, {"address", "model"}, {"bytes", 1}}};
  EXPECT_EQ(error_kind(request_), "marker_not_reached");
}

TEST_F(Protocol, SurvivesDamagedFirmware) {
  const std::string whole = tiny_elf();
  int accepted = 0;
  for (size_t length = 0; length < whole.size(); length += 5) {
    folder_.write("firmware.elf", whole.substr(0, length));
    accepted += reply(request_).at("ok") == true;
  }
  EXPECT_EQ(accepted, 0);
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(~damaged[at]);
    folder_.write("firmware.elf", damaged);
    EXPECT_TRUE(reply(request_).contains("ok"));
  }
}

TEST_F(Protocol, ResolvesAddresses) {
  const ElfImage image = read_elf(folder_.file("firmware.elf"));
  EXPECT_EQ(resolve_address("model", "x", image), 0x20000010u);
  EXPECT_EQ(resolve_address("model+0x10", "x", image), 0x20000020u);
  EXPECT_EQ(resolve_address("model+16", "x", image), 0x20000020u);
  EXPECT_EQ(resolve_address("0x20", "x", image), 0x20u);
  EXPECT_EQ(resolve_address(32u, "x", image), 32u);
  EXPECT_EQ(image.describe(0x0800000A), "start+0x2");
  EXPECT_EQ(image.describe(0x08000008), "start");
  EXPECT_EQ(image.describe(0x08000010), std::nullopt);
}

}  // namespace
}  // namespace whit::sims
