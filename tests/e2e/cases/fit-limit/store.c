#include "service.h"

IMPORT("sum", "add_") SERVICE_CALL(add);

enum { BLOCK = 1 << 20, MOST = 64 };
static uint32_t* blocks[MOST];
static int count;

// The first call takes blocks until there are no more, the others find them as they were left.
EXPORT("fill_") SERVICE_CALL(fill) {
  if (count == 0) {
    size_t before = __builtin_wasm_memory_size(0);
    for (; count < MOST && (blocks[count] = malloc(BLOCK)); count++) {
      for (uint32_t i = 0; i < BLOCK / 4; i++) blocks[count][i] = (uint32_t)count * i;
    }
    CHECK(count > 16 && count < 32);
    size_t after = __builtin_wasm_memory_size(0);
    CHECK(after - before >= (size_t)(count - 1) * (BLOCK >> 16) && after <= 512);
    CHECK(__builtin_wasm_memory_grow(0, 32) == (size_t)-1 && __builtin_wasm_memory_size(0) == after);
    free(blocks[--count]);
    printf("filled\n");
  }
  for (int b = 0; b < count; b++)
    for (uint32_t i = 0; i < BLOCK / 4; i++)
      if (blocks[b][i] != (uint32_t)b * i)
        REPLY_TEXT("block %d has changed", b);
  // The request is still there, and so is that of a call of its own.
  uint8_t inner[CAPACITY];
  uint64_t result = add(req_len, req, inner, err);
  CHECK(length_of(result) == req_len);
  for (uint32_t i = 0; i < req_len; i++) out[i] = inner[i] + 1;
  return reply(out, req_len);
}
