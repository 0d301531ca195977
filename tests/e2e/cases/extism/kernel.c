// What plugins of Extism import, over a memory of its own: offsets are i64, and no address of a plugin's is among them.
// Source: extism/extism, kernel/src/lib.rs at 7230657: alloc at 360, length at 421, load_u8 at 435, input_load_u8 at
// 455, store_u8 at 477, input_set at 501, output_set at 517, input_length at 531, output_length at 543,
// output_offset at 549.
#include "service.h"

static char blocks[1 << 16];
static uint64_t top = 16, input, input_size, output, output_size;

EXPORT("alloc") uint64_t block_alloc(uint64_t bytes) {
  uint64_t start = top;
  top += bytes;
  return bytes ? start : 0;
}
EXPORT("load_u8") uint32_t load_u8(uint64_t at) { return (uint8_t)blocks[at]; }
EXPORT("store_u8") void store_u8(uint64_t at, uint32_t byte) { blocks[at] = (char)byte; }
EXPORT("input_set") void input_set(uint64_t at, uint64_t bytes) { input = at, input_size = bytes; }
EXPORT("input_length") uint64_t input_length(void) { return input_size; }
EXPORT("input_load_u8") uint32_t input_load_u8(uint64_t offset) { return (uint8_t)blocks[input + offset]; }
EXPORT("output_set") void output_set(uint64_t at, uint64_t bytes) { output = at, output_size = bytes; }
EXPORT("output_offset") uint64_t output_offset(void) { return output; }
EXPORT("output_length") uint64_t output_length(void) { return output_size; }
