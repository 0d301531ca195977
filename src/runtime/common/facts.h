// Reads what the world says of itself to a module: numbers and texts one after the other, little endian and unaligned.
// src/ir/written_bytes.h writes them.

#ifndef parigot_runtime_common_facts_h
#define parigot_runtime_common_facts_h

#include "fail.h"
#include "text.h"

namespace runtime {

[[noreturn]] inline void failOfFacts() { fail("internal error: the facts of the world are too short"); }

// Takes a number from the front of `bytes`. Ends the program if there are too few.
template<typename T> T take(Text& bytes) {
  T value{};
  if (bytes.size < sizeof value) {
    failOfFacts();
  }
  memcpy(&value, bytes.data, sizeof value);
  bytes = bytes.from(sizeof value);
  return value;
}

// Takes a text from the front of `bytes`: its size as a u32, and its bytes. The result lies in `bytes`.
inline Text takeText(Text& bytes) {
  auto size = take<uint32_t>(bytes);
  if (size > bytes.size) {
    failOfFacts();
  }
  Text text{bytes.data, size};
  bytes = bytes.from(size);
  return text;
}

} // namespace runtime

#endif // parigot_runtime_common_facts_h
