// The few functions of libc that the compiler's code or our own calls. The versions of wasi-libc are unrolled, which
// pays on other machines, and have four times the size. This file is compiled without -flto, since the linker may need
// the functions after its optimisation.

#include <stddef.h>
#include <stdint.h>

namespace {

// wasm needs no alignment, and an access of eight bytes is as fast as one of one byte.
using Word __attribute__((may_alias, aligned(1))) = uint64_t;

// Engines that check each access, as wazero does, check no other one at a lower address of the same 32 bytes. So the
// highest comes first.
constexpr size_t stride = 32;

[[gnu::always_inline]] inline uint64_t wordAt(const void* from, size_t place) {
  return *reinterpret_cast<const Word*>(static_cast<const char*>(from) + place);
}

[[gnu::always_inline]] inline void setWordAt(void* to, size_t place, uint64_t word) {
  *reinterpret_cast<Word*>(static_cast<char*>(to) + place) = word;
}

} // namespace

extern "C" {

void* memcpy(void* __restrict to, const void* __restrict from, size_t size) {
  auto* target = static_cast<char*>(to);
  auto* source = static_cast<const char*>(from);
  if (size < 8) {
    for (; size; size--) {
      *target++ = *source++;
    }
    return to;
  }
  // The last word may overlap the one before it.
  char* lastOfTarget = target + size - 8;
  const char* lastOfSource = source + size - 8;
  for (; size >= stride; size -= stride, target += stride, source += stride) {
    auto fourth = wordAt(source, 24), third = wordAt(source, 16), second = wordAt(source, 8), first = wordAt(source, 0);
    setWordAt(target, 24, fourth);
    setWordAt(target, 16, third);
    setWordAt(target, 8, second);
    setWordAt(target, 0, first);
  }
  for (; target < lastOfTarget; target += 8, source += 8) {
    setWordAt(target, 0, wordAt(source, 0));
  }
  setWordAt(lastOfTarget, 0, wordAt(lastOfSource, 0));
  return to;
}

void* memmove(void* to, const void* from, size_t size) {
  auto* target = static_cast<char*>(to);
  auto* source = static_cast<const char*>(from);
  if (uintptr_t(target) - uintptr_t(source) >= size) {
    for (; size >= 8; size -= 8, target += 8, source += 8) {
      *reinterpret_cast<Word*>(target) = *reinterpret_cast<const Word*>(source);
    }
    for (; size; size--) {
      *target++ = *source++;
    }
    return to;
  }
  while (size >= 8) {
    size -= 8;
    *reinterpret_cast<Word*>(target + size) = *reinterpret_cast<const Word*>(source + size);
  }
  while (size) {
    size--;
    target[size] = source[size];
  }
  return to;
}

void* memset(void* to, int byte, size_t size) {
  auto* target = static_cast<char*>(to);
  uint64_t word = uint8_t(byte) * uint64_t(0x0101010101010101);
  for (; size >= 8; size -= 8, target += 8) {
    *reinterpret_cast<Word*>(target) = word;
  }
  for (; size; size--) {
    *target++ = char(byte);
  }
  return to;
}

int memcmp(const void* a, const void* b, size_t size) {
  auto* left = static_cast<const uint8_t*>(a);
  auto* right = static_cast<const uint8_t*>(b);
  // Equal words are passed over; the bytes of the first other one decide.
  for (; size >= stride; size -= stride, left += stride, right += stride) {
    auto differ = (wordAt(left, 24) ^ wordAt(right, 24)) | (wordAt(left, 16) ^ wordAt(right, 16)) |
                  (wordAt(left, 8) ^ wordAt(right, 8)) | (wordAt(left, 0) ^ wordAt(right, 0));
    if (differ) {
      break;
    }
  }
  for (; size >= 8; size -= 8, left += 8, right += 8) {
    if (*reinterpret_cast<const Word*>(left) != *reinterpret_cast<const Word*>(right)) {
      break;
    }
  }
  for (; size; size--, left++, right++) {
    if (*left != *right) {
      return *left < *right ? -1 : 1;
    }
  }
  return 0;
}

void* memchr(const void* in, int byte, size_t size) {
  auto* at = static_cast<const uint8_t*>(in);
  for (; size; size--, at++) {
    if (*at == uint8_t(byte)) {
      return const_cast<uint8_t*>(at);
    }
  }
  return nullptr;
}

size_t strlen(const char* text) {
  size_t size = 0;
  while (text[size]) {
    size++;
  }
  return size;
}
}
