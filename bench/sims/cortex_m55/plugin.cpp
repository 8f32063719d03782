// SPDX-License-Identifier: GPL-2.0-or-later
// The plugin that QEMU loads: it reads a request from the file descriptor that its argument `fd` names, lets QEMU run the
// firmware, writes the reply there, and ends QEMU.
#include <elf.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <thread>

#include "bench/sims/cortex_m55/cortex_m55.hpp"
#include "bench/sims/cortex_m55/plugin_api.hpp"
#include "bench/sims/protocol/server.hpp"

namespace whit::sims {
namespace {

EmulatedCore &core() {
  static EmulatedCore the_core;
  return the_core;
}

// The halves of an instruction; one that goes on in a page that QEMU has not shown to the plugin lacks its second.
struct Halves {
  explicit Halves(const qemu_plugin_insn *instruction) {
    std::memcpy(&first, qemu_plugin_insn_data(instruction), 2);
    if (qemu_plugin_insn_size(instruction) == 4) std::memcpy(&second, static_cast<const uint8_t *>(qemu_plugin_insn_data(instruction)) + 2, 2);
  }
  uint16_t first = 0, second = 0;
};

uint32_t end_of(const qemu_plugin_insn *last) {
  return static_cast<uint32_t>(qemu_plugin_insn_vaddr(last)) + (Halves(last).first >= 0xE800 ? 4 : 2);
}

// Vector loads and stores of halfwords and words, which fault where an element is not aligned; QEMU lets them pass.
bool needs_aligned_elements(Halves code) {
  if ((code.first & 0xEE00) != 0xEC00 || (code.second & 0x0E00) != 0x0E00) return false;
  const bool is_pair_move = (code.first & 0xFFE0) == 0xEC00 && (code.second & 0x1FE0) == 0x0F00;
  const bool widens = (code.second & 0x1000) == 0;
  return !is_pair_move && (widens ? (code.first & 8) != 0 : (code.second & 0x0180) != 0);
}

void before_block(unsigned, void *block) { core().before_block(*static_cast<const TranslatedBlock *>(block)); }

void on_element(unsigned, qemu_plugin_meminfo_t info, uint64_t address, void *pc) {
  core().on_element(static_cast<uint32_t>(address), 1u << qemu_plugin_mem_size_shift(info), static_cast<uint32_t>(reinterpret_cast<uintptr_t>(pc)));
}

void on_access(unsigned, qemu_plugin_meminfo_t info, uint64_t address, void *) {
  core().on_access(qemu_plugin_mem_is_store(info), static_cast<uint32_t>(address), 1u << qemu_plugin_mem_size_shift(info));
}

// Of all accesses, since version 7.2 reports stores to those who ask for loads alone.
void observe_data(qemu_plugin_insn *instruction) {
  if (core().watches_data())
    qemu_plugin_register_vcpu_mem_cb(instruction, on_access, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, nullptr);
  if (needs_aligned_elements(Halves(instruction)))
    qemu_plugin_register_vcpu_mem_cb(instruction, on_element, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW,
                                     reinterpret_cast<void *>(static_cast<uintptr_t>(qemu_plugin_insn_vaddr(instruction))));
}

void on_translation(qemu_plugin_id_t, qemu_plugin_tb *translated) {
  static std::deque<TranslatedBlock> blocks;  // addresses stay
  const size_t count = qemu_plugin_tb_n_insns(translated);
  TranslatedBlock &block = blocks.emplace_back();
  block.begin = static_cast<uint32_t>(qemu_plugin_tb_vaddr(translated));
  block.end = end_of(qemu_plugin_tb_get_insn(translated, count - 1));
  block.instructions = static_cast<uint32_t>(count);
  qemu_plugin_register_vcpu_tb_exec_cb(translated, before_block, QEMU_PLUGIN_CB_R_REGS, &block);
  for (size_t i = 0; i < count; ++i) observe_data(qemu_plugin_tb_get_insn(translated, i));
}

std::string read_line(int fd) {
  std::string line;
  for (char c = 0; read(fd, &c, 1) == 1 && c != '\n';) line.push_back(c);
  return line;
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

void serve_one(int fd) {
  core().wait_for_power();
  write_all(fd, answer(read_line(fd), EM_ARM, [](const Request &request) { return make_cortex_m55(request, core()); }) + "\n");
  _exit(0);  // QEMU's own thread stands still in the middle of a block
}

}  // namespace
}  // namespace whit::sims

extern "C" {

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *, int argc, char **argv) {
  if (argc != 1 || std::strncmp(argv[0], "fd=", 3) != 0) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, whit::sims::on_translation);
  qemu_plugin_register_vcpu_idle_cb(id, [](qemu_plugin_id_t, unsigned) { whit::sims::core().on_idle(); });
  std::thread(whit::sims::serve_one, std::atoi(argv[0] + 3)).detach();
  return 0;
}

}
