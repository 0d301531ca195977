#include "env.h"

EXPORT("count_vowels") int32_t count_vowels(void) {
  int count = 0;
  for (uint64_t i = 0; i < input_length(); i++)
    count += strchr("aeiouAEIOU", (int)input_load_u8(i)) != 0;
  char text[64];
  int length = snprintf(text, sizeof text, "{\"count\": %d}", count);
  output_set(block_of(text), (uint64_t)length);
  return 0;
}
