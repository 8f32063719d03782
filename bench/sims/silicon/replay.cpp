// SPDX-License-Identifier: GPL-2.0-or-later
// Two engines as in unicorn_chip.cpp: one until the timer is first read, one that counts. Interrupts are calls of their
// handlers between two slices of the main program: ticks for delays, the UART's for each byte received.
#include "bench/sims/silicon/replay.hpp"

#include <fmt/format.h>

#include "bench/sims/unicorn/engine.hpp"
#include "bench/sims/unicorn/observer.hpp"

namespace whit::sims {
namespace {

constexpr uint32_t tick_vector = 15;
constexpr uint32_t blocks_a_tick = 5000;
constexpr uint32_t blocks_a_byte = 100;
constexpr uint32_t most_slices = 400'000;
constexpr uint32_t most_slices_in_silence = 2'000;
constexpr uint64_t allowance_of_an_inference = 1'000'000'000;
constexpr uint64_t least_of_an_inference = 1000;  // the first read of the timer is seen by both engines
constexpr uint32_t return_address = 0x20000000;  // never run: where interrupt handlers return to
constexpr size_t bytes_a_line = 30;              // as the benchmark's runner sends them

uint32_t word_at(MemoryMap &memory, uint32_t address) {
  uint32_t word = 0;
  for (uint32_t i = 0; i < 4; ++i) word |= uint32_t{memory.at(address + i, 1)[0]} << (8 * i);
  return word;
}

ElfImage as_firmware(const std::vector<uint8_t> &image, uint32_t base) {
  ElfImage firmware;
  firmware.segments.push_back({base, image});
  return firmware;
}

class Replay {
 public:
  Replay(const ReplayChip &chip, const std::vector<uint8_t> &image)
      : chip_(chip), memory_(chip.memory, as_firmware(image, chip.memory.at(0).base)), none_({}, ElfImage{}),
        peripherals_(chip.peripherals), fast_(chip.machine, memory_, none_), counting_(chip.machine, memory_, none_),
        observer_(counting_, memory_, chip.machine, request_) {
    request_.memory = chip.memory;
    for (Engine *engine : {&fast_, &counting_}) {
      for (const IoRange &range : io_ranges) engine->map_registers(range.base, range.bytes, range.read, range.write, &peripherals_);
      engine->alias(0, memory_.at(flash_base(), chip.memory[0].size));
    }
    fast_.add_hook(UC_HOOK_BLOCK, reinterpret_cast<void *>(slice_hook), this);
    chip.machine.reset(fast_, memory_, flash_base());
  }

  Counts run(uint32_t input_bytes) {
    command("name");
    command(fmt::format("db load {}", input_bytes));
    load(input_bytes);
    peripherals_.on_timer_read = [&] {
      at_timer_ = true;
      fast_.stop();
    };
    send("infer 1 1%");
    while (!at_timer_) slice();
    return measure();
  }

 private:
  struct IoRange {
    uint32_t base, bytes;
    Engine::ReadRegister read;
    Engine::WriteRegister write;
  };

  template <uint32_t base>
  static uint64_t read(uc_engine *, uint64_t offset, unsigned size, void *user) {
    return static_cast<BoardPeripherals *>(user)->read(base + static_cast<uint32_t>(offset), size);
  }
  template <uint32_t base>
  static void write(uc_engine *, uint64_t offset, unsigned size, uint64_t value, void *user) {
    static_cast<BoardPeripherals *>(user)->write(base + static_cast<uint32_t>(offset), static_cast<uint32_t>(value), size);
  }
  static constexpr IoRange io_ranges[] = {{0x40000000, 0x20000000, read<0x40000000>, write<0x40000000>},
                                          {0xE0000000, 0x100000, read<0xE0000000>, write<0xE0000000>}};

  static void slice_hook(uc_engine *, uint64_t, uint32_t, void *user) {
    auto &replay = *static_cast<Replay *>(user);
    if (!replay.in_handler_ && ++replay.blocks_ % replay.blocks_a_slice() == 0) replay.fast_.stop();
  }

  uint32_t blocks_a_slice() const { return peripherals_.has_received() ? blocks_a_byte : blocks_a_tick; }
  uint32_t flash_base() const { return chip_.memory[0].base; }

  void slice() {
    silence_ = peripherals_.has_received() ? 0 : silence_ + 1;
    if (++slices_ > most_slices || silence_ > most_slices_in_silence) 
      throw SimError("instruction_limit", fmt::format("the firmware does not come to its inference; it read {:#x} last, and sent: {}",
                                                      peripherals_.last_address(), log_), fast_.pc());
    fast_.run_on();
    if (at_timer_) return;
    if (peripherals_.has_received()) {
      interrupt(chip_.peripherals.uart_vector);
    } else {
      interrupt(tick_vector);
    }
    log_ += peripherals_.take_sent();
  }

  // Calls a handler, and comes back with all registers as they were; unless the inference runs in the handler itself.
  void interrupt(uint32_t vector) {
    const uint32_t handler = word_at(memory_, flash_base() + 4 * vector);
    if (handler == 0) return;
    const Registers before = fast_.registers();
    fast_.write(UC_ARM_REG_SP, fast_.read(UC_ARM_REG_SP) - 256);
    fast_.write(UC_ARM_REG_LR, return_address | 1);
    fast_.write(UC_ARM_REG_PC, handler);
    in_handler_ = true;
    fast_.run_to(return_address);
    in_handler_ = false;
    if (!at_timer_) fast_.set_registers(before);
  }

  void send(const std::string &text) {
    for (const char c : text) {
      peripherals_.receive(static_cast<uint8_t>(c));
      while (peripherals_.has_received() && !at_timer_) slice();
    }
  }

  // A command, once the firmware has answered the one before.
  void command(const std::string &text) {
    while (log_.find("m-ready") == std::string::npos) slice();
    log_.clear();
    send(text + "%");
  }

  void load(uint32_t bytes) {
    uint32_t noise = 0x12345678;
    for (uint32_t at = 0; at < bytes; at += bytes_a_line) {
      std::string line = "db ";
      for (uint32_t i = at; i < std::min<uint32_t>(at + bytes_a_line, bytes); ++i) {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        line += fmt::format("{:02x}", noise >> 24);
      }
      command(line);
    }
    while (log_.find("m-ready") == std::string::npos) slice();
  }

  Counts measure() {
    uint64_t allowance = allowance_of_an_inference;
    peripherals_.on_timer_read = [&] {
      if (allowance + least_of_an_inference < allowance_of_an_inference) counting_.stop();
    };
    counting_.set_registers(fast_.registers());
    return observer_.run_on(allowance).unmarked;
  }

  const ReplayChip &chip_;
  MemoryMap memory_;
  MemoryMap none_;
  BoardPeripherals peripherals_;
  Engine fast_;
  Engine counting_;
  Request request_;
  Observer observer_;
  std::string log_;
  uint32_t slices_ = 0;
  uint32_t silence_ = 0;  // slices since a byte was waiting
  uint64_t blocks_ = 0;
  bool in_handler_ = false;
  bool at_timer_ = false;  // where measuring begins
};

}  // namespace

Counts replay(const ReplayChip &chip, const std::vector<uint8_t> &image, uint32_t input_bytes) {
  return Replay(chip, image).run(input_bytes);
}

}  // namespace whit::sims
