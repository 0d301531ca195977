#include "descriptors.h"

// The first time it does all the work; the second time it finds what it left.
EXPORT("work_") SERVICE_CALL(serve) {
  if (req[0] == '1') {
    work("b");
  } else {
    __wasi_fd_t folder = data_folder();
    int second = __wasi_fd_close(folder + 2), first = __wasi_fd_close(folder + 1);
    printf("b: what it left %d %d\n", first, second);
    printf("b: now open %d\n", open_file(folder, "a.txt", 0) - (int)folder - 1);
    fflush(stdout);
  }
  REPLY_TEXT("%c", req[0]);
}
