#include "fail.h"

#include "wasi.h"

namespace gojs {

namespace {

// Allocates nothing: memory may be what has run out.
[[noreturn]] void end(const Text* parts, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    writeAll(2, parts[i]);
  }
  writeAll(2, "\n");
  __wasi_proc_exit(exitFailed);
}

} // namespace

void needsJavaScript(Text property, Text object) {
  Text parts[] = {"go program needs JavaScript: ", property, " on ", object};
  end(parts, 4);
}

void fail(Text what, Text detail) {
  Text parts[] = {"gojs runtime: ", what, detail};
  end(parts, 3);
}

} // namespace gojs
