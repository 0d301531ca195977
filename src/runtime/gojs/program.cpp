#include "program.h"

#include "runtime.h"

namespace gojs {

Slice checkedSlice(uint64_t start, uint64_t size, Text what) {
  uint64_t memory = program::memoryBytes();
  if (size > memory || start > memory - size) {
    fail("the program passes bytes outside of its memory to ", what);
  }
  return {Address(start), uint32_t(size)};
}

ProgramText::ProgramText(Slice from)
  : text(from.size <= sizeof inPlace ? inPlace : static_cast<char*>(allocate(from.size))), size(from.size) {
  program::read(text, from.start, from.size);
}

ProgramText::~ProgramText() {
  if (text != inPlace) {
    release(text);
  }
}

} // namespace gojs
