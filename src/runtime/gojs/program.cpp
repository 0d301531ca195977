#include "program.h"

#include "runtime.h"
#include "utf8.h"

namespace gojs {

Slice checkedSlice(uint64_t start, uint64_t size, Text what) {
  uint64_t memory = program::memoryBytes();
  if (size > memory || start > memory - size) {
    fail("the program passes bytes outside of its memory to ", what);
  }
  return {Address(start), uint32_t(size)};
}

ProgramText::ProgramText(Slice from) {
  char* to = from.size <= sizeof inPlace ? inPlace : more.extend(from.size);
  program::read(to, from.start, from.size);
  text = withoutMark({to, from.size});
  if (!isUtf8(text)) {
    Characters decoded;
    decodeUtf8(decoded, text);
    more = static_cast<Characters&&>(decoded);
    text = more;
  }
}

} // namespace gojs
