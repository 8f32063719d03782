// SPDX-License-Identifier: Apache-2.0
// The words every kernel is written in: where constants lie, how they are read, how parameters are declared.
//
// Freestanding C++11. On AVR, constants stay in program memory and are read through `load`; everywhere else `load` is
// a plain read that costs nothing. Constants that are read like data lie in data memory, in a section of their own:
// GCC makes equal constants one, in whichever memory, unless their sections tell them apart.
#ifndef WHIT_DEVICE_CORE_CORE_HPP
#define WHIT_DEVICE_CORE_CORE_HPP

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Products and sums of floats round separately on every chip, whatever the flags: a fused multiply-add would give other
// bits where the hardware has one.
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__) && defined(__FP_FAST_FMAF) && !defined(WHIT_HOST)
#pragma GCC optimize("fp-contract=off")
#endif

#if defined(__AVR__)
#include <avr/pgmspace.h>
#define WHIT_CONSTANT PROGMEM
#define WHIT_DATA_CONSTANT __attribute__((section(".rodata.whit")))
#else
#define WHIT_CONSTANT
#define WHIT_DATA_CONSTANT
#endif

// A kernel: one copy in the image, private to the model's own source file, so that several models never clash.
#if defined(__GNUC__) || defined(__clang__)
#define WHIT_KERNEL static __attribute__((noinline, unused))
#define WHIT_INLINE static inline __attribute__((always_inline, unused))
#else
#define WHIT_KERNEL static
#define WHIT_INLINE static inline
#endif

// A layer of a model: keeps a symbol of its own in the image, by which simulators and debuggers find it.
#if defined(__GNUC__) && !defined(__clang__)
#define WHIT_LAYER static __attribute__((noinline, noclone))
#elif defined(__clang__)
#define WHIT_LAYER static __attribute__((noinline))
#else
#define WHIT_LAYER static
#endif

// Parameters of a kernel: a plain struct declared from one list of FIELD(type, name). On the host the same list also
// gives names to the printer (`each_field`), so the two cannot drift apart.
#define WHIT_DECLARE_FIELD(type, name) type name;
#if defined(WHIT_HOST)
#define WHIT_VISIT_FIELD(type, name) visitor(#name, name);
#define WHIT_PARAMETERS(Name, FIELDS)                                \
  struct Name {                                                      \
    FIELDS(WHIT_DECLARE_FIELD)                                       \
    static const char *type_name() { return #Name; }                 \
    template <typename Visitor> void each_field(Visitor visitor) const { FIELDS(WHIT_VISIT_FIELD) } \
  };
#else
#define WHIT_PARAMETERS(Name, FIELDS) \
  struct Name {                       \
    FIELDS(WHIT_DECLARE_FIELD)        \
  };
#endif

// Makes the parameters readable under `name`: a copy on the stack where constants lie in program memory, the constant
// itself elsewhere.
#if defined(__AVR__)
#define WHIT_LOAD_PARAMETERS(Type, name, pointer) \
  Type name;                                      \
  memcpy_P(&name, pointer, sizeof name)
#else
#define WHIT_LOAD_PARAMETERS(Type, name, pointer) const Type &name = *(pointer)
#endif

namespace whit {

#if defined(__AVR__)
WHIT_INLINE int8_t load(const int8_t *constant) { return static_cast<int8_t>(pgm_read_byte(constant)); }
WHIT_INLINE uint8_t load(const uint8_t *constant) { return pgm_read_byte(constant); }
WHIT_INLINE int16_t load(const int16_t *constant) { return static_cast<int16_t>(pgm_read_word(constant)); }
WHIT_INLINE uint16_t load(const uint16_t *constant) { return pgm_read_word(constant); }
WHIT_INLINE int32_t load(const int32_t *constant) { return static_cast<int32_t>(pgm_read_dword(constant)); }
WHIT_INLINE int64_t load(const int64_t *constant) {
  int64_t value;
  memcpy_P(&value, constant, sizeof value);
  return value;
}
WHIT_INLINE float load(const float *constant) { return pgm_read_float(constant); }
#else
template <typename T>
WHIT_INLINE T load(const T *constant) {
  return *constant;
}
#endif

// Working memory that becomes whatever pointer the kernel asks for.
struct Scratch {
  explicit Scratch(void *memory) : memory_(memory) {}
  template <typename T>
  operator T *() const {
    return static_cast<T *>(memory_);
  }

 private:
  void *memory_;
};

}  // namespace whit

#endif
