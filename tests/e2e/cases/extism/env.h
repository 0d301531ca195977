#include "service.h"

#define KERNEL(name) IMPORT("extism:host/env", name)
KERNEL("alloc") uint64_t block_alloc(uint64_t bytes);
KERNEL("load_u8") uint32_t load_u8(uint64_t at);
KERNEL("store_u8") void store_u8(uint64_t at, uint32_t byte);
KERNEL("input_set") void input_set(uint64_t at, uint64_t bytes);
KERNEL("input_length") uint64_t input_length(void);
KERNEL("input_load_u8") uint32_t input_load_u8(uint64_t offset);
KERNEL("output_set") void output_set(uint64_t at, uint64_t bytes);
KERNEL("output_offset") uint64_t output_offset(void);
KERNEL("output_length") uint64_t output_length(void);

static inline uint64_t block_of(const char* text) {
  uint64_t block = block_alloc(strlen(text));
  for (uint64_t i = 0; text[i]; i++)
    store_u8(block + i, (uint8_t)text[i]);
  return block;
}
