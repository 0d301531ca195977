#include "service.h"

enum { BLOCKS = 100, BLOCK = 1 << 20 };
static uint32_t* blocks[BLOCKS];

static int finish(uint32_t req_len, const uint8_t* req, uint8_t* out, int32_t* err);

// The first call fills 100 MiB that it did not have, the second finds them as it left them.
EXPORT("grow_") SERVICE_CALL(grow) {
  static int again;
  size_t before = __builtin_wasm_memory_size(0);
  for (uint32_t b = 0; b < BLOCKS; b++) {
    if (!again)
      blocks[b] = malloc(BLOCK);
    CHECK(blocks[b] != NULL);
    for (uint32_t i = 0; i < BLOCK / 4; i++) {
      if (!again)
        blocks[b][i] = b * i;
      else if (blocks[b][i] != b * i)
        return reply(out, 0);
    }
  }
  size_t grown = __builtin_wasm_memory_size(0) - before;
  CHECK(again ? grown == 0 : grown >= BLOCKS * (BLOCK >> 16));
  again = 1;
  CHECK(finish(req_len, req, out, err));
  return reply(out, req_len);
}
