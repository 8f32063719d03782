// SPDX-License-Identifier: Apache-2.0
#include "bench/link_script.hpp"

#include "compiler/base/error.hpp"
#include "compiler/base/text_writer.hpp"

namespace whit {

namespace {

constexpr uint64_t generous = 0x04000000;  // 64 MB: overflow is reported from the map, with figures

}  // namespace

std::string link_script(const Target &target) {
  const Memory *flash = target.memory(MemoryKind::flash);
  const Memory *ram = target.memory(MemoryKind::ram);
  internal_check(flash != nullptr && ram != nullptr, "{} has no flash or no RAM", target.name);
  TextWriter out;
  out.line("ENTRY(bench_reset)");
  out.line("MEMORY {{");
  out.line("  flash (rx) : ORIGIN = {:#x}, LENGTH = {:#x}", flash->base, generous);
  out.line("  ram (rwx) : ORIGIN = {:#x}, LENGTH = {:#x}", ram->base, generous);
  out.line("}}");
  out.line("SECTIONS {{");
  out.line("  .text : {{ KEEP(*(.vectors)) *(.text .text.*) }} > flash");
  out.line("  .rodata : {{ . = ALIGN(8); *(.rodata .rodata.* .srodata .srodata.*) . = ALIGN(4); }} > flash");
  out.line("  .ARM.exidx : {{ *(.ARM.exidx*) }} > flash");
  out.line("  bench_data_load = LOADADDR(.data);");
  out.line("  .data : ALIGN(8) {{ bench_data_begin = .; __global_pointer$ = . + 0x800; *(.data .data.* .sdata .sdata.*) . = ALIGN(4); bench_data_end = .; }} > ram AT > flash");
  out.line("  .bss (NOLOAD) : ALIGN(8) {{ bench_zero_begin = .; *(.sbss .sbss.* .bss .bss.* COMMON) . = ALIGN(4); bench_zero_end = .; }} > ram");
  out.line("  bench_stack_top = {:#x};", ram->base + ram->size);
  out.line("  /DISCARD/ : {{ *(.comment .ARM.attributes .note*) }}");
  out.line("}}");
  return out.text();
}

}  // namespace whit
