#include "fail.h"

#include "wasi.h"

namespace runtime {

// This must not allocate, since memory may be exhausted.
void endWith(const Text* parts, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    writeAll(2, parts[i]);
  }
  writeAll(2, "\n");
  __wasi_proc_exit(exitFailed);
}

void fail(Text what, Text detail) {
  Text parts[] = {failPrefix(), what, detail};
  endWith(parts, 3);
}

} // namespace runtime
