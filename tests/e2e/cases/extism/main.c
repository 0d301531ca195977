#include "env.h"

IMPORT("plugin", "count_vowels") int32_t count_vowels(void);

static void call(const char* text) {
  input_set(block_of(text), strlen(text));
  printf("%d ", (int)count_vowels());
  for (uint64_t i = 0; i < output_length(); i++)
    putchar((int)load_u8(output_offset() + i));
  putchar('\n');
}

int main(void) {
  call("Hello, World!");
  call("");
}
