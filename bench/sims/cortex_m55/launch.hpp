// SPDX-License-Identifier: GPL-2.0-or-later
// Starts QEMU with the counting plugin for one request.
#pragma once

#include <string>

namespace whit::sims {

// One line of request to one line of reply, without newlines. Whatever goes wrong becomes a reply. `plugin` is the
// path of the plugin's shared library, `emulator` the name or path of QEMU's program.
std::string ask_qemu(const std::string &line, const std::string &plugin, const std::string &emulator = "qemu-system-arm");

}  // namespace whit::sims
