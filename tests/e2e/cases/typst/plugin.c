#include "service.h"

#define PROTOCOL(name) IMPORT("typst_env", "wasm_minimal_protocol_" name)
PROTOCOL("write_args_to_buffer") void write_args(char* buffer);
PROTOCOL("send_result_to_host") void send_result(const char* bytes, uint32_t length);

EXPORT("concatenate") int32_t concatenate(uint32_t a, uint32_t b) {
  char* buffer = malloc(a + b + 1);
  write_args(buffer);
  memmove(buffer + a + 1, buffer + a, b);
  buffer[a] = '*';
  send_result(buffer, a + b + 1);
  free(buffer);
  return 0;
}

EXPORT("refuse") int32_t refuse(uint32_t a) {
  char buffer[16], text[64];
  write_args(buffer);
  send_result(text, (uint32_t)snprintf(text, sizeof text, "refused: %.*s", (int)a, buffer));
  return 1;
}
