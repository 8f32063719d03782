// SPDX-License-Identifier: GPL-2.0-or-later
// What the plugin uses of QEMU, declared here since Debian packages no header for it.
//
// First the plugin interface, version 1 (QEMU 7.2, documented under "TCG Plugins"). It lets a plugin see each block of
// instructions before it runs, and data accesses, but neither registers nor memory. For those, five more functions that
// the program exports: what its debugger interface uses. They are no promise of QEMU's, so the launcher asks for
// version 7.2 (docs/decisions says why they are used all the same).
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

using qemu_plugin_id_t = uint64_t;
using qemu_plugin_meminfo_t = uint32_t;
struct qemu_info_t;
struct qemu_plugin_tb;    // a block as QEMU translated it
struct qemu_plugin_insn;

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_CB_R_REGS, QEMU_PLUGIN_CB_RW_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_R = 1, QEMU_PLUGIN_MEM_W, QEMU_PLUGIN_MEM_RW };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(qemu_plugin_tb *, void (*)(unsigned vcpu, void *user), qemu_plugin_cb_flags, void *user);
void qemu_plugin_register_vcpu_mem_cb(qemu_plugin_insn *, void (*)(unsigned vcpu, qemu_plugin_meminfo_t, uint64_t address, void *user),
                                      qemu_plugin_cb_flags, qemu_plugin_mem_rw, void *user);
void qemu_plugin_register_vcpu_idle_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, unsigned vcpu));
size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb *);
uint64_t qemu_plugin_tb_vaddr(const qemu_plugin_tb *);
qemu_plugin_insn *qemu_plugin_tb_get_insn(const qemu_plugin_tb *, size_t index);
uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn *);
const void *qemu_plugin_insn_data(const qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const qemu_plugin_insn *);
unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t);  // of the access: 1 << this bytes
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t);

// Beyond the plugin interface.
struct CPUState;
struct AddressSpace;
struct GByteArray {
  uint8_t *data;
  unsigned len;
};
CPUState *qemu_get_cpu(int index);
AddressSpace *cpu_get_address_space(CPUState *, int index);
// `attributes` is a structure of 32 bits of flags; 1 is "none given". Null, or a shorter `*bytes`, where that is no memory.
void *address_space_map(AddressSpace *, uint64_t address, uint64_t *bytes, bool is_write, uint32_t attributes);
int arm_cpu_gdb_read_register(CPUState *, GByteArray *append_to, int number);
GByteArray *g_byte_array_new();
GByteArray *g_byte_array_set_size(GByteArray *, unsigned);

}  // extern "C"
