// SPDX-License-Identifier: Apache-2.0
// Where asm kernels keep values that find no place in the 14 core registers: in the caller-saved FPU registers (one
// cycle each way), or on the stack of a core without FPU. Slots 0 to 15; a kernel brackets their use with
// WHIT_KEEP_ENTER and WHIT_KEEP_LEAVE and does not move the stack pointer in between.
#ifndef WHIT_DEVICE_CORE_KEEP_DSP_HPP
#define WHIT_DEVICE_CORE_KEEP_DSP_HPP

#include "device/core/core.hpp"

#if defined(__ARM_FP)
#define WHIT_KEEP_ENTER ""
#define WHIT_KEEP_LEAVE ""
#define WHIT_KEEP(slot, from) "vmov s" #slot ", " #from "\n"
#define WHIT_RECALL(into, slot) "vmov " #into ", s" #slot "\n"
#else
#define WHIT_KEEP_ENTER "sub sp, sp, #64\n"
#define WHIT_KEEP_LEAVE "add sp, sp, #64\n"
#define WHIT_KEEP(slot, from) "str " #from ", [sp, #(4*" #slot ")]\n"
#define WHIT_RECALL(into, slot) "ldr " #into ", [sp, #(4*" #slot ")]\n"
#endif

#endif
